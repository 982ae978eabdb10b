import { errorCode } from '@sluice/protocol';
import { DeleteRecordsRequest } from '@sluice/protocol/gen/delete-records-request';
import {
  DeleteRecordsResponse,
  type DeleteRecordsResponseDeleteRecordsPartitionResult,
} from '@sluice/protocol/gen/delete-records-response';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

/** DeleteRecords: moves the start of partitions; `-1` stands for their end. */
export const deleteRecords = bindHandler({
  request: DeleteRecordsRequest,
  response: DeleteRecordsResponse,
  async handle(request, { services }) {
    const topics = await Promise.all(
      request.topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(({ partitionIndex, offset }) =>
            deleteBefore(name, partitionIndex, offset, services),
          ),
        ),
      })),
    );
    return { throttleTimeMs: 0, topics };
  },
});

async function deleteBefore(
  name: string,
  partitionIndex: number,
  offset: number,
  services: BrokerServices,
): Promise<DeleteRecordsResponseDeleteRecordsPartitionResult> {
  try {
    const topic = requireTopic(services, name);
    const partition = requirePartition(topic, partitionIndex);
    if (!topic.settings.isDeleted) {
      const text = `Records of ${name} can't be deleted: its cleanup.policy does not hold "delete"`;
      throw new BrokerError('POLICY_VIOLATION', text);
    }
    const lowWatermark = await (await partition.log()).deleteBefore(offset);
    return { partitionIndex, lowWatermark, errorCode: errorCode('NONE') };
  } catch (error) {
    const code = refusalOf(error, services).errorCode;
    return { partitionIndex, lowWatermark: -1, errorCode: code };
  }
}
