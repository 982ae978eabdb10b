import type { ErrorName } from '@sluice/protocol';
import type { CommittedOffset, GroupPartition } from '../groups/committed-offset.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { ProducerIds } from '../producers/producer-ids.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { type BrokerLogger, reasonOf } from '../storage/broker-log.ts';
import { SerialQueue } from '../storage/serial-queue.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';
import { holdsPartition, isPrepared, type TransactionState } from './transaction-state.ts';
import type { TransactionStore } from './transaction-store.ts';
import {
  type ProducerIdentity,
  type TransactionEvent,
  transactionTransition,
} from './transaction-transition.ts';

/** What a coordinator works with. */
export interface TransactionCoordinatorSpec {
  readonly store: TransactionStore;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly producerIds: ProducerIds;
  readonly logger: BrokerLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Pause before a transaction that could not be ended (a full disk, say) is tried again. */
const RETRY_MS = 1000;

/**
 * Runs transactions: feeds requests and timers into {@link transactionTransition}, keeps what comes
 * out, and ends what is decided. Requests for one transactional id are served one after the other.
 */
export class TransactionCoordinator {
  readonly #spec: TransactionCoordinatorSpec;
  readonly #queues = new Map<string, SerialQueue>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor(spec: TransactionCoordinatorSpec) {
    this.#spec = spec;
    // What the last run of the broker left open or decided.
    for (const state of spec.store.list()) this.#schedule(state);
  }

  get(transactionalId: string): TransactionState | null {
    return this.#spec.store.get(transactionalId);
  }
  list(): readonly TransactionState[] {
    return this.#spec.store.list();
  }

  /**
   * Makes the caller the one producer of the id: older ones are fenced, what they left open is
   * aborted first.
   */
  init(
    transactionalId: string,
    claim: ProducerIdentity | null,
    timeoutMs: number,
  ): Promise<{ readonly error: ErrorName; readonly producer: ProducerIdentity }> {
    return this.#queue(transactionalId).run(async () => {
      const event = { type: 'init' as const, claim, timeoutMs, newProducerId: -1 };
      const state = this.get(transactionalId);
      const tried = transactionTransition(transactionalId, state, event);
      if (tried.error === 'CONCURRENT_TRANSACTIONS') {
        await this.#apply(transactionalId, { type: 'fence' });
        await this.#complete(transactionalId);
      }
      const isNewIdNeeded = tried.state === null || tried.state.producerId === -1;
      const newProducerId = isNewIdNeeded ? await this.#spec.producerIds.take() : -1;
      const error = await this.#apply(transactionalId, { ...event, newProducerId });
      const { producerId, epoch } = this.get(transactionalId) ?? { producerId: -1, epoch: -1 };
      const producer = error === 'NONE' ? { producerId, epoch } : { producerId: -1, epoch: -1 };
      return { error, producer };
    });
  }

  addPartitions(
    transactionalId: string,
    producer: ProducerIdentity,
    partitions: readonly GroupPartition[],
  ): Promise<ErrorName> {
    const nowMs = this.#spec.now();
    return this.#ask(transactionalId, { type: 'add-partitions', producer, partitions, nowMs });
  }

  addGroup(
    transactionalId: string,
    producer: ProducerIdentity,
    groupId: string,
  ): Promise<ErrorName> {
    const nowMs = this.#spec.now();
    return this.#ask(transactionalId, { type: 'add-group', producer, groupId, nowMs });
  }

  /** The offsets become the group's when the transaction commits. */
  commitOffsets(
    transactionalId: string,
    producer: ProducerIdentity,
    groupId: string,
    offsets: readonly CommittedOffset[],
  ): Promise<ErrorName> {
    return this.#ask(transactionalId, { type: 'commit-offsets', producer, groupId, offsets });
  }

  /** Resolves when every partition has its marker. */
  end(transactionalId: string, producer: ProducerIdentity, isCommit: boolean): Promise<ErrorName> {
    return this.#queue(transactionalId).run(async () => {
      const error = await this.#apply(transactionalId, { type: 'end', producer, isCommit });
      if (error === 'NONE') await this.#complete(transactionalId);
      return error;
    });
  }

  /**
   * Called when it is a batch's turn to be appended, so that none slips in behind a marker.
   *
   * @throws BrokerError when the batch belongs to no open transaction
   */
  requireOpen(
    transactionalId: string,
    producer: ProducerIdentity,
    partition: GroupPartition,
  ): void {
    const state = this.get(transactionalId);
    const { producerId, epoch } = producer;
    if (state === null || state.producerId !== producerId) {
      const text = `Producer ${producerId} is not the one of transactional.id ${transactionalId}`;
      throw new BrokerError('INVALID_PRODUCER_ID_MAPPING', text);
    }
    if (state.epoch !== epoch) {
      const text = `The epoch of transactional.id ${transactionalId} is ${state.epoch}, not ${epoch}: a newer instance took over, or the transaction timed out`;
      throw new BrokerError('INVALID_PRODUCER_EPOCH', text);
    }
    if (state.phase === 'Ongoing' && holdsPartition(state, partition)) return;
    const text = `${partition.topic}-${partition.partition} was not added to a transaction of ${transactionalId} (which is ${state.phase})`;
    throw new BrokerError('INVALID_TXN_STATE', text);
  }

  /** Whether a transaction that is not over may change what the group has committed. */
  hasPendingOffset(groupId: string, wanted: GroupPartition): boolean {
    return this.list().some((state) =>
      state.pendingOffsets.some(
        (pending) =>
          pending.groupId === groupId &&
          pending.offsets.some(
            ({ topic, partition }) => topic === wanted.topic && partition === wanted.partition,
          ),
      ),
    );
  }

  /** Ends all timers and waits for what is under way. The store is its owner's to close. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()));
  }

  #ask(transactionalId: string, event: TransactionEvent): Promise<ErrorName> {
    return this.#queue(transactionalId).run(() => this.#apply(transactionalId, event));
  }

  async #apply(transactionalId: string, event: TransactionEvent): Promise<ErrorName> {
    const before = this.get(transactionalId);
    const { state, error } = transactionTransition(transactionalId, before, event);
    if (error !== 'NONE' || state === null || state === before) return error;
    try {
      await this.#spec.store.put(state);
    } catch (cause) {
      const text = `Writing the state of transactional.id ${transactionalId} failed: ${reasonOf(cause)}`;
      this.#spec.logger.error(`${text}. Free space or mend the disk; clients try again`);
      throw new BrokerError('COORDINATOR_NOT_AVAILABLE', text, cause);
    }
    if (state.phase !== before?.phase) this.#schedule(state);
    return error;
  }

  /** Tells everybody what was decided. Markers that come twice do no harm. */
  async #complete(transactionalId: string): Promise<void> {
    const state = this.get(transactionalId);
    if (state === null || !isPrepared(state)) return;
    const isCommit = state.phase === 'PrepareCommit';
    await Promise.all(
      state.partitions.map(async ({ topic, partition }) => {
        const log = await this.#spec.topics.get(topic)?.partition(partition)?.log();
        // A topic that was deleted meanwhile needs no marker.
        await log?.appendMarker(isCommit ? 'commit' : 'abort', state.producerId, state.epoch);
      }),
    );
    for (const { groupId, offsets } of isCommit ? state.pendingOffsets : []) {
      await this.#spec.groups.applyOffsets(groupId, offsets);
    }
    await this.#apply(transactionalId, { type: 'completed' });
  }

  /** Sees to it that no transaction stays open, and no decision unheard. */
  #schedule(state: TransactionState): void {
    const { transactionalId } = state;
    clearTimeout(this.#timers.get(transactionalId));
    this.#timers.delete(transactionalId);
    if (this.#isClosed) return;
    if (state.phase === 'Ongoing') {
      const leftMs = Math.max(state.startedMs + state.timeoutMs - this.#spec.now(), 0);
      this.#runLater(transactionalId, leftMs, () => this.#timeOut(state));
    } else if (isPrepared(state)) {
      // Mostly it is over before that: this is for the crash or the full disk in between.
      this.#runLater(transactionalId, RETRY_MS, () => this.#complete(transactionalId));
    }
  }

  async #timeOut({ transactionalId, startedMs }: TransactionState): Promise<void> {
    const state = this.get(transactionalId);
    if (state?.phase !== 'Ongoing' || state.startedMs !== startedMs) return;
    const fields = { transactionalId, timeoutMs: state.timeoutMs };
    this.#spec.logger.warn('A transaction took too long and is aborted', fields);
    await this.#apply(transactionalId, { type: 'fence' });
    await this.#complete(transactionalId);
  }

  #runLater(transactionalId: string, afterMs: number, action: () => Promise<void>): void {
    const timer = setTimeout(() => {
      void this.#queue(transactionalId).run(async () => {
        try {
          await action();
        } catch (error) {
          const fields = { transactionalId, reason: reasonOf(error) };
          this.#spec.logger.warn('Ending a transaction failed; it is tried again', fields);
          const state = this.get(transactionalId);
          if (state !== null) this.#schedule(state);
        }
      });
    }, afterMs);
    this.#timers.set(transactionalId, timer.unref());
  }

  #queue(transactionalId: string): SerialQueue {
    let queue = this.#queues.get(transactionalId);
    if (queue === undefined) {
      queue = new SerialQueue();
      this.#queues.set(transactionalId, queue);
    }
    return queue;
  }
}
