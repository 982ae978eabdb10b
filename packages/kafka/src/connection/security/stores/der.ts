import { StoreError } from './store-error.ts';

/** Universal tags, with the bit for "constructed" where the type always has it. */
export const DER = {
  INTEGER: 0x02,
  OCTETS: 0x04,
  OID: 0x06,
  BMP_STRING: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
  /** `[0]`, explicit or constructed. */
  CONTEXT_0: 0xa0,
  /** `[0] IMPLICIT` of a primitive type. */
  CONTEXT_0_PRIMITIVE: 0x80,
} as const;

const CONSTRUCTED = 0x20;
const LONG_LENGTH = 0x80;
const LENGTH_BYTES_MAX = 4;
/** Stores nest some ten deep. */
const DEPTH_MAX = 32;

/**
 * One value of a DER text. Lengths without a number (BER, which some tools write) are read too.
 * Nothing is copied, and nothing is believed: every length is held against the bytes that are there.
 */
export class DerValue {
  readonly tag: number;
  readonly content: Buffer;
  readonly #depth: number;

  constructor(tag: number, content: Buffer, depth = 0) {
    this.tag = tag;
    this.content = content;
    this.#depth = depth;
  }

  /** The one value that `bytes` hold. @throws StoreError when they are something else */
  static parse(bytes: Buffer): DerValue {
    return readValue(bytes, 0, 0).value;
  }

  /** What a SEQUENCE, a SET or an explicit tag holds. */
  get children(): readonly DerValue[] {
    const children: DerValue[] = [];
    for (let at = 0; at < this.content.length; ) {
      const { value, end } = readValue(this.content, at, this.#depth + 1);
      children.push(value);
      at = end;
    }
    return children;
  }

  /** The child at `index`, which has to be of this type. */
  child(index: number, tag: number): DerValue {
    const child = this.children[index];
    if (child === undefined) throw malformed('a part is missing');
    return child.expect(tag);
  }

  expect(tag: number): DerValue {
    if (this.tag === tag) return this;
    throw malformed(`tag ${this.tag} where ${tag} belongs`);
  }

  /** The bytes of an OCTET STRING, in one piece or (BER) in several. */
  get octets(): Buffer {
    if ((this.tag & CONSTRUCTED) === 0) return this.content;
    return Buffer.concat(this.children.map((piece) => piece.octets));
  }

  /** A small whole number. */
  get integer(): number {
    if (this.tag !== DER.INTEGER || this.content.length === 0 || this.content.length > 5) {
      throw malformed('a number is none');
    }
    return this.content.readIntBE(0, this.content.length);
  }

  /** Dotted. */
  get oid(): string {
    this.expect(DER.OID);
    const numbers: number[] = [];
    let value = 0;
    for (const byte of this.content) {
      value = value * 0x80 + (byte & 0x7f);
      if (byte >= 0x80) continue;
      if (numbers.length === 0) numbers.push(Math.min(Math.floor(value / 40), 2));
      numbers.push(numbers.length === 1 ? value - (numbers[0] ?? 0) * 40 : value);
      value = 0;
    }
    return numbers.join('.');
  }
}

function readValue(
  bytes: Buffer,
  start: number,
  depth: number,
): { readonly value: DerValue; readonly end: number } {
  if (depth > DEPTH_MAX) throw malformed('it is nested too deep');
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw malformed('it ends too early');
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag is too large');
  if (first === LONG_LENGTH) return readOpenEnded(bytes, start, tag, depth);
  const lengthBytes = first > LONG_LENGTH ? first - LONG_LENGTH : 0;
  const contentAt = start + 2 + lengthBytes;
  if (lengthBytes > LENGTH_BYTES_MAX || contentAt > bytes.length) throw malformed('a length');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes);
  const end = contentAt + length;
  if (end > bytes.length) throw malformed('it ends too early');
  return { value: new DerValue(tag, bytes.subarray(contentAt, end), depth), end };
}

/** A value that goes on to a pair of zero bytes. */
function readOpenEnded(
  bytes: Buffer,
  start: number,
  tag: number,
  depth: number,
): { readonly value: DerValue; readonly end: number } {
  if ((tag & CONSTRUCTED) === 0) throw malformed('a length');
  let at = start + 2;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) at = readValue(bytes, at, depth + 1).end;
  return { value: new DerValue(tag, bytes.subarray(start + 2, at), depth), end: at + 2 };
}

function malformed(what: string): StoreError {
  return new StoreError(`it is no store, or damaged (${what})`);
}
