import { errorCode } from '@sluice/protocol';
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { AddPartitionsToTxnResponse } from '@sluice/protocol/gen/add-partitions-to-txn-response';
import type { GroupPartition } from '../groups/committed-offset.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { transactionErrorCode } from './transaction-error.ts';

/** AddPartitionsToTxn: tells where a transaction will write. All of the partitions, or none. */
export const addPartitionsToTxn = bindHandler({
  request: AddPartitionsToTxnRequest,
  response: AddPartitionsToTxnResponse,
  async handle(request, { services, apiVersion }) {
    const partitions = request.v3AndBelowTopics.flatMap(({ name, partitions: indexes }) =>
      indexes.map((partition) => ({ topic: name, partition })),
    );
    const isAllThere = partitions.every((place) => isThere(place, services));
    const producer = {
      producerId: request.v3AndBelowProducerId,
      epoch: request.v3AndBelowProducerEpoch,
    };
    const id = request.v3AndBelowTransactionalId;
    const code = isAllThere
      ? await transactionErrorCode(apiVersion, () =>
          services.transactions.addPartitions(id, producer, partitions),
        )
      : errorCode('OPERATION_NOT_ATTEMPTED');
    const resultsByTopicV3AndBelow = request.v3AndBelowTopics.map((topic) => ({
      name: topic.name,
      resultsByPartition: topic.partitions.map((partition) => ({
        partitionIndex: partition,
        partitionErrorCode: isThere({ topic: topic.name, partition }, services)
          ? code
          : errorCode('UNKNOWN_TOPIC_OR_PARTITION'),
      })),
    }));
    return { throttleTimeMs: 0, errorCode: 0, resultsByTransaction: [], resultsByTopicV3AndBelow };
  },
});

function isThere({ topic, partition }: GroupPartition, { topics }: BrokerServices): boolean {
  return topics.get(topic)?.partition(partition) !== undefined;
}
