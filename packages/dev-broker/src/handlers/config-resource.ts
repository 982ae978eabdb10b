import { RESOURCE_TYPE } from '../config/config-source.ts';
import { BrokerError } from '../storage/broker-error.ts';
import type { Topic } from '../topics/topic.ts';
import type { BrokerServices } from './broker-services.ts';
import { requireTopic } from './partition-answer.ts';

/**
 * The topic whose configs shall be changed.
 *
 * @throws BrokerError `INVALID_REQUEST` for anything that is no topic, `UNKNOWN_TOPIC_OR_PARTITION`
 */
export function requireTopicResource(
  resourceType: number,
  resourceName: string,
  services: BrokerServices,
): Topic {
  if (resourceType === RESOURCE_TYPE.topic) return requireTopic(services, resourceName);
  const text =
    'The dev broker changes configs of topics only; its own are given when it is started';
  throw new BrokerError('INVALID_REQUEST', text);
}
