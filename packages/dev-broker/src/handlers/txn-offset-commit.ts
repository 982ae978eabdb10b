import { errorCode, type ErrorName } from '@sluice/protocol';
import { TxnOffsetCommitRequest } from '@sluice/protocol/gen/txn-offset-commit-request';
import { TxnOffsetCommitResponse } from '@sluice/protocol/gen/txn-offset-commit-response';
import type { CommittedOffset } from '../groups/committed-offset.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { checkOffset } from './offset-check.ts';

/** TxnOffsetCommit: offsets that become a group's when the transaction commits. */
export const txnOffsetCommit = bindHandler({
  request: TxnOffsetCommitRequest,
  response: TxnOffsetCommitResponse,
  async handle(request, { services }) {
    const checked = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => checkOffset(name, undefined, partition, services)),
    }));
    const offsets = checked.flatMap(({ partitions }) =>
      partitions.flatMap(({ offset }) => offset ?? []),
    );
    const error = await commit(request, offsets, services);
    return {
      throttleTimeMs: 0,
      topics: checked.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, code }) => ({
          partitionIndex,
          errorCode: error === 'NONE' ? code : errorCode(error),
        })),
      })),
    };
  },
});

async function commit(
  request: TxnOffsetCommitRequest,
  offsets: readonly CommittedOffset[],
  { groups, transactions }: BrokerServices,
): Promise<ErrorName> {
  const { transactionalId, groupId, producerId, producerEpoch: epoch } = request;
  if (groupId === '') return 'INVALID_GROUP_ID';
  try {
    const member = { memberId: request.memberId, instanceId: request.groupInstanceId };
    const event = { type: 'commit' as const, ...member, generation: request.generationId };
    const { error } = await groups.commit(groupId, { ...event, isTransactional: true }, []);
    if (error !== 'NONE') return error;
    const producer = { producerId, epoch };
    const told = await transactions.commitOffsets(transactionalId, producer, groupId, offsets);
    // This API knows the older word only.
    return told === 'PRODUCER_FENCED' ? 'INVALID_PRODUCER_EPOCH' : told;
  } catch (error) {
    if (error instanceof BrokerError) return error.code;
    throw error;
  }
}
