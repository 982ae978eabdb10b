/** Bytes that an unsigned 32-bit varint takes. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Writes an unsigned 32-bit varint; returns the position behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let position = at;
  while (rest > 0x7f) {
    bytes[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}

/** Zigzag form of a signed 32-bit integer: small magnitudes become small unsigned numbers. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** Bytes of a signed integer of up to 53 bits in zigzag form. */
export function varlongSize(value: number): number {
  if (value === (value | 0)) return varintSize(zigzag(value));
  let size = 1;
  for (let rest = Math.floor(zigzagWide(value) / 0x80); rest > 0; rest = Math.floor(rest / 0x80)) {
    size++;
  }
  return size;
}

/** Writes a signed integer of up to 53 bits in zigzag form; returns the position behind it. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0)) return writeVarint(bytes, at, zigzag(value));
  let position = at;
  let rest = zigzagWide(value);
  while (rest > 0x7f) {
    bytes[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[position++] = rest;
  return position;
}

/** Timestamps have at most 52 bits here (checked by the caller), so doubling one stays exact. */
function zigzagWide(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}
