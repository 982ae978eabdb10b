import { ConfigError } from '@sluice/api';
import { asBuffer } from './as-buffer.ts';

/** Text to bytes and back in one character set. */
export interface Charset {
  /** Characters that the set does not have become `?`, as in Java. */
  encode(text: string): Uint8Array;
  /** Bytes that stand for nothing become U+FFFD, as in Java. */
  decode(bytes: Uint8Array): string;
}

/** Sets in which one character may take several bytes, by the names that TextDecoder has. */
const MULTI_BYTE: ReadonlySet<string> = new Set([
  'gbk',
  'gb18030',
  'big5',
  'euc-jp',
  'iso-2022-jp',
  'shift_jis',
  'euc-kr',
]);

/** The default of everything. */
export const UTF_8: Charset = {
  encode: (text) => Buffer.from(text, 'utf8'),
  decode: (bytes) => asBuffer(bytes).toString('utf8'),
};

/**
 * A character set by its Java name. UTF-8, UTF-16 in all forms and every single-byte set.
 *
 * @throws ConfigError for an unknown set, or one of several bytes per character
 */
export function charsetOf(name: string): Charset {
  switch (name.toUpperCase()) {
    case 'UTF-8':
    case 'UTF8':
      return UTF_8;
    case 'UTF-16':
      return { encode: (text) => withMark(utf16Be(text)), decode: decodeUtf16 };
    case 'UTF-16BE':
      return { encode: utf16Be, decode: (bytes) => decodeUtf16Be(bytes) };
    case 'UTF-16LE':
      return { encode: (text) => Buffer.from(text, 'utf16le'), decode: decodeUtf16Le };
    case 'ISO-8859-1':
    case 'ISO8859_1':
    case 'LATIN1':
      return singleByte(Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)));
    case 'US-ASCII':
    case 'ASCII':
      return singleByte(Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)));
    default:
      return otherCharset(name);
  }
}

function utf16Be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function withMark(bytes: Buffer): Uint8Array {
  return bytes.length === 0 ? bytes : Buffer.concat([Buffer.from([0xfe, 0xff]), bytes]);
}

/** By the byte order mark; without one Java takes big-endian. */
function decodeUtf16(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16Le(bytes.subarray(2));
  const isMarked = bytes[0] === 0xfe && bytes[1] === 0xff;
  return decodeUtf16Be(isMarked ? bytes.subarray(2) : bytes);
}

function decodeUtf16Be(bytes: Uint8Array): string {
  return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes);
}

function decodeUtf16Le(bytes: Uint8Array): string {
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
}

function otherCharset(name: string): Charset {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(name);
  } catch {
    throw ConfigError.ofValue('converter.encoding', name, 'Unknown character set');
  }
  // Java leaves holes where the Web's tables have control characters.
  const isWindows = decoder.encoding.startsWith('windows-');
  const characters = Array.from({ length: 256 }, (_, code) => {
    const character = decoder.decode(Uint8Array.of(code));
    const isHole = isWindows && code >= 0x80 && code <= 0x9f && character.charCodeAt(0) === code;
    return isHole ? '\ufffd' : character;
  });
  if (MULTI_BYTE.has(decoder.encoding)) {
    throw ConfigError.ofValue(
      'converter.encoding',
      name,
      'Character sets of several bytes per character other than UTF-8 and UTF-16 are not supported',
    );
  }
  return singleByte(characters);
}

/** A set that is a table: byte to character. */
function singleByte(characters: readonly string[]): Charset {
  const bytesOf = new Map(characters.map((character, code) => [character, code]));
  bytesOf.delete('\ufffd');
  const questionMark = 0x3f;
  return {
    encode: (text) => Buffer.from(Array.from(text, (c) => bytesOf.get(c) ?? questionMark)),
    decode: (bytes) => Array.from(bytes, (byte) => characters[byte] ?? '\ufffd').join(''),
  };
}
