import { INT64_MAX, TWO_POW_32 } from './int64.ts';
import { ProtocolError } from './protocol-error.ts';

/** Enough for most requests without records; the buffer doubles from here. */
const INITIAL_CAPACITY_BYTES = 512;

/** A frame's length is a signed 32-bit integer, so nothing longer can be sent. */
const CAPACITY_MAX_BYTES = 0x7fff_ffff;

/**
 * Record sets from this size on go out by reference: below it, copying is cheaper than one more
 * entry in a writev.
 */
const BY_REFERENCE_MIN_BYTES = 1024;

const STRING_MAX_BYTES = 0x7fff;

/** Bytes that were not copied: they belong before offset `at` of the writer's own buffer. */
interface Splice {
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * Writes the protocol's primitives into a buffer that grows. Large record sets are not copied but
 * kept by reference (so they must not change until they are sent): {@link chunks} gives the pieces
 * for a gathering write, {@link toBuffer} one copy of everything.
 *
 * Values that do not fit their type are a `ValueOutOfRange` or `UnsafeInteger` error, never
 * silently cut.
 */
export class Writer {
  private buffer: Buffer;
  private view: DataView;
  private pos = 0;
  private readonly splices: Splice[] = [];
  private splicedBytes = 0;

  /** `capacity`: bytes to start with; a good guess saves growing. */
  constructor(capacity: number = INITIAL_CAPACITY_BYTES) {
    this.buffer = Buffer.allocUnsafe(capacity);
    this.view = viewOf(this.buffer);
  }

  /** Bytes written so far, those by reference included. */
  get length(): number {
    return this.pos + this.splicedBytes;
  }

  /**
   * What was written, in order, large record sets by reference. The writer must not be used
   * afterwards.
   */
  chunks(): Buffer[] {
    if (this.splices.length === 0) return [this.buffer.subarray(0, this.pos)];
    const list: Buffer[] = [];
    let from = 0;
    for (const splice of this.splices) {
      if (splice.at > from) list.push(this.buffer.subarray(from, splice.at));
      list.push(splice.bytes);
      from = splice.at;
    }
    if (this.pos > from) list.push(this.buffer.subarray(from, this.pos));
    return list;
  }

  /** What was written, as one buffer (copied only when something was kept by reference). */
  toBuffer(): Buffer {
    if (this.splices.length === 0) return this.buffer.subarray(0, this.pos);
    return Buffer.concat(this.chunks(), this.length);
  }

  /** Leaves room for an int32 that {@link endLength} fills in; returns the mark that it needs. */
  startLength(): LengthMark {
    const at = this.take(4);
    return { at, lengthBefore: this.length };
  }

  /** Fills in the number of bytes written since {@link startLength}. */
  endLength(mark: LengthMark): void {
    this.view.setInt32(mark.at, this.length - mark.lengthBefore);
  }

  boolean(value: boolean): void {
    const at = this.take(1);
    this.view.setInt8(at, value ? 1 : 0);
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw outOfRange(value, 'an int8');
    const at = this.take(1);
    this.view.setInt8(at, value);
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange(value, 'an int16');
    const at = this.take(2);
    this.view.setInt16(at, value);
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange(value, 'a uint16');
    const at = this.take(2);
    this.view.setUint16(at, value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw outOfRange(value, 'an int32');
    const at = this.take(4);
    this.view.setInt32(at, value);
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) throw outOfRange(value, 'a uint32');
    const at = this.take(4);
    this.view.setUint32(at, value);
  }

  /** A safe integer, or `INT64_MAX` for Java's `Long.MAX_VALUE`. */
  int64(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.int64Max(value);
      return;
    }
    const at = this.take(8);
    this.view.setInt32(at, Math.floor(value / TWO_POW_32));
    this.view.setUint32(at + 4, value >>> 0);
  }

  float64(value: number): void {
    const at = this.take(8);
    this.view.setFloat64(at, value);
  }

  unsignedVarint(value: number): void {
    if (value >>> 0 !== value) throw outOfRange(value, 'an unsigned varint');
    let rest = value;
    let at = this.take(varintSize(value));
    while (rest > 0x7f) {
      this.view.setUint8(at++, (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.view.setUint8(at, rest);
  }

  /** A signed 32-bit integer in zigzag form. */
  varint(value: number): void {
    if ((value | 0) !== value) throw outOfRange(value, 'a varint');
    this.unsignedVarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** A safe integer in zigzag form of up to 64 bits. */
  varlong(value: number): void {
    if (!Number.isSafeInteger(value)) throw unsafe(value);
    const magnitude = value < 0 ? -value - 1 : value;
    const low = (magnitude % 0x800_0000) * 2 + (value < 0 ? 1 : 0);
    const rest = Math.floor(magnitude / 0x800_0000);
    if (rest === 0) {
      this.unsignedVarint(low);
      return;
    }
    const at = this.take(4);
    for (let index = 0; index < 4; index++) {
      this.view.setUint8(at + index, ((low >>> (7 * index)) & 0x7f) | 0x80);
    }
    this.unsignedVarint(rest);
  }

  /** Kafka's text form: base64url without padding, 22 characters. */
  uuid(value: string): void {
    const at = this.take(16);
    if (value.length !== 22 || this.buffer.write(value, at, 16, 'base64url') !== 16) {
      throw new ProtocolError(
        'ValueOutOfRange',
        `write a uuid: "${value}" is not 22 characters of base64url`,
      );
    }
  }

  string(value: string): void {
    const size = Buffer.byteLength(value);
    if (size > STRING_MAX_BYTES) throw stringTooLong(size);
    this.int16(size);
    this.text(value, size);
  }

  nullableString(value: string | null): void {
    if (value === null) this.int16(-1);
    else this.string(value);
  }

  compactString(value: string): void {
    const size = Buffer.byteLength(value);
    if (size > STRING_MAX_BYTES) throw stringTooLong(size);
    this.unsignedVarint(size + 1);
    this.text(value, size);
  }

  compactNullableString(value: string | null): void {
    if (value === null) this.unsignedVarint(0);
    else this.compactString(value);
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length);
    this.raw(value);
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value === null) this.int32(-1);
    else this.bytes(value);
  }

  compactBytes(value: Uint8Array): void {
    this.unsignedVarint(value.length + 1);
    this.raw(value);
  }

  compactNullableBytes(value: Uint8Array | null): void {
    if (value === null) this.unsignedVarint(0);
    else this.compactBytes(value);
  }

  /** A record set, or null; large ones by reference. */
  records(value: Uint8Array | null): void {
    if (value === null) {
      this.int32(-1);
      return;
    }
    this.int32(value.length);
    this.reference(value);
  }

  /** As {@link records}, with the compact length of flexible versions. */
  compactRecords(value: Uint8Array | null): void {
    if (value === null) {
      this.unsignedVarint(0);
      return;
    }
    this.unsignedVarint(value.length + 1);
    this.reference(value);
  }

  /** Count of an array, -1 for null. */
  arrayLength(count: number): void {
    this.int32(count);
  }

  /** Count of an array in flexible versions, -1 for null. */
  compactArrayLength(count: number): void {
    this.unsignedVarint(count + 1);
  }

  int8List(values: readonly number[]): void {
    for (const value of values) this.int8(value);
  }

  int16List(values: readonly number[]): void {
    for (const value of values) this.int16(value);
  }

  int32List(values: readonly number[]): void {
    for (const value of values) this.int32(value);
  }

  int64List(values: readonly number[]): void {
    for (const value of values) this.int64(value);
  }

  uuidList(values: readonly string[]): void {
    for (const value of values) this.uuid(value);
  }

  stringList(values: readonly string[]): void {
    for (const value of values) this.string(value);
  }

  compactStringList(values: readonly string[]): void {
    for (const value of values) this.compactString(value);
  }

  /** The byte before a nullable struct. */
  structPresent(present: boolean): void {
    this.int8(present ? 1 : -1);
  }

  /** Writes a tag and leaves room for its size; returns the mark that {@link endTag} needs. */
  startTag(tag: number): number {
    this.unsignedVarint(tag);
    return this.take(1) + 1;
  }

  /**
   * Fills in the size of the tagged field that began at `mark`; moves it when the size needs more
   * than one byte.
   */
  endTag(mark: number): void {
    const size = this.pos - mark;
    const extra = varintSize(size) - 1;
    if (extra > 0) {
      this.take(extra);
      this.buffer.copyWithin(mark + extra, mark, mark + size);
    }
    const end = this.pos;
    this.pos = mark - 1;
    this.unsignedVarint(size);
    this.pos = end;
  }

  /** Copies bytes as they are, without a length. */
  raw(value: Uint8Array): void {
    const at = this.take(value.length);
    this.buffer.set(value, at);
  }

  private reference(value: Uint8Array): void {
    if (value.length < BY_REFERENCE_MIN_BYTES) {
      this.raw(value);
      return;
    }
    const bytes = Buffer.isBuffer(value)
      ? value
      : Buffer.from(value.buffer, value.byteOffset, value.length);
    if (this.length + bytes.length > CAPACITY_MAX_BYTES) throw tooLarge(this.length + bytes.length);
    this.splices.push({ at: this.pos, bytes });
    this.splicedBytes += bytes.length;
  }

  private int64Max(value: number): void {
    if (value !== INT64_MAX) throw unsafe(value);
    const at = this.take(8);
    this.view.setInt32(at, 0x7fff_ffff);
    this.view.setUint32(at + 4, 0xffff_ffff);
  }

  private text(value: string, size: number): void {
    const at = this.take(size);
    this.buffer.write(value, at, size, 'utf8');
  }

  private take(size: number): number {
    const at = this.pos;
    const end = at + size;
    if (end > this.buffer.length) this.grow(end);
    this.pos = end;
    return at;
  }

  private grow(needed: number): void {
    if (needed + this.splicedBytes > CAPACITY_MAX_BYTES) throw tooLarge(needed + this.splicedBytes);
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.pos);
    this.buffer = larger;
    this.view = viewOf(larger);
  }
}

/** Where {@link Writer.startLength} left room. */
export interface LengthMark {
  readonly at: number;
  readonly lengthBefore: number;
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}

function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function outOfRange(value: number, type: string): ProtocolError {
  return new ProtocolError('ValueOutOfRange', `write ${value}: it does not fit ${type}`);
}

function unsafe(value: number): ProtocolError {
  const text = `write ${value} as a 64-bit integer: it is not a safe integer`;
  return new ProtocolError('UnsafeInteger', text);
}

function stringTooLong(size: number): ProtocolError {
  const text = `write a string of ${size} bytes: the protocol allows ${STRING_MAX_BYTES}`;
  return new ProtocolError('ValueOutOfRange', text);
}

function tooLarge(size: number): ProtocolError {
  const text = `write a message of ${size} bytes: a frame holds at most ${CAPACITY_MAX_BYTES}`;
  return new ProtocolError('ValueOutOfRange', text);
}
