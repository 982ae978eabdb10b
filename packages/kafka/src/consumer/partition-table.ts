import type { TopicPartition } from './contract.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { PartitionState } from './partition-state.ts';

/** The partitions that a consumer has now, with their states. */
export class PartitionTable implements Iterable<PartitionState> {
  #states = new Map<string, PartitionState>();

  get size(): number {
    return this.#states.size;
  }

  [Symbol.iterator](): Iterator<PartitionState> {
    return this.#states.values();
  }

  /** As a plain list. */
  partitions(): readonly TopicPartition[] {
    return Array.from(this, ({ topic, partition }) => ({ topic, partition }));
  }

  topics(): readonly string[] {
    return [...new Set(Array.from(this, ({ topic }) => topic))];
  }

  get({ topic, partition }: TopicPartition): PartitionState | null {
    return this.#states.get(keyOf(topic, partition)) ?? null;
  }

  /** @throws KafkaError `NOT_ASSIGNED` */
  require(partition: TopicPartition, what: string): PartitionState {
    const state = this.get(partition);
    if (state !== null) return state;
    const text = `${what} ${partition.topic}-${partition.partition}: it is not assigned to this consumer`;
    throw new KafkaError('NOT_ASSIGNED', text);
  }

  /** Whether this very state is still in use: after a revocation the same partition comes back as another. */
  isCurrent(state: PartitionState): boolean {
    return this.#states.get(keyOf(state.topic, state.partition)) === state;
  }

  /**
   * The error of a partition that failed, with the trace of the call that gets it; `null` when none did. Each is given
   * once per attempt: the partition tries again.
   */
  takeFailure(): KafkaError | null {
    for (const state of this) {
      const failure = this.takeFailureOf(state);
      if (failure !== null) return failure;
    }
    return null;
  }

  /** As {@link takeFailure}, of this one. */
  takeFailureOf(state: PartitionState): KafkaError | null {
    const { failure } = state;
    if (failure === null) return null;
    state.failure = null;
    state.phase = state.position < 0 ? 'unset' : 'fetching';
    return again(failure);
  }

  /** From now on exactly these. Partitions that stay keep their state. */
  assign(partitions: readonly TopicPartition[]): void {
    const next = new Map<string, PartitionState>();
    for (const { topic, partition } of partitions) {
      const key = keyOf(topic, partition);
      next.set(key, this.#states.get(key) ?? new PartitionState(topic, partition));
    }
    this.#states = next;
  }
}

/** The same error once more, with the trace of who asks now. */
function again(failure: KafkaError): KafkaError {
  const { code, message, isRetriable } = failure;
  return new KafkaError(code, message, { isRetriable, cause: failure });
}

/** No topic name has a space. */
function keyOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
