const HEAD = Buffer.from('{"schema":');
const MIDDLE = Buffer.from(',"payload":');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Where the payload of a compact envelope begins: behind `{"schema":{...},"payload":`. 0 when the
 * bytes do not start like that. The schema is not parsed, only its end is looked for.
 */
export function payloadOffset(bytes: Buffer): number {
  if (bytes.length < HEAD.length || bytes.compare(HEAD, 0, HEAD.length, 0, HEAD.length) !== 0) {
    return 0;
  }
  const end = objectEnd(bytes, HEAD.length);
  const offset = end + MIDDLE.length;
  if (end === 0 || offset >= bytes.length) return 0;
  return bytes.compare(MIDDLE, 0, MIDDLE.length, end, offset) === 0 ? offset : 0;
}

/** The offset behind an object that begins at `start`; 0 when there is none. */
function objectEnd(bytes: Buffer, start: number): number {
  if (bytes[start] !== OPEN) return 0;
  let depth = 0;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) i = stringEnd(bytes, i);
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return i + 1;
  }
  return 0;
}

/** The offset of the quote that ends a string. */
function stringEnd(bytes: Buffer, start: number): number {
  let i = start + 1;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}
