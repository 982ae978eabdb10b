import { PartitionLog } from '../log/partition-log.ts';
import type { PartitionLogSpec } from '../log/partition-log-spec.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { reasonOf } from '../storage/broker-log.ts';

/**
 * One partition of a topic. Its log is opened when it is first used, so that a broker with many
 * partitions starts at once and holds only the files it needs.
 */
export class Partition {
  readonly topic: string;
  readonly index: number;
  readonly #spec: PartitionLogSpec;
  #opening: Promise<PartitionLog> | null = null;
  #isGone = false;

  constructor(topic: string, index: number, spec: PartitionLogSpec) {
    this.topic = topic;
    this.index = index;
    this.#spec = spec;
  }

  get leaderEpoch(): number {
    return this.#spec.leaderEpoch;
  }

  /**
   * @throws BrokerError `KAFKA_STORAGE_ERROR` when its folder can't be read or made,
   *   `UNKNOWN_TOPIC_OR_PARTITION` when the topic was deleted meanwhile
   */
  log(): Promise<PartitionLog> {
    if (this.#isGone) return Promise.reject(gone(this.#spec.name));
    if (this.#opening === null) {
      const opening = PartitionLog.open(this.#spec);
      this.#opening = opening.catch((error: unknown) => {
        // Forgotten, so that the next request tries again.
        this.#opening = null;
        const text = `Opening ${this.#spec.name} in ${this.#spec.directory} failed: ${reasonOf(error)}`;
        this.#spec.logger.error(text);
        throw new BrokerError('KAFKA_STORAGE_ERROR', text, error);
      });
    }
    return this.#opening;
  }

  /** The log, if it is in use. */
  async logIfOpen(): Promise<PartitionLog | null> {
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#isGone = true;
    await (await this.#openedLog())?.close();
  }

  /** Removes the partition's records for good. */
  async destroy(): Promise<void> {
    this.#isGone = true;
    await (await this.#openedLog())?.destroy();
  }

  async #openedLog(): Promise<PartitionLog | null> {
    try {
      return await this.#opening;
    } catch {
      // It could not be opened, which was reported then: there is nothing to close.
      return null;
    }
  }
}

function gone(name: string): BrokerError {
  const text = `${name} belongs to a topic that was deleted, or to a broker that stops`;
  return new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', text);
}
