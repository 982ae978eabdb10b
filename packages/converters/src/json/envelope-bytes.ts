const HEAD = Buffer.from('{"schema":');
const MIDDLE = Buffer.from(',"payload":');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Where the payload of a compact envelope begins that stands from `start` to `end`: behind
 * `{"schema":{...},"payload":`. 0 when the bytes do not start like that. The schema is not parsed,
 * only its end is looked for.
 */
export function payloadOffset(bytes: Buffer, start: number, end: number): number {
  if (!hasBytes(bytes, start, end, HEAD)) return 0;
  const schemaEnd = objectEnd(bytes, start + HEAD.length, end);
  if (schemaEnd === 0 || !hasBytes(bytes, schemaEnd, end, MIDDLE)) return 0;
  return schemaEnd + MIDDLE.length;
}

/** Whether these bytes stand at `start`, with something behind them. */
export function hasBytes(bytes: Buffer, start: number, end: number, wanted: Buffer): boolean {
  const { length } = wanted;
  return end - start > length && bytes.compare(wanted, 0, length, start, start + length) === 0;
}

/** The offset behind an object that begins at `start`; 0 when there is none. */
function objectEnd(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== OPEN) return 0;
  let depth = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) i = stringEnd(bytes, i, end);
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return i + 1;
  }
  return 0;
}

/** The offset of the quote that ends a string. */
function stringEnd(bytes: Buffer, start: number, end: number): number {
  let i = start + 1;
  while (i < end && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}
