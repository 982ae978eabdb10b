import { INT64_MAX, TWO_POW_32, UNSAFE_HIGH_WORD } from './int64.ts';
import { ProtocolError } from './protocol-error.ts';

/** An unsigned varint of 32 bits has at most five bytes; the fifth carries four bits. */
const VARINT_LAST_SHIFT = 28;
const VARLONG_MAX_BYTES = 10;

/**
 * Reads the protocol's primitives, front to back, from one contiguous buffer. Nothing is copied:
 * `bytes` and `records` are views into the buffer. Lengths and counts are checked against the bytes
 * that are left before anything is allocated, so hostile input costs no more than its own size.
 *
 * Every method throws a `ProtocolError` with the offset at which it failed; the position is then
 * undefined.
 */
export class Reader {
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private readonly end: number;
  private pos: number;

  /**
   * Reads `bytes` from `start` up to (not including) `end`; offsets count from the start of
   * `bytes`.
   */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (start < 0 || end > bytes.length || start > end) {
      throw new RangeError(`Reader: ${start} to ${end} is not within ${bytes.length} bytes`);
    }
    this.end = end;
    this.pos = start;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.pos;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.end - this.pos;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int8(): number {
    const at = this.take(1);
    return this.view.getInt8(at);
  }

  int16(): number {
    const at = this.take(2);
    return this.view.getInt16(at);
  }

  uint16(): number {
    const at = this.take(2);
    return this.view.getUint16(at);
  }

  int32(): number {
    const at = this.take(4);
    return this.view.getInt32(at);
  }

  uint32(): number {
    const at = this.take(4);
    return this.view.getUint32(at);
  }

  /**
   * A 64-bit integer as a safe number; `Long.MAX_VALUE` is {@link INT64_MAX}; other large ones are
   * an error.
   */
  int64(): number {
    const at = this.take(8);
    const high = this.view.getInt32(at);
    const low = this.view.getUint32(at + 4);
    if (high <= -UNSAFE_HIGH_WORD || high >= UNSAFE_HIGH_WORD) return unsafeInt64(high, low, at);
    return high * TWO_POW_32 + low;
  }

  float64(): number {
    const at = this.take(8);
    return this.view.getFloat64(at);
  }

  /** An unsigned integer of up to 32 bits in one to five bytes. */
  unsignedVarint(): number {
    let byte = this.nextByte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift <= VARINT_LAST_SHIFT; shift += 7) {
      byte = this.nextByte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (shift === VARINT_LAST_SHIFT && byte > 0x0f) break;
        return value >>> 0;
      }
    }
    throw new ProtocolError('MalformedVarint', 'read a varint: it is longer than 32 bits', {
      offset: this.pos - 1,
    });
  }

  /** A signed (zigzag) integer of up to 32 bits. */
  varint(): number {
    const value = this.unsignedVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A signed (zigzag) integer of up to 64 bits, as a safe number. */
  varlong(): number {
    const start = this.pos;
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let index = 0; index < VARLONG_MAX_BYTES; index++) {
      const byte = this.nextByte();
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (7 * index);
      else if (index < 8) middle |= bits << (7 * (index - 4));
      else high |= bits << (7 * (index - 8));
      // The tenth byte has room for one bit.
      if (index === VARLONG_MAX_BYTES - 1 && byte > 1) break;
      if (byte < 0x80) return zigzagParts(low, middle, high, start);
    }
    throw new ProtocolError('MalformedVarint', 'read a varlong: it is longer than 64 bits', {
      offset: this.pos - 1,
    });
  }

  /** 16 bytes as Kafka's text: base64url without padding, 22 characters. */
  uuid(): string {
    const at = this.take(16);
    return this.buffer.toString('base64url', at, at + 16);
  }

  string(): string {
    return this.text(notNull(this.int16(), this.pos - 2));
  }

  nullableString(): string | null {
    const length = this.int16();
    return length === -1 ? null : this.text(length);
  }

  compactString(): string {
    return this.text(notNull(this.unsignedVarint() - 1, this.pos - 1));
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1;
    return length === -1 ? null : this.text(length);
  }

  bytes(): Buffer {
    return this.slice(notNull(this.int32(), this.pos - 4));
  }

  nullableBytes(): Buffer | null {
    const length = this.int32();
    return length === -1 ? null : this.slice(length);
  }

  compactBytes(): Buffer {
    return this.slice(notNull(this.unsignedVarint() - 1, this.pos - 1));
  }

  compactNullableBytes(): Buffer | null {
    const length = this.unsignedVarint() - 1;
    return length === -1 ? null : this.slice(length);
  }

  /**
   * Count of an array that may not be null. At most the bytes that are left: every element has at
   * least one.
   */
  arrayLength(): number {
    return this.count(notNull(this.int32(), this.pos - 4));
  }

  /** Count of an array, -1 for null. */
  nullableArrayLength(): number {
    const length = this.int32();
    return length === -1 ? -1 : this.count(length);
  }

  compactArrayLength(): number {
    return this.count(notNull(this.unsignedVarint() - 1, this.pos - 1));
  }

  compactNullableArrayLength(): number {
    const length = this.unsignedVarint() - 1;
    return length === -1 ? -1 : this.count(length);
  }

  int8List(count: number): number[] {
    const list: number[] = [];
    for (let index = 0; index < count; index++) list.push(this.int8());
    return list;
  }

  int16List(count: number): number[] {
    const list: number[] = [];
    for (let index = 0; index < count; index++) list.push(this.int16());
    return list;
  }

  int32List(count: number): number[] {
    const list: number[] = [];
    for (let index = 0; index < count; index++) list.push(this.int32());
    return list;
  }

  int64List(count: number): number[] {
    const list: number[] = [];
    for (let index = 0; index < count; index++) list.push(this.int64());
    return list;
  }

  uuidList(count: number): string[] {
    const list: string[] = [];
    for (let index = 0; index < count; index++) list.push(this.uuid());
    return list;
  }

  stringList(count: number): string[] {
    const list: string[] = [];
    for (let index = 0; index < count; index++) list.push(this.string());
    return list;
  }

  compactStringList(count: number): string[] {
    const list: string[] = [];
    for (let index = 0; index < count; index++) list.push(this.compactString());
    return list;
  }

  /** As {@link int32List}; a count of -1 gives null. */
  nullableInt32List(count: number): number[] | null {
    return count === -1 ? null : this.int32List(count);
  }

  /** As {@link uuidList}; a count of -1 gives null. */
  nullableUuidList(count: number): string[] | null {
    return count === -1 ? null : this.uuidList(count);
  }

  /** As {@link stringList}; a count of -1 gives null. */
  nullableStringList(count: number): string[] | null {
    return count === -1 ? null : this.stringList(count);
  }

  /** As {@link compactStringList}; a count of -1 gives null. */
  nullableCompactStringList(count: number): string[] | null {
    return count === -1 ? null : this.compactStringList(count);
  }

  /** The byte before a nullable struct: false when the struct is null. */
  structPresent(): boolean {
    return this.int8() >= 0;
  }

  /** Skips a section of tagged fields of which none is known. */
  skipTags(): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      this.unsignedVarint();
      this.slice(this.unsignedVarint());
    }
  }

  /** Reads the size of a tagged field and returns the offset at which the field ends. */
  startTag(): number {
    const size = this.unsignedVarint();
    this.requireRoom(size);
    return this.pos + size;
  }

  /** Checks that a tagged field was read up to its end. */
  endTag(end: number): void {
    if (this.pos === end) return;
    throw new ProtocolError(
      'TaggedFieldSize',
      `read a tagged field: its size says it ends at ${end}, its content at ${this.pos}`,
      { offset: this.pos },
    );
  }

  /** Skips an unknown tagged field that ends at `end` (from {@link startTag}). */
  skipTag(end: number): void {
    this.pos = end;
  }

  /** A view of the next `length` bytes. */
  slice(length: number): Buffer {
    this.requireRoom(length);
    const start = this.pos;
    this.pos = start + length;
    return this.buffer.subarray(start, this.pos);
  }

  /** Throws `TrailingBytes` unless everything was read. */
  expectEnd(): void {
    if (this.pos === this.end) return;
    throw new ProtocolError(
      'TrailingBytes',
      `read a message: ${this.end - this.pos} bytes are left over behind it`,
      { offset: this.pos },
    );
  }

  private text(length: number): string {
    this.requireRoom(length);
    const start = this.pos;
    this.pos = start + length;
    return this.buffer.toString('utf8', start, this.pos);
  }

  private count(length: number): number {
    this.requireRoom(length);
    return length;
  }

  private nextByte(): number {
    const at = this.take(1);
    return this.view.getUint8(at);
  }

  private take(size: number): number {
    const at = this.pos;
    if (at + size > this.end) throw truncated(at, size, this.end);
    this.pos = at + size;
    return at;
  }

  private requireRoom(length: number): void {
    if (length >= 0 && length <= this.end - this.pos) return;
    throw new ProtocolError(
      'LengthOutOfRange',
      `read a length or count of ${length}: ${this.end - this.pos} bytes are left`,
      { offset: this.pos },
    );
  }
}

function truncated(offset: number, size: number, end: number): ProtocolError {
  const text = `read ${size} bytes at ${offset}: the input ends at ${end}`;
  return new ProtocolError('Truncated', text, { offset });
}

function notNull(length: number, offset: number): number {
  if (length !== -1) return length;
  throw new ProtocolError('UnexpectedNull', 'read a value that may not be null: it is null', {
    offset,
  });
}

function unsafeInt64(high: number, low: number, offset: number): number {
  if (high === 0x7fff_ffff && low === 0xffff_ffff) return INT64_MAX;
  const value = high * TWO_POW_32 + low;
  if (Number.isSafeInteger(value)) return value;
  return unsafe((BigInt(high) << 32n) | BigInt(low), offset);
}

/** Joins 28, 28 and 8 bits of a zigzag number; exact as long as the result is safe. */
function zigzagParts(low: number, middle: number, high: number, offset: number): number {
  const magnitude = (low >>> 1) + middle * 0x800_0000 + high * 0x80_0000_0000_0000;
  const value = (low & 1) === 0 ? magnitude : -magnitude - 1;
  if (Number.isSafeInteger(value)) return value;
  const zigzag = (BigInt(high) << 56n) | (BigInt(middle) << 28n) | BigInt(low);
  const exact = BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n));
  return exact === 0x7fff_ffff_ffff_ffffn ? INT64_MAX : unsafe(exact, offset);
}

function unsafe(exact: bigint, offset: number): never {
  throw new ProtocolError(
    'UnsafeInteger',
    `read a 64-bit integer: ${exact} is beyond the integers a number holds exactly`,
    { offset },
  );
}
