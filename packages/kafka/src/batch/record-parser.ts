import { corrupt } from './batch-header.ts';
import type { UnpackedBatch } from './unpacked-batch.ts';

/** A record's shortest form: attributes, two deltas, two null lengths, no headers. */
const RECORD_MIN_BYTES = 6;

/**
 * Walks the records of one batch, front to back, checking every length against the bytes that are
 * there. Its fields hold the positions of the record that {@link RecordParser.next} found.
 */
export class RecordParser {
  offset = 0;
  timestamp = 0;
  keyStart = 0;
  keySize = 0;
  valueStart = 0;
  valueSize = 0;
  headersStart = 0;
  readonly #batch: UnpackedBatch;
  readonly #bytes: Buffer;
  #at: number;
  #left: number;
  #end = 0;

  constructor(batch: UnpackedBatch) {
    this.#batch = batch;
    this.#bytes = batch.bytes;
    this.#at = batch.start;
    this.#left = batch.recordCount;
  }

  /** Records not yet walked. */
  get left(): number {
    return this.#left;
  }

  /** Goes to the next record; false behind the last. */
  next(): boolean {
    const batch = this.#batch;
    if (this.#left === 0) {
      if (this.#at !== batch.end) throw this.#bad(`${batch.end - this.#at} bytes are left over`);
      return false;
    }
    this.#end = batch.end;
    const size = this.#varint();
    if (size < RECORD_MIN_BYTES || size > batch.end - this.#at) {
      throw this.#bad(`a record's length is ${size}`);
    }
    this.#end = this.#at + size;
    this.#at++;
    const timestampDelta = this.#varlong();
    const offsetDelta = this.#varint();
    this.offset = batch.baseOffset + offsetDelta;
    if (offsetDelta < 0 || this.offset > batch.lastOffset) {
      throw this.#bad(`a record's offset delta is ${offsetDelta}`);
    }
    this.timestamp = batch.isLogAppendTime
      ? batch.maxTimestamp
      : timestampOf(batch.baseTimestamp, timestampDelta);
    this.keySize = this.#sized();
    this.keyStart = this.#at;
    if (this.keySize > 0) this.#at += this.keySize;
    this.valueSize = this.#sized();
    this.valueStart = this.#at;
    if (this.valueSize > 0) this.#at += this.valueSize;
    this.headersStart = this.#at;
    this.#skipHeaders();
    if (this.#at !== this.#end)
      throw this.#bad(`a record has ${this.#end - this.#at} bytes too many`);
    this.#left--;
    return true;
  }

  #skipHeaders(): void {
    const count = this.#varint();
    if (count === 0) return;
    if (count < 0 || count > this.#end - this.#at) throw this.#bad(`a record has ${count} headers`);
    for (let i = 0; i < count; i++) {
      const keySize = this.#sized();
      if (keySize < 0) throw this.#bad('a header has no key');
      this.#at += keySize;
      const valueSize = this.#sized();
      if (valueSize > 0) this.#at += valueSize;
    }
  }

  /** A length, -1 for null, of bytes that must lie within the record. */
  #sized(): number {
    const size = this.#varint();
    if (size >= -1 && size <= this.#end - this.#at) return size;
    throw this.#bad(`a length of ${size} does not fit the ${this.#end - this.#at} bytes left`);
  }

  #varint(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] ?? 0;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > 28) throw this.#bad('a number is longer than 32 bits');
      byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    if (at > this.#end) throw this.#bad('a number reaches beyond its record');
    this.#at = at;
    return (value >>> 1) ^ -(value & 1);
  }

  #varlong(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] ?? 0;
    let low = byte & 0x7f;
    // Four bytes hold more than a day in milliseconds: what batches have.
    for (let shift = 7; byte >= 0x80 && shift < 28; shift += 7) {
      byte = bytes[at++] ?? 0;
      low |= (byte & 0x7f) << shift;
    }
    if (byte >= 0x80) return this.#longVarlong();
    if (at > this.#end) throw this.#badTimestamp();
    this.#at = at;
    return (low >>> 1) ^ -(low & 1);
  }

  #longVarlong(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
    }
    throw this.#badTimestamp();
  }

  #badTimestamp(): Error {
    return this.#bad('a timestamp is longer than 64 bits or reaches beyond its record');
  }

  #bad(what: string): Error {
    const index = this.#batch.recordCount - this.#left;
    return corrupt(
      this.#batch.baseOffset,
      `${what} (record ${index} of ${this.#batch.recordCount})`,
    );
  }
}

function timestampOf(base: number, delta: number): number {
  const timestamp = base + delta;
  // Beyond 2^53 only damaged or hostile clients write: kept as the largest that is exact.
  if (Number.isSafeInteger(timestamp)) return timestamp;
  return timestamp > 0 ? Number.MAX_SAFE_INTEGER : -1;
}
