import type { OutgoingBatch } from './outgoing-batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { SenderParts } from './sender-parts.ts';

/** What one round may do. */
export interface DrainLimits {
  readonly now: number;
  /** Send what is there, however little it is. */
  readonly isForced: boolean;
  canSendTo(broker: number): boolean;
}

/** What one round sends. */
export interface DrainRound {
  /** Batches by the broker that leads their partitions, at most one per partition. */
  readonly batches: ReadonlyMap<number, readonly OutgoingBatch[]>;
  /** When the next queue will be ready; infinite when none waits for time. */
  readonly wakeAtMs: number;
  readonly isLeaderMissing: boolean;
}

interface BrokerQueues {
  readonly queues: PartitionQueue[];
  isReady: boolean;
}

/**
 * Chooses what to send: as soon as one partition of a broker is ready (a full batch, `linger.ms`
 * over, a retry due), all partitions that it leads go along, up to `max.request.size`.
 */
export class DrainPlan {
  readonly #parts: Pick<SenderParts, 'accumulator' | 'cluster' | 'config' | 'producerId'>;

  constructor(parts: Pick<SenderParts, 'accumulator' | 'cluster' | 'config' | 'producerId'>) {
    this.#parts = parts;
  }

  next(limits: DrainLimits): DrainRound {
    const { accumulator, cluster } = this.#parts;
    const brokers = new Map<number, BrokerQueues>();
    let wakeAtMs = Number.POSITIVE_INFINITY;
    let isLeaderMissing = false;
    for (const queue of accumulator.active) {
      const { head } = queue;
      if (head === null) {
        accumulator.active.delete(queue);
        continue;
      }
      if (!this.#maySend(queue, head)) continue;
      if (head.attempts > 0 && queue.retryAtMs > limits.now) {
        wakeAtMs = Math.min(wakeAtMs, queue.retryAtMs);
        continue;
      }
      const leader = cluster.metadata.partition(queue.topic, queue.partition)?.leader ?? -1;
      if (leader < 0) {
        isLeaderMissing = true;
        continue;
      }
      const readyAtMs = limits.isForced ? 0 : this.#readyAtMs(queue, head);
      if (!limits.canSendTo(leader)) continue;
      const broker = brokers.get(leader) ?? { queues: [], isReady: false };
      brokers.set(leader, broker);
      broker.queues.push(queue);
      if (readyAtMs <= limits.now) broker.isReady = true;
      else wakeAtMs = Math.min(wakeAtMs, readyAtMs);
    }
    const batches = new Map<number, readonly OutgoingBatch[]>();
    for (const [id, broker] of brokers) {
      if (broker.isReady) batches.set(id, this.#take(broker.queues));
    }
    return { batches, wakeAtMs, isLeaderMissing };
  }

  #readyAtMs(queue: PartitionQueue, head: OutgoingBatch): number {
    if (queue.hasClosed || head.attempts > 0) return 0;
    const { batchSize, lingerMs } = this.#parts.config;
    const topic = this.#parts.accumulator.topic(queue.topic);
    const isPacked = this.#parts.accumulator.compression !== null;
    const full = isPacked && topic !== undefined ? topic.plainBytesFor(batchSize) : batchSize;
    return head.sizeInBytes >= full ? 0 : head.createdMs + lingerMs;
  }

  #maySend(queue: PartitionQueue, head: OutgoingBatch): boolean {
    const { config, producerId } = this.#parts;
    if (queue.isAsking) return false;
    // One request at a time keeps the order without sequences, too.
    if (config.maxInFlight === 1 && queue.onWire > 0) return false;
    if (producerId === null) return true;
    const { identity } = producerId;
    if (identity === null) {
      producerId.request();
      return false;
    }
    return queue.sequences.maySend(head, identity) && producerId.maySend(queue, head);
  }

  #take(queues: readonly PartitionQueue[]): readonly OutgoingBatch[] {
    const { accumulator, config, producerId } = this.#parts;
    const taken: OutgoingBatch[] = [];
    let size = 0;
    for (const queue of queues) {
      const headBytes = queue.head?.sizeInBytes ?? 0;
      if (taken.length > 0 && size + headBytes > config.maxRequestSize) continue;
      const batch = queue.takeHead();
      if (batch === null) continue;
      size += headBytes;
      taken.push(batch);
      const identity = producerId?.identity ?? null;
      if (identity !== null && !batch.hasSequence) queue.sequences.assign(batch, identity);
      // To the end of the line, so that a full request leaves nobody out for good.
      accumulator.active.delete(queue);
      if (!queue.isEmpty) accumulator.active.add(queue);
    }
    return taken;
  }
}
