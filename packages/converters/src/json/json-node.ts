import { JsonNumber } from './json-number.ts';

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(json: unknown): json is JsonObject {
  return (
    typeof json === 'object' &&
    json !== null &&
    !Array.isArray(json) &&
    !(json instanceof JsonNumber)
  );
}

/** What Java calls a node of this kind in its error texts. */
export function nodeTypeOf(json: unknown): string {
  if (json === undefined) return 'MISSING';
  if (json === null) return 'NULL';
  if (Array.isArray(json)) return 'ARRAY';
  if (isJsonObject(json)) return 'OBJECT';
  if (json instanceof JsonNumber) return 'NUMBER';
  return (typeof json).toUpperCase();
}

/** Thrown to have the text parsed again with all digits; never leaves the converter. */
export class NeedsExactNumbers extends Error {}

/** Base64 with padding, white space allowed; `null` when the text is something else. */
export function base64Bytes(text: string): Uint8Array | null {
  const packed = /[\s]/.test(text) ? text.replace(/[\s]+/g, '') : text;
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return null;
  return Buffer.from(packed, 'base64');
}
