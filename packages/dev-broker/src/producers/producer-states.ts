import { type BatchHeader, isControlBatch } from '../log/batch-header.ts';

/** A batch that a producer got through: enough to recognise it when it comes again. */
export interface AcceptedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly timestamp: number;
}

/** What a partition knows of one idempotent producer. */
export interface ProducerState {
  readonly producerId: number;
  readonly epoch: number;
  /** The newest last. */
  readonly batches: readonly AcceptedBatch[];
  /** Milliseconds since the epoch. */
  readonly lastHeardMs: number;
}

/** Whether a batch may be appended. */
export type SequenceVerdict =
  | { readonly type: 'accept' }
  | { readonly type: 'duplicate'; readonly batch: AcceptedBatch }
  | {
      readonly type: 'refuse';
      readonly error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH';
      readonly message: string;
    };

/** As many requests as an idempotent producer may have in flight. */
const BATCHES_KEPT = 5;
const SEQUENCE_MAX = 0x7fff_ffff;
const ACCEPT: SequenceVerdict = { type: 'accept' };

/**
 * The sequences of a partition's idempotent producers: each record once and in order, however often
 * a producer has to send it. Mirrors the rules of Kafka's `ProducerStateManager`.
 */
export class ProducerStates {
  readonly #states = new Map<number, ProducerState>();

  constructor(states: readonly ProducerState[] = []) {
    for (const state of states) this.#states.set(state.producerId, state);
  }

  list(): readonly ProducerState[] {
    return [...this.#states.values()];
  }

  check(header: BatchHeader): SequenceVerdict {
    if (header.producerId < 0) return ACCEPT;
    const state = this.#states.get(header.producerId);
    if (state === undefined) return ACCEPT;
    const lastSequence = lastSequenceOf(header);
    if (header.producerEpoch === state.epoch) {
      const batch = state.batches.find(
        (known) =>
          known.firstSequence === header.baseSequence && known.lastSequence === lastSequence,
      );
      if (batch !== undefined) return { type: 'duplicate', batch };
    }
    if (header.producerEpoch < state.epoch) return oldEpoch(header, state);
    const last = state.batches.at(-1);
    // Only the mark of a transaction's end is known of this epoch: what came before it is forgotten.
    if (header.producerEpoch === state.epoch && last === undefined) return ACCEPT;
    const isGoingOn = header.producerEpoch === state.epoch && last !== undefined;
    const expected = isGoingOn ? after(last.lastSequence) : 0;
    return header.baseSequence === expected ? ACCEPT : outOfOrder(header, expected);
  }

  /**
   * Notes a batch that stands in the log. Its header holds the offsets that it got there.
   *
   * @param nowMs - when the producer was heard of. Not the time of its records: those may be of any age
   */
  note(header: BatchHeader, nowMs: number): void {
    if (header.producerId < 0) return;
    const known = this.#states.get(header.producerId);
    if (isControlBatch(header)) {
      this.#noteMarker(header, known, nowMs);
      return;
    }
    const earlier = known?.epoch === header.producerEpoch ? known.batches : [];
    const batch: AcceptedBatch = {
      firstSequence: header.baseSequence,
      lastSequence: lastSequenceOf(header),
      baseOffset: header.baseOffset,
      timestamp: header.maxTimestamp,
    };
    this.#states.set(header.producerId, {
      producerId: header.producerId,
      epoch: header.producerEpoch,
      batches: [...earlier.slice(1 - BATCHES_KEPT), batch],
      lastHeardMs: nowMs,
    });
  }

  /** The mark at a transaction's end has no sequence, but its epoch fences who wrote before. */
  #noteMarker(header: BatchHeader, known: ProducerState | undefined, nowMs: number): void {
    const { producerId, producerEpoch: epoch } = header;
    const batches = known?.epoch === epoch ? known.batches : [];
    this.#states.set(producerId, { producerId, epoch, batches, lastHeardMs: nowMs });
  }

  /**
   * Forgets producers that wrote nothing since `timeMs` (`producer.id.expiration.ms`), unless they
   * are `isBusy`.
   */
  forgetBefore(timeMs: number, isBusy: (producerId: number) => boolean): void {
    for (const [id, state] of this.#states) {
      if (state.lastHeardMs < timeMs && !isBusy(id)) this.#states.delete(id);
    }
  }
}

/** Sequences count up to the largest int32 and go on at 0. */
function lastSequenceOf(header: BatchHeader): number {
  const last = header.baseSequence + (header.lastOffset - header.baseOffset);
  return last > SEQUENCE_MAX ? last - SEQUENCE_MAX - 1 : last;
}

function after(sequence: number): number {
  return sequence === SEQUENCE_MAX ? 0 : sequence + 1;
}

function oldEpoch(header: BatchHeader, state: ProducerState): SequenceVerdict {
  const message =
    `Producer ${header.producerId} sent epoch ${header.producerEpoch}, but epoch ${state.epoch} ` +
    'has written here since: a newer instance took its place';
  return { type: 'refuse', error: 'INVALID_PRODUCER_EPOCH', message };
}

function outOfOrder(header: BatchHeader, expected: number): SequenceVerdict {
  const message =
    `Producer ${header.producerId} (epoch ${header.producerEpoch}) sent sequence ` +
    `${header.baseSequence}, but ${expected} comes next: a batch before it did not arrive`;
  return { type: 'refuse', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', message };
}
