import type { SourceMap, SourceRecord } from '@sluice/api';
import type { RecordAges } from '../record-ages.ts';
import { canonicalText } from '../../storage/offset-json.ts';

/** A source partition's newest offset that may be committed. */
export interface CommittableOffset {
  readonly partition: SourceMap | null;
  readonly offset: SourceMap | null;
}

/** What a commit takes, and what is still under way. */
export interface CommittableOffsets {
  readonly offsets: readonly CommittableOffset[];
  /** Records acknowledged since the last snapshot. */
  readonly acknowledged: number;
  /** Records sent and not yet acknowledged. */
  readonly pending: number;
}

/** What a commit leaves behind: records that wait for themselves or for one before them. */
export interface HeldRecords {
  readonly records: number;
  readonly partitions: number;
  /** The source partition with the most of them. */
  readonly largest: { readonly partition: SourceMap | null; readonly records: number } | null;
}

const NONE = -1;
const ABANDONED = 2;
const CAPACITY_MIN = 1024;
// Partition objects remembered by identity, for tasks that read from several in turn.
const IDENTITIES_MAX = 256;

/**
 * Which records are in Kafka, in order per source partition: an offset may be committed once its
 * record and all before it from the same source partition are acknowledged (R4.10, Invariants 1 and 2).
 *
 * Each source partition has a queue, linked through typed arrays; a record's place in them is the
 * token that travels with it to the producer and back. No object, promise or closure per record,
 * and memory as large as what is under way, however far ahead one partition is of another.
 */
export class SubmittedRecords {
  readonly #keepsRecords: boolean;
  #next = new Int32Array(CAPACITY_MIN);
  #queueOf = new Int32Array(CAPACITY_MIN);
  #isAcked = new Uint8Array(CAPACITY_MIN);
  #timestamps = new Float64Array(CAPACITY_MIN);
  #offsets: (SourceMap | null)[] = [];
  #records: (SourceRecord | null)[] = [];
  #free = NONE;
  readonly #queues: (PartitionQueue | null)[] = [];
  readonly #freeQueues: number[] = [];
  readonly #byPartition = new Map<string, PartitionQueue>();
  readonly #byIdentity = new Map<SourceMap | null, PartitionQueue>();
  #lastQueue: PartitionQueue | null = null;
  readonly #dirty = new Set<PartitionQueue>();
  #unacked = 0;
  #acknowledged = 0;
  #drained: (() => void) | null = null;

  /** `keepsRecords`: whether `acknowledge` must answer the record (for `commitRecord`). */
  constructor(keepsRecords: boolean) {
    this.#keepsRecords = keepsRecords;
    this.#link(0, CAPACITY_MIN);
  }

  /** Records sent and not yet acknowledged. */
  get pending(): number {
    return this.#unacked;
  }

  /**
   * Notes that a record is about to be sent; the answer is its token. `timestampMs`: of the record
   * as it is sent, below 0 when it has none.
   */
  submit(record: SourceRecord, timestampMs: number): number {
    const queue = this.#queueFor(record.sourcePartition);
    if (this.#free === NONE) this.#grow();
    const token = this.#free;
    this.#free = this.#next[token] ?? NONE;
    this.#next[token] = NONE;
    this.#queueOf[token] = queue.id;
    this.#isAcked[token] = 0;
    this.#offsets[token] = record.sourceOffset;
    this.#timestamps[token] = timestampMs;
    if (this.#keepsRecords) this.#records[token] = record;
    if (queue.tail === NONE) queue.head = token;
    else this.#next[queue.tail] = token;
    queue.tail = token;
    this.#unacked += 1;
    return token;
  }

  /** The record of a token, when records are kept. */
  record(token: number): SourceRecord | null {
    return this.#records[token] ?? null;
  }

  /** How old the records of these tokens are now. */
  ages(tokens: readonly number[], nowMs: number): RecordAges {
    const timestamps = this.#timestamps;
    let sumMs = 0;
    let maxMs = 0;
    let count = 0;
    for (const token of tokens) {
      const timestampMs = timestamps[token] ?? -1;
      if (timestampMs < 0) continue;
      // A record from a clock ahead of ours is not older than nothing.
      const ageMs = nowMs > timestampMs ? nowMs - timestampMs : 0;
      sumMs += ageMs;
      count += 1;
      if (ageMs > maxMs) maxMs = ageMs;
    }
    return { sumMs, maxMs, count };
  }

  /** Kafka has the record, or it is given up with leave (`errors.tolerance=all`). */
  acknowledge(token: number): void {
    this.#isAcked[token] = 1;
    this.#unacked -= 1;
    this.#acknowledged += 1;
    const queue = this.#queues[this.#queueOf[token] ?? NONE];
    if (queue !== undefined && queue !== null && queue.head === token) this.#advance(queue);
    if (this.#unacked === 0) this.#wakeDrained();
  }

  /** The record will never be acknowledged: no offset from it on can be committed any more. */
  abandon(token: number): void {
    if (this.#isAcked[token] !== 0) return;
    this.#isAcked[token] = ABANDONED;
    this.#unacked -= 1;
    if (this.#unacked === 0) this.#wakeDrained();
  }

  /** Takes back the record submitted last: the producer did not take it. */
  withdraw(token: number): void {
    const queue = this.#queues[this.#queueOf[token] ?? NONE];
    if (queue === undefined || queue === null || queue.tail !== token) {
      throw new Error(`token ${token} was not the last one submitted`);
    }
    let before = NONE;
    for (let at = queue.head; at !== token && at !== NONE; at = this.#next[at] ?? NONE) before = at;
    if (before === NONE) queue.head = NONE;
    else this.#next[before] = NONE;
    queue.tail = before;
    this.#release(token);
    this.#unacked -= 1;
    if (this.#unacked === 0) this.#wakeDrained();
  }

  /** The offsets that may be committed and were not given before. */
  takeCommittable(): CommittableOffsets {
    const offsets: CommittableOffset[] = [];
    for (const queue of this.#dirty) {
      offsets.push({ partition: queue.partition, offset: queue.committable });
      queue.isDirty = false;
      if (queue.head === NONE) this.#forget(queue);
    }
    this.#dirty.clear();
    const acknowledged = this.#acknowledged;
    this.#acknowledged = 0;
    return { offsets, acknowledged, pending: this.#unacked };
  }

  /** What waits, queue by queue: for a line in the log at a commit, not for every record. */
  held(): HeldRecords {
    let records = 0;
    let partitions = 0;
    let largest: HeldRecords['largest'] = null;
    for (const queue of this.#queues) {
      if (queue === null || queue.head === NONE) continue;
      let length = 0;
      for (let at = queue.head; at !== NONE; at = this.#next[at] ?? NONE) length += 1;
      records += length;
      partitions += 1;
      if (length > (largest?.records ?? 0))
        largest = { partition: queue.partition, records: length };
    }
    return { records, partitions, largest };
  }

  /** Settles when nothing is pending. One waiter at a time. */
  drained(): Promise<void> {
    if (this.#unacked === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  #wakeDrained(): void {
    const drained = this.#drained;
    this.#drained = null;
    drained?.();
  }

  /** Moves a queue's head past everything acknowledged; the last offset passed is committable. */
  #advance(queue: PartitionQueue): void {
    let at = queue.head;
    while (at !== NONE && this.#isAcked[at] === 1) {
      const next: number = this.#next[at] ?? NONE;
      queue.committable = this.#offsets[at] ?? null;
      this.#release(at);
      at = next;
    }
    queue.head = at;
    if (at === NONE) queue.tail = NONE;
    if (!queue.isDirty) {
      queue.isDirty = true;
      this.#dirty.add(queue);
    }
  }

  #release(token: number): void {
    this.#offsets[token] = null;
    if (this.#keepsRecords) this.#records[token] = null;
    this.#next[token] = this.#free;
    this.#free = token;
  }

  #grow(): void {
    const size = this.#next.length;
    const next = new Int32Array(size * 2);
    next.set(this.#next);
    this.#next = next;
    const queueOf = new Int32Array(size * 2);
    queueOf.set(this.#queueOf);
    this.#queueOf = queueOf;
    const isAcked = new Uint8Array(size * 2);
    isAcked.set(this.#isAcked);
    this.#isAcked = isAcked;
    const timestamps = new Float64Array(size * 2);
    timestamps.set(this.#timestamps);
    this.#timestamps = timestamps;
    this.#link(size, size * 2);
  }

  /** Puts the tokens from `from` to `to` on the free list. */
  #link(from: number, to: number): void {
    for (let token = to - 1; token >= from; token--) {
      this.#next[token] = this.#free;
      this.#free = token;
    }
    // Filled in ascending order, so that the arrays stay dense.
    for (let token = from; token < to; token++) {
      this.#offsets.push(null);
      if (this.#keepsRecords) this.#records.push(null);
    }
  }

  #queueFor(partition: SourceMap | null): PartitionQueue {
    const last = this.#lastQueue;
    if (last !== null && isSamePartition(last.partition, partition)) return last;
    const known = this.#byIdentity.get(partition);
    if (known !== undefined) {
      this.#lastQueue = known;
      return known;
    }
    const text = canonicalText(partition);
    let queue = this.#byPartition.get(text);
    if (queue === undefined) {
      const id = this.#freeQueues.pop() ?? this.#queues.length;
      queue = new PartitionQueue(id, text, partition);
      this.#queues[id] = queue;
      this.#byPartition.set(text, queue);
    }
    if (this.#byIdentity.size >= IDENTITIES_MAX) this.#byIdentity.clear();
    this.#byIdentity.set(partition, queue);
    this.#lastQueue = queue;
    return queue;
  }

  /** Queues of partitions that are done with must not pile up (a file or shard each, say). */
  #forget(queue: PartitionQueue): void {
    this.#byPartition.delete(queue.text);
    this.#queues[queue.id] = null;
    this.#freeQueues.push(queue.id);
    if (this.#lastQueue === queue) this.#lastQueue = null;
    for (const [partition, known] of this.#byIdentity) {
      if (known === queue) this.#byIdentity.delete(partition);
    }
  }
}

class PartitionQueue {
  readonly id: number;
  readonly text: string;
  readonly partition: SourceMap | null;
  head = NONE;
  tail = NONE;
  committable: SourceMap | null = null;
  isDirty = false;

  constructor(id: number, text: string, partition: SourceMap | null) {
    this.id = id;
    this.text = text;
    this.partition = partition;
  }
}

/** True for the same object or for equal strings and numbers in the same order; else unknown. */
function isSamePartition(a: SourceMap | null, b: SourceMap | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  let left = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    left += 1;
  }
  for (const _key in b) left -= 1;
  return left === 0;
}
