import { KafkaError } from '../errors/kafka-error.ts';
import { NONE } from './batch-format.ts';
import type { RecordColumns, RecordRanges } from './record-columns.ts';
import type { RecordHeader } from './record-header.ts';
import type { UnpackedBatch } from './unpacked-batch.ts';
import type { RecordParser } from './record-parser.ts';

/** Places per record in the table of positions. */
const STRIDE = 6;
const SEGMENT = 0;
const KEY = 1;
const KEY_SIZE = 2;
const VALUE = 3;
const VALUE_SIZE = 4;
const HEADERS = 5;

/**
 * Records of one partition as positions in the bytes they came in: some 40 bytes per record and no
 * object, until a key, value or header list is asked for. Filled batch by batch with {@link
 * RecordTable.add}, then only read.
 */
export class RecordTable implements RecordColumns, RecordRanges {
  readonly topic: string;
  readonly partition: number;
  readonly #positions: Int32Array;
  readonly #offsets: Float64Array;
  readonly #timestamps: Float64Array;
  readonly #segments: UnpackedBatch[] = [];
  #count = 0;

  /** `capacity`: the most records it can hold. */
  constructor(topic: string, partition: number, capacity: number) {
    this.topic = topic;
    this.partition = partition;
    this.#positions = new Int32Array(capacity * STRIDE);
    this.#offsets = new Float64Array(capacity);
    this.#timestamps = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }
  get room(): number {
    return this.#offsets.length - this.#count;
  }

  /**
   * Takes over the next records of a batch, at most as many as there is room, leaving out those
   * before `fromOffset` (a fetch may begin in the middle of a batch).
   *
   * @throws KafkaError `CORRUPT_MESSAGE` when the bytes are not records
   */
  add(batch: UnpackedBatch, parser: RecordParser, fromOffset: number): void {
    if (this.#segments.at(-1) !== batch) this.#segments.push(batch);
    const segment = this.#segments.length - 1;
    while (this.#count < this.#offsets.length && parser.next()) {
      if (parser.offset < fromOffset) continue;
      const i = this.#count++;
      const at = i * STRIDE;
      const positions = this.#positions;
      positions[at + SEGMENT] = segment;
      positions[at + KEY] = parser.keyStart;
      positions[at + KEY_SIZE] = parser.keySize;
      positions[at + VALUE] = parser.valueStart;
      positions[at + VALUE_SIZE] = parser.valueSize;
      positions[at + HEADERS] = parser.headersStart;
      this.#offsets[i] = parser.offset;
      this.#timestamps[i] = parser.timestamp;
    }
  }

  offset(i: number): number {
    return this.#offsets[this.#checked(i)] ?? 0;
  }

  timestamp(i: number): number {
    return this.#timestamps[this.#checked(i)] ?? 0;
  }

  readonly timestampType = (i: number): 'CreateTime' | 'LogAppendTime' | 'NoTimestampType' => {
    if (this.timestamp(i) === -1) return 'NoTimestampType';
    return this.#segment(i).isLogAppendTime ? 'LogAppendTime' : 'CreateTime';
  };

  key(i: number): Buffer | null {
    return this.#bytes(i, KEY);
  }

  value(i: number): Buffer | null {
    return this.#bytes(i, VALUE);
  }

  headers(i: number): readonly RecordHeader[] {
    const start = this.#positions[this.#checked(i) * STRIDE + HEADERS] ?? 0;
    return this.#segment(i).headersAt(start);
  }

  get ranges(): RecordRanges {
    return this;
  }

  bytes(i: number): Buffer {
    return this.#segment(i).bytes;
  }

  keyStart(i: number): number {
    return this.#positions[this.#checked(i) * STRIDE + KEY] ?? 0;
  }

  keyEnd(i: number): number {
    return this.#end(i, KEY);
  }

  valueStart(i: number): number {
    return this.#positions[this.#checked(i) * STRIDE + VALUE] ?? 0;
  }

  valueEnd(i: number): number {
    return this.#end(i, VALUE);
  }

  hasHeaders(i: number): boolean {
    // No headers are written as a count of zero: one byte.
    const start = this.#positions[this.#checked(i) * STRIDE + HEADERS] ?? 0;
    return this.#segment(i).bytes[start] !== 0;
  }

  /** The leader epoch of the batch that the record is from. */
  leaderEpoch(i: number): number {
    return this.#segment(i).leaderEpoch;
  }

  #bytes(i: number, column: typeof KEY | typeof VALUE): Buffer | null {
    const at = this.#checked(i) * STRIDE;
    const size = this.#positions[at + column + 1] ?? 0;
    if (size < 0) return null;
    const start = this.#positions[at + column] ?? 0;
    return this.#segment(i).bytes.subarray(start, start + size);
  }

  #end(i: number, column: typeof KEY | typeof VALUE): number {
    const at = this.#checked(i) * STRIDE;
    const size = this.#positions[at + column + 1] ?? 0;
    return size < 0 ? NONE : (this.#positions[at + column] ?? 0) + size;
  }

  #segment(i: number): UnpackedBatch {
    const segment = this.#segments[this.#positions[this.#checked(i) * STRIDE + SEGMENT] ?? 0];
    if (segment === undefined) throw noRecord(i, this.#count);
    return segment;
  }

  #checked(i: number): number {
    if (i >= 0 && i < this.#count) return i;
    throw noRecord(i, this.#count);
  }
}

function noRecord(i: number, count: number): KafkaError {
  return new KafkaError(
    'RECORD_INDEX_OUT_OF_RANGE',
    `Record ${i} of ${count}: there is no such record.`,
  );
}
