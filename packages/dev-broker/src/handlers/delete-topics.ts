import { errorCode } from '@sluice/protocol';
import {
  DeleteTopicsRequest,
  type DeleteTopicsRequestDeleteTopicState,
} from '@sluice/protocol/gen/delete-topics-request';
import {
  DeleteTopicsResponse,
  type DeleteTopicsResponseDeletableTopicResult,
} from '@sluice/protocol/gen/delete-topics-response';
import { BrokerError } from '../storage/broker-error.ts';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requireTopic } from './partition-answer.ts';

/** From this version on, topics may be named by their ids. */
const STATES_SINCE_VERSION = 6;

/** DeleteTopics: removes topics, their records, and what groups committed for them. */
export const deleteTopics = bindHandler({
  request: DeleteTopicsRequest,
  response: DeleteTopicsResponse,
  async handle(request, { services, apiVersion }) {
    const wanted =
      apiVersion >= STATES_SINCE_VERSION
        ? request.topics
        : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
    const responses = await Promise.all(wanted.map((topic) => deleteTopic(topic, services)));
    return { throttleTimeMs: 0, responses };
  },
});

async function deleteTopic(
  wanted: DeleteTopicsRequestDeleteTopicState,
  services: BrokerServices,
): Promise<DeleteTopicsResponseDeletableTopicResult> {
  try {
    if (!services.config.isTrue('delete.topic.enable')) {
      throw new BrokerError('TOPIC_DELETION_DISABLED', 'delete.topic.enable is false');
    }
    const topic = requireTopic(services, wanted.name ?? '', wanted.topicId);
    await services.topics.delete(topic);
    await services.groups.forgetTopic(topic.name);
    const { name, id } = topic;
    return { name, topicId: id, errorCode: errorCode('NONE'), errorMessage: null };
  } catch (error) {
    const refusal = refusalOf(error, services);
    const { name, topicId } = wanted;
    return { name, topicId, errorCode: refusal.errorCode, errorMessage: refusal.message };
  }
}
