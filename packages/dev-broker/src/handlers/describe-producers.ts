import { errorCode } from '@sluice/protocol';
import { DescribeProducersRequest } from '@sluice/protocol/gen/describe-producers-request';
import {
  DescribeProducersResponse,
  type DescribeProducersResponsePartitionResponse,
} from '@sluice/protocol/gen/describe-producers-response';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

/** DescribeProducers: who writes to partitions, and where open transactions begin. */
export const describeProducers = bindHandler({
  request: DescribeProducersRequest,
  response: DescribeProducersResponse,
  async handle(request, { services }) {
    const topics = await Promise.all(
      request.topics.map(async ({ name, partitionIndexes }) => ({
        name,
        partitions: await Promise.all(
          partitionIndexes.map((partition) => describe(name, partition, services)),
        ),
      })),
    );
    return { throttleTimeMs: 0, topics };
  },
});

async function describe(
  name: string,
  partitionIndex: number,
  services: BrokerServices,
): Promise<DescribeProducersResponsePartitionResponse> {
  try {
    const log = await requirePartition(requireTopic(services, name), partitionIndex).log();
    const activeProducers = log.producers().map((producer) => ({
      producerId: producer.producerId,
      producerEpoch: producer.epoch,
      lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
      lastTimestamp: producer.lastHeardMs,
      coordinatorEpoch: 0,
      currentTxnStartOffset: producer.transactionStart,
    }));
    return { partitionIndex, errorCode: errorCode('NONE'), errorMessage: null, activeProducers };
  } catch (error) {
    const refusal = refusalOf(error, services);
    const answer = { errorCode: refusal.errorCode, errorMessage: refusal.message };
    return { partitionIndex, ...answer, activeProducers: [] };
  }
}
