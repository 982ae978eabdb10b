/**
 * Java's serialised form of a `java.util.HashMap<byte[], byte[]>`, as `FileOffsetBackingStore`
 * keeps offsets: the grammar of the Java Object Serialization Specification, version 2, section 6,
 * as far as such a map uses it.
 */
import { ConnectError } from '@sluice/api';

/** Key and value as Java holds them; either may be null. */
export type JavaMapEntry = readonly [key: Uint8Array | null, value: Uint8Array | null];

/** The stream ends too early: Java takes such a file for an empty one, and so do we. */
export class TruncatedStreamError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.TruncatedStreamError');
  static override readonly defaultCode: string = 'CONNECT_OFFSET_FILE_TRUNCATED';
}

const STREAM_MAGIC = 0xaced;
const STREAM_VERSION = 5;
const TC_NULL = 0x70;
const TC_REFERENCE = 0x71;
const TC_CLASSDESC = 0x72;
const TC_OBJECT = 0x73;
const TC_ARRAY = 0x75;
const TC_BLOCKDATA = 0x77;
const TC_ENDBLOCKDATA = 0x78;
const BASE_HANDLE = 0x7e0000;
const SC_WRITE_METHOD = 0x01;
const SC_SERIALIZABLE = 0x02;

const HASH_MAP = 'java.util.HashMap';
const HASH_MAP_UID = 0x0507dac1c31660d1n;
const BYTE_ARRAY = '[B';
const BYTE_ARRAY_UID = 0xacf317f8060854e0n;
const LOAD_FACTOR = 0.75;
const CAPACITY_MIN = 16;

/** Writes the map as Java's ObjectOutputStream would. */
export function writeJavaMap(entries: readonly JavaMapEntry[]): Buffer {
  const parts: Buffer[] = [header(entries.length)];
  let isByteArrayKnown = false;
  for (const entry of entries) {
    for (const bytes of entry) {
      if (bytes === null) {
        parts.push(Buffer.of(TC_NULL));
        continue;
      }
      parts.push(arrayHead(bytes.length, isByteArrayKnown), Buffer.from(bytes));
      isByteArrayKnown = true;
    }
  }
  parts.push(Buffer.of(TC_ENDBLOCKDATA));
  return Buffer.concat(parts);
}

/**
 * Reads such a map.
 *
 * @throws TruncatedStreamError when the bytes end too early
 * @throws ConnectError when the bytes are something else
 */
export function readJavaMap(bytes: Buffer): JavaMapEntry[] {
  return new JavaMapReader(bytes).read();
}

function header(size: number): Buffer {
  const out = new ByteWriter();
  out.u16(STREAM_MAGIC).u16(STREAM_VERSION);
  out.u8(TC_OBJECT).u8(TC_CLASSDESC).text(HASH_MAP).u64(HASH_MAP_UID);
  out.u8(SC_SERIALIZABLE | SC_WRITE_METHOD).u16(2);
  out.u8(CODE_FLOAT).text('loadFactor').u8(CODE_INT).text('threshold');
  out.u8(TC_ENDBLOCKDATA).u8(TC_NULL);
  const capacity = capacityFor(size);
  out.f32(LOAD_FACTOR).i32(capacity * LOAD_FACTOR);
  out.u8(TC_BLOCKDATA).u8(8).i32(capacity).i32(size);
  return out.bytes();
}

const CODE_FLOAT = 0x46;
const CODE_INT = 0x49;

/** The table that Java's HashMap would have at this size. */
function capacityFor(size: number): number {
  let capacity = CAPACITY_MIN;
  while (size > capacity * LOAD_FACTOR) capacity *= 2;
  return capacity;
}

function arrayHead(length: number, isClassKnown: boolean): Buffer {
  const out = new ByteWriter();
  out.u8(TC_ARRAY);
  if (isClassKnown) {
    // Handles count from the map's class (0) and the map (1); the array's class was the third.
    out.u8(TC_REFERENCE).i32(BASE_HANDLE + 2);
  } else {
    out.u8(TC_CLASSDESC).text(BYTE_ARRAY).u64(BYTE_ARRAY_UID);
    out.u8(SC_SERIALIZABLE).u16(0).u8(TC_ENDBLOCKDATA).u8(TC_NULL);
  }
  out.i32(length);
  return out.bytes();
}

class ByteWriter {
  readonly #parts: Buffer[] = [];

  u8(value: number): this {
    this.#parts.push(Buffer.of(value));
    return this;
  }

  u16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(value);
    this.#parts.push(bytes);
    return this;
  }

  i32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    this.#parts.push(bytes);
    return this;
  }

  f32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    this.#parts.push(bytes);
    return this;
  }

  u64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    this.#parts.push(bytes);
    return this;
  }

  /** Class and field names: ASCII, so Java's modified UTF-8 is the same. */
  text(value: string): this {
    const bytes = Buffer.from(value, 'latin1');
    this.u16(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** What a handle stands for: a class, a byte array, or anything that nobody refers to. */
type Handled =
  | { readonly type: 'class'; readonly name: string; readonly fieldBytes: number }
  | { readonly type: 'bytes'; readonly bytes: Buffer }
  | { readonly type: 'other' };

const FIELD_SIZES: Readonly<Record<string, number>> = {
  B: 1,
  C: 2,
  D: 8,
  F: 4,
  I: 4,
  J: 8,
  S: 2,
  Z: 1,
};

class JavaMapReader {
  readonly #bytes: Buffer;
  #at = 0;
  readonly #handles: Handled[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): JavaMapEntry[] {
    if (this.#u16() !== STREAM_MAGIC || this.#u16() !== STREAM_VERSION) {
      throw new ConnectError('it does not start as a Java object stream does');
    }
    const tag = this.#u8();
    if (tag !== TC_OBJECT) throw new ConnectError(`Expected HashMap but found ${tagName(tag)}`);
    const description = this.#classDescription();
    this.#handles.push({ type: 'other' });
    if (description === null || description.name !== HASH_MAP) {
      throw new ConnectError(`Expected HashMap but found class ${description?.name ?? 'null'}`);
    }
    this.#skip(description.fieldBytes);
    return this.#entries();
  }

  #entries(): JavaMapEntry[] {
    this.#expect(TC_BLOCKDATA, 'the size of the map');
    if (this.#u8() !== 8) throw this.#unexpected('a size block of another length');
    this.#skip(4);
    const size = this.#i32();
    if (size < 0) throw this.#unexpected(`a map of ${size} entries`);
    const entries: JavaMapEntry[] = [];
    for (let index = 0; index < size; index++) entries.push([this.#value(), this.#value()]);
    this.#expect(TC_ENDBLOCKDATA, 'the end of the map');
    return entries;
  }

  /** A byte array, a reference to an earlier one, or null. */
  #value(): Buffer | null {
    const tag = this.#u8();
    if (tag === TC_NULL) return null;
    if (tag === TC_REFERENCE) {
      const referred = this.#handles[this.#i32() - BASE_HANDLE];
      if (referred?.type !== 'bytes') throw this.#unexpected('a reference to no byte array');
      return referred.bytes;
    }
    if (tag !== TC_ARRAY) throw this.#unexpected(`${tagName(tag)} instead of a byte array`);
    const description = this.#classDescription();
    if (description?.name !== BYTE_ARRAY) {
      throw this.#unexpected(`class ${description?.name ?? 'null'} instead of a byte array`);
    }
    const slot = this.#handles.length;
    this.#handles.push({ type: 'other' });
    const bytes = this.#take(this.#i32());
    this.#handles[slot] = { type: 'bytes', bytes };
    return bytes;
  }

  #classDescription(): { readonly name: string; readonly fieldBytes: number } | null {
    const tag = this.#u8();
    if (tag === TC_NULL) return null;
    if (tag === TC_REFERENCE) {
      const referred = this.#handles[this.#i32() - BASE_HANDLE];
      if (referred?.type !== 'class') throw this.#unexpected('a reference to no class');
      return referred;
    }
    if (tag !== TC_CLASSDESC) throw this.#unexpected(`${tagName(tag)} instead of a class`);
    const name = this.#text();
    this.#skip(8);
    const slot = this.#handles.length;
    this.#handles.push({ type: 'other' });
    this.#skip(1);
    let fieldBytes = 0;
    for (let fields = this.#u16(); fields > 0; fields--) {
      const size = FIELD_SIZES[String.fromCharCode(this.#u8())];
      // Offsets need no class with object fields; whoever wrote one wrote something else.
      if (size === undefined) throw new ConnectError(`Expected HashMap but found class ${name}`);
      fieldBytes += size;
      this.#text();
    }
    this.#expect(TC_ENDBLOCKDATA, 'the end of a class');
    const parent = this.#classDescription();
    const description = {
      type: 'class',
      name,
      fieldBytes: fieldBytes + (parent?.fieldBytes ?? 0),
    } as const;
    this.#handles[slot] = description;
    return description;
  }

  #expect(tag: number, what: string): void {
    const found = this.#u8();
    if (found !== tag) throw this.#unexpected(`${tagName(found)} instead of ${what}`);
  }

  #unexpected(what: string): ConnectError {
    return new ConnectError(`it holds ${what} at byte ${this.#at}`);
  }

  #take(length: number): Buffer {
    if (length < 0) throw this.#unexpected(`an array of ${length} bytes`);
    if (this.#at + length > this.#bytes.length) {
      throw new TruncatedStreamError(`it ends at byte ${this.#bytes.length}, in the middle`);
    }
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  #skip(length: number): void {
    this.#take(length);
  }

  #u8(): number {
    return this.#take(1).readUInt8();
  }

  #u16(): number {
    return this.#take(2).readUInt16BE();
  }

  #i32(): number {
    return this.#take(4).readInt32BE();
  }

  #text(): string {
    return this.#take(this.#u16()).toString('latin1');
  }
}

function tagName(tag: number): string {
  return `the element 0x${tag.toString(16).padStart(2, '0')}`;
}
