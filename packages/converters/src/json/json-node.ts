import { JsonNumber } from './json-number.ts';

/** Makes a Connect value of parsed JSON. Numbers are `number`, or `JsonNumber` with all digits. */
export type JsonReader = (json: unknown) => unknown;

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

const GROUP = /[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)/y;

/** Base64 with padding; `null` when the text is something else. */
export function base64Bytes(text: string): Uint8Array | null {
  const isPlain = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isPlain || isSpaced(text) ? Buffer.from(text, 'base64') : null;
}

/** White space may stand between groups of four characters, not inside one. */
function isSpaced(text: string): boolean {
  const group = new RegExp(GROUP);
  let position = 0;
  while (position < text.length) {
    if (text.charCodeAt(position) <= 0x20) position++;
    else {
      group.lastIndex = position;
      if (!group.test(text)) return false;
      position = group.lastIndex;
    }
  }
  return true;
}
