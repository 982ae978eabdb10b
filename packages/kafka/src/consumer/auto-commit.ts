import type { Clock } from '../clock.ts';
import type { KafkaLogger } from '../logger.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import type { TopicPartitionOffset } from './contract.ts';
import type { PartitionState } from './partition-state.ts';

/** What automatic commits work with. */
export interface AutoCommitOptions {
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly logger: KafkaLogger;
  readonly partitions: Iterable<PartitionState>;
  readonly commit: (offsets: readonly TopicPartitionOffset[]) => Promise<void>;
}

/** `enable.auto.commit`: commits the positions now and then. What a poll returned counts as processed at the next poll. */
export class AutoCommit {
  readonly #options: AutoCommitOptions;
  readonly #committed = new WeakMap<PartitionState, number>();
  #nextMs: number;

  constructor(options: AutoCommitOptions) {
    this.#options = options;
    this.#nextMs = options.clock.now() + options.intervalMs;
  }

  /** At the start of a poll. Does not wait for the commit. */
  onPoll(): void {
    const { clock, intervalMs } = this.#options;
    if (clock.now() < this.#nextMs) return;
    this.#nextMs = clock.now() + intervalMs;
    void this.now();
  }

  /** Commits and waits. Failures are logged: the next commit makes up for them. */
  async now(): Promise<void> {
    const { partitions, commit, logger } = this.#options;
    const moved = [...partitions].filter(
      (state) => state.position >= 0 && this.#committed.get(state) !== state.position,
    );
    if (moved.length === 0) return;
    const offsets = moved.map(({ topic, partition, position, positionEpoch }) => ({
      topic,
      partition,
      offset: position,
      leaderEpoch: positionEpoch < 0 ? null : positionEpoch,
    }));
    try {
      await commit(offsets);
      moved.forEach((state, i) => this.#committed.set(state, offsets[i]?.offset ?? -1));
    } catch (error) {
      logger.warn(`The automatic commit failed: ${asKafkaError(error).message}`);
    }
  }
}
