import { errorCode } from '@sluice/protocol';
import {
  IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsRequestAlterableConfig,
  type IncrementalAlterConfigsRequestAlterConfigsResource,
} from '@sluice/protocol/gen/incremental-alter-configs-request';
import {
  IncrementalAlterConfigsResponse,
  type IncrementalAlterConfigsResponseAlterConfigsResourceResponse,
} from '@sluice/protocol/gen/incremental-alter-configs-response';
import { listOf } from '../config/config-definition.ts';
import { topicConfig } from '../config/topic-configs.ts';
import { BrokerError } from '../storage/broker-error.ts';
import type { Topic } from '../topics/topic.ts';
import { checkedConfigValue } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { requireTopicResource } from './config-resource.ts';
import { refusalOf } from './partition-answer.ts';

/** What to do with a config's value. */
const OPERATION = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/** IncrementalAlterConfigs: changes some configs of topics, all of a topic's or none. */
export const incrementalAlterConfigs = bindHandler({
  request: IncrementalAlterConfigsRequest,
  response: IncrementalAlterConfigsResponse,
  async handle(request, { services }) {
    const responses = await Promise.all(
      request.resources.map((resource) => alter(resource, request.validateOnly, services)),
    );
    return { throttleTimeMs: 0, responses };
  },
});

async function alter(
  { resourceType, resourceName, configs }: IncrementalAlterConfigsRequestAlterConfigsResource,
  isOnlyChecked: boolean,
  services: BrokerServices,
): Promise<IncrementalAlterConfigsResponseAlterConfigsResourceResponse> {
  try {
    const topic = requireTopicResource(resourceType, resourceName, services);
    const changed = changedConfigs(topic, configs);
    if (!isOnlyChecked) await services.topics.replaceConfigs(topic, changed);
    return { errorCode: errorCode('NONE'), errorMessage: null, resourceType, resourceName };
  } catch (error) {
    const refusal = refusalOf(error, services);
    const answer = { errorCode: refusal.errorCode, errorMessage: refusal.message };
    return { ...answer, resourceType, resourceName };
  }
}

function changedConfigs(
  topic: Topic,
  changes: readonly IncrementalAlterConfigsRequestAlterableConfig[],
): ReadonlyMap<string, string> {
  const configs = new Map(topic.configs);
  const seen = new Set<string>();
  for (const change of changes) {
    if (seen.has(change.name)) {
      throw new BrokerError('INVALID_REQUEST', `Duplicate config key ${change.name}`);
    }
    seen.add(change.name);
    const value = newValue(topic, change);
    if (value === null) configs.delete(change.name);
    else configs.set(change.name, value);
  }
  return configs;
}

/** `null`: back to the default. */
function newValue(
  topic: Topic,
  { name, configOperation, value }: IncrementalAlterConfigsRequestAlterableConfig,
): string | null {
  switch (configOperation) {
    case OPERATION.set:
      return checkedConfigValue({ name, value });
    case OPERATION.delete:
      if (topicConfig(name) !== undefined) return null;
      throw new BrokerError('INVALID_CONFIG', `Unknown topic config name: ${name}`);
    case OPERATION.append:
    case OPERATION.subtract: {
      if (topicConfig(name)?.type !== 'LIST') {
        const text = `Config value append is not allowed for config key: ${name}`;
        throw new BrokerError('INVALID_CONFIG', text);
      }
      const named = listOf(value ?? '');
      const others = listOf(topic.configValue(name)).filter((item) => !named.includes(item));
      const items = configOperation === OPERATION.append ? [...others, ...named] : others;
      return checkedConfigValue({ name, value: items.join(',') });
    }
    default:
      throw new BrokerError('INVALID_REQUEST', `There is no config operation ${configOperation}`);
  }
}
