import { errorCode, type ErrorName } from '@sluice/protocol';
import { OffsetCommitRequest } from '@sluice/protocol/gen/offset-commit-request';
import { OffsetCommitResponse } from '@sluice/protocol/gen/offset-commit-response';
import type { CommittedOffset } from '../groups/committed-offset.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { checkOffset } from './offset-check.ts';

/** OffsetCommit: how far a group has come. Resolved when the system has taken it. */
export const offsetCommit = bindHandler({
  request: OffsetCommitRequest,
  response: OffsetCommitResponse,
  async handle(request, { services }) {
    const checked = request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map((partition) => checkOffset(name, topicId, partition, services)),
    }));
    const offsets = checked.flatMap(({ partitions }) =>
      partitions.flatMap(({ offset }) => offset ?? []),
    );
    const error = await commit(request, offsets, services);
    return {
      throttleTimeMs: 0,
      topics: checked.map(({ name, topicId, partitions }) => ({
        name,
        topicId,
        partitions: partitions.map(({ partitionIndex, code }) => ({
          partitionIndex,
          errorCode: error === 'NONE' ? code : errorCode(error),
        })),
      })),
    };
  },
});

async function commit(
  request: OffsetCommitRequest,
  offsets: readonly CommittedOffset[],
  { groups }: BrokerServices,
): Promise<ErrorName> {
  if (request.groupId === '') return 'INVALID_GROUP_ID';
  try {
    const identity = { memberId: request.memberId, instanceId: request.groupInstanceId };
    const generation = request.generationIdOrMemberEpoch;
    const event = { type: 'commit' as const, ...identity, generation, isTransactional: false };
    return (await groups.commit(request.groupId, event, offsets)).error;
  } catch (error) {
    if (error instanceof BrokerError) return error.code;
    throw error;
  }
}
