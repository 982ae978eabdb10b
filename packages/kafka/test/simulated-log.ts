// One partition of the simulated brokers: what its leader accepts of producers, as Kafka does (KIP-98, KIP-360), with records
// as plain texts.
import { ERROR_CODES } from '@sluice/protocol';

/** One batch as it arrives. */
export interface SimulatedBatch {
  readonly producerId: number;
  readonly epoch: number;
  readonly baseSequence: number;
  readonly values: readonly string[];
  readonly isTransactional: boolean;
}

interface Remembered {
  epoch: number;
  lastSequence: number;
  /** The last batches: first sequence, count, offset. */
  batches: { readonly first: number; readonly count: number; readonly offset: number }[];
}

interface Entry {
  readonly value: string;
  readonly producerId: number;
  fate: 'plain' | 'open' | 'committed' | 'aborted';
}

export interface AppendResult {
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly isNew: boolean;
}

const REMEMBERED_MAX = 5;
const SEQUENCES = 0x8000_0000;

export class SimulatedLog {
  readonly entries: Entry[] = [];
  readonly #producers = new Map<number, Remembered>();

  append(batch: SimulatedBatch): AppendResult {
    const { producerId, epoch, baseSequence, values, isTransactional } = batch;
    const known = this.#producers.get(producerId);
    if (known !== undefined) {
      if (epoch < known.epoch) return refused('INVALID_PRODUCER_EPOCH');
      if (epoch === known.epoch) {
        const same = known.batches.find(
          ({ first, count }) => first === baseSequence && count === values.length,
        );
        if (same !== undefined) return { errorCode: 0, baseOffset: same.offset, isNew: false };
        const next = (known.lastSequence + 1) % SEQUENCES;
        if (baseSequence !== next) return refused('OUT_OF_ORDER_SEQUENCE_NUMBER');
      } else if (baseSequence !== 0) return refused('OUT_OF_ORDER_SEQUENCE_NUMBER');
    }
    const offset = this.entries.length;
    const fate = isTransactional ? 'open' : 'plain';
    for (const value of values) this.entries.push({ value, producerId, fate });
    const before = known?.epoch === epoch ? known.batches : [];
    const batches = [...before, { first: baseSequence, count: values.length, offset }];
    this.#producers.set(producerId, {
      epoch,
      lastSequence: (baseSequence + values.length - 1) % SEQUENCES,
      batches: batches.slice(-REMEMBERED_MAX),
    });
    return { errorCode: 0, baseOffset: offset, isNew: true };
  }

  /** A marker: ends what the producer has open, and no batch of an older epoch is taken any more. */
  end(producerId: number, epoch: number, isCommit: boolean): void {
    for (const entry of this.entries) {
      if (entry.producerId !== producerId || entry.fate !== 'open') continue;
      entry.fate = isCommit ? 'committed' : 'aborted';
    }
    const known = this.#producers.get(producerId);
    if (known === undefined || known.epoch < epoch) {
      this.#producers.set(producerId, { epoch, lastSequence: -1, batches: [] });
    }
  }

  /** As a leader that was restarted: of each producer it knows the last batch only. */
  restart(): void {
    for (const known of this.#producers.values()) known.batches = known.batches.slice(-1);
  }

  /** As brokers before Kafka 2.5 (and others, of old records) do. */
  forget(producerId: number): boolean {
    return this.#producers.delete(producerId);
  }

  remembered(producerId: number): Pick<Remembered, 'epoch' | 'lastSequence'> | null {
    return this.#producers.get(producerId) ?? null;
  }
}

function refused(name: keyof typeof ERROR_CODES): AppendResult {
  return { errorCode: ERROR_CODES[name], baseOffset: -1, isNew: false };
}
