const TWO_POW_32 = 0x1_0000_0000;

/**
 * A big-endian 64-bit integer, or `NaN` when a number can't hold it exactly (callers turn that into
 * their error).
 */
export function readInt64(bytes: Buffer, at: number): number {
  const value = bytes.readInt32BE(at) * TWO_POW_32 + bytes.readUInt32BE(at + 4);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Writes a safe integer as a big-endian 64-bit one. */
export function writeInt64(bytes: Buffer, at: number, value: number): void {
  bytes.writeInt32BE(Math.floor(value / TWO_POW_32), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}
