/** A known batch boundary of a segment, and the newest timestamp before it. */
export interface IndexEntry {
  readonly offset: number;
  readonly position: number;
  /** Newest timestamp of all batches before `position`; -1 when there are none. */
  readonly maxTimestampBefore: number;
}

const FIELDS = 3;
const INITIAL_ENTRIES = 16;

/**
 * Where the batches of one segment lie, one entry for every so many bytes: look up, then scan the
 * headers from there. Offset index and time index in one, because both need the same positions.
 * Entries are numbers in one flat array: 24 bytes each.
 */
export class SparseIndex {
  #numbers: Float64Array;
  #count: number;

  constructor(numbers: Float64Array = new Float64Array(INITIAL_ENTRIES * FIELDS), count = 0) {
    this.#numbers = numbers;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  /** Entries come in the order of their offsets. */
  add(entry: IndexEntry): void {
    const at = this.#count * FIELDS;
    if (at + FIELDS > this.#numbers.length) this.#grow();
    this.#numbers[at] = entry.offset;
    this.#numbers[at + 1] = entry.position;
    this.#numbers[at + 2] = entry.maxTimestampBefore;
    this.#count++;
  }

  /** The last entry at or below `offset`; `null` when the scan has to begin at the segment's start. */
  floorByOffset(offset: number): IndexEntry | null {
    return this.#lastWhere((at) => (this.#numbers[at] ?? 0) <= offset);
  }

  /**
   * The last entry before which every timestamp is older than `timestamp`: the first batch with a
   * timestamp that is not older lies there or further on.
   */
  floorByTimestamp(timestamp: number): IndexEntry | null {
    return this.#lastWhere((at) => (this.#numbers[at + 2] ?? 0) < timestamp);
  }

  /** The entries as they are kept on disk; see {@link SparseIndex.fromBytes}. */
  toBytes(): Buffer {
    const used = this.#numbers.subarray(0, this.#count * FIELDS);
    const bytes = Buffer.alloc(used.length * 8);
    used.forEach((value, i) => bytes.writeDoubleBE(value, i * 8));
    return bytes;
  }

  static fromBytes(bytes: Buffer): SparseIndex {
    const numbers = new Float64Array(Math.max(bytes.length / 8, INITIAL_ENTRIES * FIELDS));
    for (let at = 0; at < bytes.length; at += 8) numbers[at / 8] = bytes.readDoubleBE(at);
    return new SparseIndex(numbers, bytes.length / 8 / FIELDS);
  }

  /** Binary search: `holds` is true for entries up to some place and false behind it. */
  #lastWhere(holds: (at: number) => boolean): IndexEntry | null {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle * FIELDS)) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : this.#entry((low - 1) * FIELDS);
  }

  #entry(at: number): IndexEntry {
    return {
      offset: this.#numbers[at] ?? 0,
      position: this.#numbers[at + 1] ?? 0,
      maxTimestampBefore: this.#numbers[at + 2] ?? -1,
    };
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
