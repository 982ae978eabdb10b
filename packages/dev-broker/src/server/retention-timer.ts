import type { BrokerConfig } from '../config/broker-config.ts';
import { type BrokerLogger, reasonOf } from '../storage/broker-log.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';

/** Every few minutes, drops what the topics' retention no longer keeps from the logs in use. */
export class RetentionTimer {
  readonly #topics: TopicRegistry;
  readonly #logger: BrokerLogger;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  constructor(topics: TopicRegistry, config: BrokerConfig, logger: BrokerLogger) {
    this.#topics = topics;
    this.#logger = logger;
    const intervalMs = config.number('log.retention.check.interval.ms');
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#run());
    }, intervalMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    for (const partition of this.#topics.list().flatMap((topic) => topic.partitions)) {
      try {
        await (await partition.logIfOpen())?.applyRetention();
      } catch (error) {
        const fields = { partition: `${partition.topic}-${partition.index}` };
        this.#logger.warn(`Dropping old segments failed: ${reasonOf(error)}`, fields);
      }
    }
  }
}
