// The transaction coordinator of the simulated brokers, for one transactional id, in both protocols.
import type { ErrorName } from '@sluice/protocol';

export interface Identity {
  readonly producerId: number;
  readonly epoch: number;
}

type Phase = 'Empty' | 'Ongoing' | 'Prepare' | 'Complete';

export class SimulatedTransactions {
  /** By `transaction.version`. */
  isSecondProtocol: boolean;
  /** Decides of the running transaction, once it is decided. */
  isCommit = false;
  phase: Phase = 'Empty';
  epoch = -1;
  readonly partitions = new Set<number>();
  readonly producerId = 4000;
  /** Offsets of the group by partition: those of the running transaction, and those that count. */
  pendingOffset: number | null = null;
  committedOffset: number | null = null;
  #lastEpoch = -1;
  readonly #onPrepared: () => void;

  /** `onPrepared`: markers have to be written, then `complete` called. */
  constructor(isSecondProtocol: boolean, onPrepared: () => void) {
    this.isSecondProtocol = isSecondProtocol;
    this.#onPrepared = onPrepared;
  }

  init(claim: Identity): ErrorName {
    const isOwn = claim.producerId >= 0;
    if (isOwn) {
      const isRepeated = claim.epoch === this.#lastEpoch && this.phase !== 'Ongoing';
      if (claim.producerId !== this.producerId) return 'INVALID_PRODUCER_ID_MAPPING';
      if (isRepeated && this.phase !== 'Prepare') return 'NONE';
      const isFenced = claim.epoch !== this.epoch && claim.epoch !== this.#lastEpoch;
      if (isFenced) return 'PRODUCER_FENCED';
    }
    if (this.phase === 'Ongoing') this.expire();
    if (this.phase === 'Prepare') return 'CONCURRENT_TRANSACTIONS';
    if (!isOwn) this.#lastEpoch = -1;
    else this.#lastEpoch = this.epoch;
    this.epoch++;
    this.phase = 'Empty';
    return 'NONE';
  }

  /** For partitions, and for a group (none). */
  add(producer: Identity, partitions: readonly number[]): ErrorName {
    const problem = this.#problem(producer);
    if (problem !== null) return problem;
    if (this.phase === 'Prepare') return 'CONCURRENT_TRANSACTIONS';
    if (this.phase !== 'Ongoing') this.partitions.clear();
    this.phase = 'Ongoing';
    for (const partition of partitions) this.partitions.add(partition);
    return 'NONE';
  }

  commitOffset(producer: Identity, offset: number): ErrorName {
    if (this.isSecondProtocol) {
      const error = this.add(producer, []);
      if (error !== 'NONE') return error;
    } else if (this.#problem(producer) !== null || this.phase !== 'Ongoing') {
      return 'INVALID_PRODUCER_EPOCH';
    }
    this.pendingOffset = offset;
    return 'NONE';
  }

  /** What a partition's leader finds out before it appends. */
  verify(producer: Identity, partition: number): ErrorName {
    if (this.#problem(producer) !== null) return 'INVALID_PRODUCER_EPOCH';
    if (this.isSecondProtocol) return this.add(producer, [partition]);
    const isPart = this.phase === 'Ongoing' && this.partitions.has(partition);
    return isPart ? 'NONE' : 'INVALID_TXN_STATE';
  }

  end(producer: Identity, isCommit: boolean): ErrorName {
    const isRepeated =
      this.isSecondProtocol &&
      producer.epoch === this.#lastEpoch &&
      this.phase !== 'Ongoing' &&
      this.isCommit === isCommit;
    if (isRepeated) return this.phase === 'Prepare' ? 'CONCURRENT_TRANSACTIONS' : 'NONE';
    const problem = this.#problem(producer);
    if (problem !== null) return problem;
    switch (this.phase) {
      case 'Ongoing':
        this.#prepare(isCommit, this.isSecondProtocol);
        return 'NONE';
      case 'Prepare':
        return this.isCommit === isCommit ? 'CONCURRENT_TRANSACTIONS' : 'INVALID_TXN_STATE';
      case 'Complete':
      case 'Empty': {
        if (this.isSecondProtocol && !isCommit) {
          this.partitions.clear();
          this.#prepare(false, true);
          return 'NONE';
        }
        const isSame = this.phase === 'Complete' && this.isCommit === isCommit;
        return isSame ? 'NONE' : 'INVALID_TXN_STATE';
      }
      default:
        return this.phase satisfies never;
    }
  }

  /** It took too long: aborted under the next epoch, which fences its producer. */
  expire(): boolean {
    if (this.phase !== 'Ongoing') return false;
    this.#prepare(false, true);
    return true;
  }

  /** Markers are written. */
  complete(): void {
    if (this.phase !== 'Prepare') return;
    if (this.isCommit && this.pendingOffset !== null) this.committedOffset = this.pendingOffset;
    this.pendingOffset = null;
    this.phase = 'Complete';
  }

  #prepare(isCommit: boolean, isBumped: boolean): void {
    this.phase = 'Prepare';
    this.isCommit = isCommit;
    if (isBumped) {
      this.#lastEpoch = this.epoch;
      this.epoch++;
    }
    this.#onPrepared();
  }

  #problem({ producerId, epoch }: Identity): ErrorName | null {
    if (producerId !== this.producerId) return 'INVALID_PRODUCER_ID_MAPPING';
    return epoch === this.epoch ? null : 'PRODUCER_FENCED';
  }
}
