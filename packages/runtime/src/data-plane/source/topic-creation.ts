import { ConnectError, type Logger } from '@sluice/api';
import type { KafkaAdmin } from '@sluice/kafka';
import { javaRegex } from '../../config/java-regex.ts';
import { isRetriableError } from '../errors/retriable.ts';
import { messageOf } from '../errors/thrown.ts';
import type { TopicCreationGroupSpec } from '../../task-host/contract.ts';

export interface TopicCreationOptions {
  /** In order; the last one is `default` and takes what the others leave. */
  readonly groups: readonly TopicCreationGroupSpec[];
  readonly admin: KafkaAdmin;
  readonly logger: Logger;
}

/**
 * Creates topics before the first record goes to them, by the connector's `topic.creation.*`
 * (KIP-158, R4.23). Each topic is looked at once.
 */
export class TopicCreation {
  readonly #options: TopicCreationOptions;
  readonly #groups: readonly CompiledGroup[];

  constructor(options: TopicCreationOptions) {
    this.#options = options;
    this.#groups = options.groups.map(compile);
  }

  /**
   * Makes sure that the topic exists.
   *
   * @throws ConnectError when it does not and cannot be created: the task fails
   */
  async ensure(topic: string): Promise<void> {
    const { admin, logger } = this.#options;
    logger.info(
      `The task will send records to topic '${topic}' for the first time. Checking whether topic exists`,
    );
    if ((await admin.describeTopics([topic])).has(topic)) {
      logger.info(`Topic '${topic}' already exists.`);
      return;
    }
    const group = this.#groups.find((each) => matches(each, topic))?.spec;
    if (group === undefined) {
      throw new ConnectError(`No topic creation group takes topic '${topic}'`);
    }
    logger.info(`Creating topic '${topic}' using creation group ${group.name}`);
    try {
      // A topic that somebody else has created meanwhile is as good.
      await admin.createTopics([
        {
          name: topic,
          partitions: group.partitions,
          replicationFactor: group.replicationFactor,
          configs: group.configs,
        },
      ]);
    } catch (cause) {
      // The brokers are busy or gone for a while: the sending stage tries again.
      if (isRetriableError(cause)) throw cause;
      throw new ConnectError(
        `Task failed to create new topic '${topic}' (creation group ${group.name}, ` +
          `${group.partitions} partitions, replication factor ${group.replicationFactor}): ` +
          `${messageOf(cause)}. Ensure that the task is ` +
          'authorized to create topics or that the topic exists and restart the task',
        { cause, code: 'CONNECT_TOPIC_CREATION' },
      );
    }
  }
}

interface CompiledGroup {
  readonly spec: TopicCreationGroupSpec;
  readonly include: readonly RegExp[];
  readonly exclude: readonly RegExp[];
}

const DEFAULT_GROUP = 'default';

function compile(spec: TopicCreationGroupSpec): CompiledGroup {
  return { spec, include: patternsOf(spec, 'include'), exclude: patternsOf(spec, 'exclude') };
}

function patternsOf(spec: TopicCreationGroupSpec, key: 'include' | 'exclude'): readonly RegExp[] {
  const name = `topic.creation.${spec.name}.${key}`;
  return spec[key].map((pattern) => javaRegex(name, pattern));
}

function matches(group: CompiledGroup, topic: string): boolean {
  if (group.spec.name === DEFAULT_GROUP) return true;
  return (
    group.include.some((pattern) => pattern.test(topic)) &&
    !group.exclude.some((pattern) => pattern.test(topic))
  );
}
