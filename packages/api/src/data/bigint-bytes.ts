/** Two's complement, big-endian, as short as can be: what `BigInteger.toByteArray` gives. */
export function bigintToBytes(value: bigint): Uint8Array {
  // One bit more than the magnitude needs, for the sign.
  const magnitude = value < 0n ? -value - 1n : value;
  const bits = magnitude === 0n ? 1 : magnitude.toString(16).length * 4 + 1;
  const width = Math.ceil(bits / 8);
  const hex = BigInt.asUintN(width * 8, value)
    .toString(16)
    .padStart(width * 2, '0');
  const bytes = Buffer.from(hex, 'hex');
  return isRedundant(bytes) ? bytes.subarray(1) : bytes;
}

/** Whether the first byte only repeats the sign of the second. */
function isRedundant(bytes: Uint8Array): boolean {
  const [first = 0, second] = bytes;
  if (second === undefined) return false;
  return (first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80);
}

/** The reverse of {@link bigintToBytes}; no bytes at all are `null`: they are no number. */
export function bytesToBigint(bytes: Uint8Array): bigint | null {
  if (bytes.length === 0) return null;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}
