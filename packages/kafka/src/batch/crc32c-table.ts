/**
 * CRC-32C (Castagnoli), the checksum of record batches. `previous` continues a checksum over
 * several pieces.
 */
export type Crc32c = (bytes: Uint8Array, previous?: number) => number;

/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f6_3b78;
const SLICES = 8;

/** CRC-32C without native code: eight bytes per step through eight tables (8 KiB, built here). */
export function makeCrc32cTable(): Crc32c {
  const table = buildTables();
  const at = (slice: number, byte: number): number => table[slice * 256 + byte] ?? 0;
  return (bytes, previous = 0) => {
    let crc = ~previous;
    let i = 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const end = bytes.length - (bytes.length % SLICES); i < end; i += SLICES) {
      const low = crc ^ view.getInt32(i, true);
      const high = view.getInt32(i + 4, true);
      crc =
        at(7, low & 0xff) ^
        at(6, (low >>> 8) & 0xff) ^
        at(5, (low >>> 16) & 0xff) ^
        at(4, low >>> 24) ^
        at(3, high & 0xff) ^
        at(2, (high >>> 8) & 0xff) ^
        at(1, (high >>> 16) & 0xff) ^
        at(0, high >>> 24);
    }
    for (; i < bytes.length; i++) crc = (crc >>> 8) ^ at(0, (crc ^ (bytes[i] ?? 0)) & 0xff);
    return ~crc >>> 0;
  };
}

function buildTables(): Int32Array {
  const table = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (POLYNOMIAL & -(crc & 1));
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256] ?? 0;
    table[i] = (before >>> 8) ^ (table[before & 0xff] ?? 0);
  }
  return table;
}
