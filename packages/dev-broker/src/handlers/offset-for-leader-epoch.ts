import { errorCode } from '@sluice/protocol';
import {
  OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochRequestOffsetForLeaderPartition,
} from '@sluice/protocol/gen/offset-for-leader-epoch-request';
import {
  OffsetForLeaderEpochResponse,
  type OffsetForLeaderEpochResponseEpochEndOffset,
} from '@sluice/protocol/gen/offset-for-leader-epoch-response';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { checkLeaderEpoch, refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

/** OffsetForLeaderEpoch: where the log of an epoch ended, so that a consumer sees that it was cut. */
export const offsetForLeaderEpoch = bindHandler({
  request: OffsetForLeaderEpochRequest,
  response: OffsetForLeaderEpochResponse,
  async handle(request, { services }) {
    const topics = await Promise.all(
      request.topics.map(async ({ topic, partitions }) => ({
        topic,
        partitions: await Promise.all(partitions.map((one) => look(topic, one, services))),
      })),
    );
    return { throttleTimeMs: 0, topics };
  },
});

async function look(
  topic: string,
  wanted: OffsetForLeaderEpochRequestOffsetForLeaderPartition,
  services: BrokerServices,
): Promise<OffsetForLeaderEpochResponseEpochEndOffset> {
  try {
    const partition = requirePartition(requireTopic(services, topic), wanted.partition);
    checkLeaderEpoch(partition, wanted.currentLeaderEpoch);
    const end = (await partition.log()).endOfEpoch(wanted.leaderEpoch);
    return {
      errorCode: errorCode('NONE'),
      partition: wanted.partition,
      leaderEpoch: end.epoch,
      endOffset: end.endOffset,
    };
  } catch (error) {
    const code = refusalOf(error, services).errorCode;
    return { errorCode: code, partition: wanted.partition, leaderEpoch: -1, endOffset: -1 };
  }
}
