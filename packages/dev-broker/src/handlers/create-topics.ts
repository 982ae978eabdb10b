import { errorCode } from '@sluice/protocol';
import {
  CreateTopicsRequest,
  type CreateTopicsRequestCreatableTopic,
} from '@sluice/protocol/gen/create-topics-request';
import {
  CreateTopicsResponse,
  type CreateTopicsResponseCreatableTopicConfigs,
  type CreateTopicsResponseCreatableTopicResult,
} from '@sluice/protocol/gen/create-topics-response';
import { CONFIG_SOURCE } from '../config/config-source.ts';
import { TOPIC_CONFIGS } from '../config/topic-configs.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import type { TopicRecord } from '../topics/topic.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf } from './partition-answer.ts';

/** CreateTopics: makes topics, or says whether it could (`validateOnly`). */
export const createTopics = bindHandler({
  request: CreateTopicsRequest,
  response: CreateTopicsResponse,
  async handle(request, { services }) {
    const names = Map.groupBy(request.topics, (topic) => topic.name);
    const topics = await Promise.all(
      [...names].map(([name, asked]) => create(name, asked, request.validateOnly, services)),
    );
    return { throttleTimeMs: 0, topics };
  },
});

async function create(
  name: string,
  asked: readonly CreateTopicsRequestCreatableTopic[],
  isOnlyChecked: boolean,
  services: BrokerServices,
): Promise<CreateTopicsResponseCreatableTopicResult> {
  try {
    const [wanted] = asked;
    if (wanted === undefined || asked.length > 1) {
      throw new BrokerError('INVALID_REQUEST', `Duplicate topic name ${name}`);
    }
    const record = await services.topics.create(
      {
        name,
        partitions: wanted.numPartitions,
        replicationFactor: wanted.replicationFactor,
        assignments: wanted.assignments,
        configs: wanted.configs,
      },
      isOnlyChecked,
    );
    return {
      ...EMPTY_RESULT,
      name,
      topicId: isOnlyChecked ? ZERO_UUID : record.id,
      numPartitions: record.partitions,
      replicationFactor: 1,
      configs: effectiveConfigs(record, services),
    };
  } catch (error) {
    const refusal = refusalOf(error, services);
    return { ...EMPTY_RESULT, name, errorCode: refusal.errorCode, errorMessage: refusal.message };
  }
}

const EMPTY_RESULT: CreateTopicsResponseCreatableTopicResult = {
  name: '',
  topicId: ZERO_UUID,
  errorCode: errorCode('NONE'),
  errorMessage: null,
  topicConfigErrorCode: errorCode('NONE'),
  numPartitions: -1,
  replicationFactor: -1,
  configs: [],
};

function effectiveConfigs(
  record: TopicRecord,
  { config }: BrokerServices,
): readonly CreateTopicsResponseCreatableTopicConfigs[] {
  return TOPIC_CONFIGS.map(({ name, brokerKey, default: byDefault }) => {
    const own = record.configs[name];
    const fromBroker = brokerKey === null ? undefined : config.configured(brokerKey);
    return {
      name,
      value: own ?? fromBroker ?? byDefault,
      readOnly: false,
      configSource: own === undefined ? inherited(fromBroker) : CONFIG_SOURCE.topic,
      isSensitive: false,
    };
  });
}

function inherited(fromBroker: string | undefined): number {
  return fromBroker === undefined ? CONFIG_SOURCE.default : CONFIG_SOURCE.staticBroker;
}
