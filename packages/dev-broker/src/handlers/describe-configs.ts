import {
  DescribeConfigsRequest,
  type DescribeConfigsRequestDescribeConfigsResource,
} from '@sluice/protocol/gen/describe-configs-request';
import {
  DescribeConfigsResponse,
  type DescribeConfigsResponseDescribeConfigsResourceResult,
  type DescribeConfigsResponseDescribeConfigsResult,
  type DescribeConfigsResponseDescribeConfigsSynonym,
} from '@sluice/protocol/gen/describe-configs-response';
import { BROKER_CONFIGS } from '../config/broker-config.ts';
import type { ConfigDefinition } from '../config/config-definition.ts';
import { CONFIG_SOURCE, CONFIG_TYPE_CODE, RESOURCE_TYPE } from '../config/config-source.ts';
import { TOPIC_CONFIGS, type TopicConfigDefinition } from '../config/topic-configs.ts';
import { BrokerError } from '../storage/broker-error.ts';
import type { Topic } from '../topics/topic.ts';
import { NODE_ID } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requireTopic } from './partition-answer.ts';

type Entry = DescribeConfigsResponseDescribeConfigsResourceResult;
type Synonym = DescribeConfigsResponseDescribeConfigsSynonym;

/** DescribeConfigs: the configs of topics and of the broker, and where each value comes from. */
export const describeConfigs = bindHandler({
  request: DescribeConfigsRequest,
  response: DescribeConfigsResponse,
  async handle(request, { services }) {
    const results = request.resources.map((resource) => describe(resource, request, services));
    return { throttleTimeMs: 0, results };
  },
});

function describe(
  resource: DescribeConfigsRequestDescribeConfigsResource,
  request: DescribeConfigsRequest,
  services: BrokerServices,
): DescribeConfigsResponseDescribeConfigsResult {
  const { resourceType, resourceName } = resource;
  try {
    const keys = resource.configurationKeys;
    const configs = entriesOf(resource, services)
      .filter((entry) => keys === null || keys.length === 0 || keys.includes(entry.name))
      .map((entry) => ({
        ...entry,
        synonyms: request.includeSynonyms ? entry.synonyms : [],
        documentation: request.includeDocumentation ? entry.documentation : null,
      }));
    return { errorCode: 0, errorMessage: null, resourceType, resourceName, configs };
  } catch (error) {
    const refusal = refusalOf(error, services);
    const answer = { errorCode: refusal.errorCode, errorMessage: refusal.message, configs: [] };
    return { ...answer, resourceType, resourceName };
  }
}

function entriesOf(
  { resourceType, resourceName }: DescribeConfigsRequestDescribeConfigsResource,
  services: BrokerServices,
): readonly Entry[] {
  if (resourceType === RESOURCE_TYPE.topic) {
    const topic = requireTopic(services, resourceName);
    return TOPIC_CONFIGS.map((definition) => topicEntry(definition, topic, services));
  }
  if (resourceType !== RESOURCE_TYPE.broker) {
    const text = `Configs of resource type ${resourceType} are not kept by the dev broker`;
    throw new BrokerError('INVALID_REQUEST', text);
  }
  // The empty name stands for the cluster-wide defaults, of which none can be set here.
  if (resourceName === '') return [];
  if (resourceName !== String(NODE_ID)) {
    const text = `Unexpected broker id, expected ${NODE_ID} but received ${resourceName}`;
    throw new BrokerError('INVALID_REQUEST', text);
  }
  return BROKER_CONFIGS.map((definition) => brokerEntry(definition, services));
}

function topicEntry(
  definition: TopicConfigDefinition,
  topic: Topic,
  { config }: BrokerServices,
): Entry {
  const { name, brokerKey } = definition;
  const own = topic.configs.get(name);
  const fromBroker = brokerKey === null ? undefined : config.configured(brokerKey);
  const synonyms: Synonym[] = [];
  if (own !== undefined) synonyms.push({ name, value: own, source: CONFIG_SOURCE.topic });
  if (brokerKey !== null && fromBroker !== undefined) {
    synonyms.push({ name: brokerKey, value: fromBroker, source: CONFIG_SOURCE.staticBroker });
  }
  if (brokerKey !== null) {
    const value = definition.default;
    synonyms.push({ name: brokerKey, value, source: CONFIG_SOURCE.default });
  }
  return entry(definition, synonyms, false);
}

function brokerEntry(definition: ConfigDefinition, { config }: BrokerServices): Entry {
  const { name } = definition;
  const value = config.configured(name);
  const synonyms: Synonym[] = [];
  if (value !== undefined) synonyms.push({ name, value, source: CONFIG_SOURCE.staticBroker });
  synonyms.push({ name, value: definition.default, source: CONFIG_SOURCE.default });
  return entry(definition, synonyms, true);
}

/** The first synonym is the one that holds. */
function entry(
  definition: ConfigDefinition,
  synonyms: readonly Synonym[],
  readOnly: boolean,
): Entry {
  return {
    name: definition.name,
    value: synonyms[0]?.value ?? definition.default,
    readOnly,
    configSource: synonyms[0]?.source ?? CONFIG_SOURCE.default,
    isSensitive: false,
    synonyms,
    configType: CONFIG_TYPE_CODE[definition.type],
    documentation: definition.doc,
  };
}
