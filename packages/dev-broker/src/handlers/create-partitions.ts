import { errorCode } from '@sluice/protocol';
import {
  CreatePartitionsRequest,
  type CreatePartitionsRequestCreatePartitionsTopic,
} from '@sluice/protocol/gen/create-partitions-request';
import {
  CreatePartitionsResponse,
  type CreatePartitionsResponseCreatePartitionsTopicResult,
} from '@sluice/protocol/gen/create-partitions-response';
import { BrokerError } from '../storage/broker-error.ts';
import { checkReplicas } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requireTopic } from './partition-answer.ts';

/** CreatePartitions: gives topics more partitions. */
export const createPartitions = bindHandler({
  request: CreatePartitionsRequest,
  response: CreatePartitionsResponse,
  async handle(request, { services }) {
    const results = await Promise.all(
      request.topics.map((topic) => grow(topic, request.validateOnly, services)),
    );
    return { throttleTimeMs: 0, results };
  },
});

async function grow(
  { name, count, assignments }: CreatePartitionsRequestCreatePartitionsTopic,
  isOnlyChecked: boolean,
  services: BrokerServices,
): Promise<CreatePartitionsResponseCreatePartitionsTopicResult> {
  try {
    const topic = requireTopic(services, name);
    const added = count - topic.partitions.length;
    if (assignments !== null && added > 0 && assignments.length !== added) {
      const text = `${added} partition(s) are to be added, but ${assignments.length} are placed`;
      throw new BrokerError('INVALID_REPLICA_ASSIGNMENT', text);
    }
    for (const { brokerIds } of assignments ?? []) checkReplicas(brokerIds);
    await services.topics.addPartitions(topic, count, isOnlyChecked);
    return { name, errorCode: errorCode('NONE'), errorMessage: null };
  } catch (error) {
    const refusal = refusalOf(error, services);
    return { name, errorCode: refusal.errorCode, errorMessage: refusal.message };
  }
}
