import { readFile, rename, writeFile } from 'node:fs/promises';
import { chooseCrc32c } from '@sluice/kafka/batch';
import { SparseIndex } from './sparse-index.ts';

/** What is known of a segment without reading it. */
export interface SegmentSummary {
  /** Bytes of the segment that this summary speaks of: all of them are good, and on the disk. */
  readonly validSize: number;
  readonly nextOffset: number;
  /** -1 when the segment is empty, as is the next. */
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly index: SparseIndex;
}

const MAGIC = 0x534c4958;
const VERSION = 1;
const HEAD_BYTES = 40;
const CRC_BYTES = 4;

/** Replaces the file as a whole; a reader sees the old one or the new one. */
export async function writeIndexFile(path: string, summary: SegmentSummary): Promise<void> {
  const entries = summary.index.toBytes();
  const bytes = Buffer.alloc(HEAD_BYTES + entries.length + CRC_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(VERSION, 4);
  bytes.writeDoubleBE(summary.validSize, 8);
  bytes.writeDoubleBE(summary.nextOffset, 16);
  bytes.writeDoubleBE(summary.firstTimestamp, 24);
  bytes.writeDoubleBE(summary.maxTimestamp, 32);
  entries.copy(bytes, HEAD_BYTES);
  const end = bytes.length - CRC_BYTES;
  bytes.writeUInt32BE(chooseCrc32c()(bytes.subarray(0, end)), end);
  const temporary = `${path}.tmp`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}

/** `null` when there is no such file or it is damaged: the segment then tells all, only slower. */
export async function readIndexFile(path: string): Promise<SegmentSummary | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    return null;
  }
  const end = bytes.length - CRC_BYTES;
  if (end < HEAD_BYTES || bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(4) !== VERSION) {
    return null;
  }
  if (chooseCrc32c()(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) return null;
  return {
    validSize: bytes.readDoubleBE(8),
    nextOffset: bytes.readDoubleBE(16),
    firstTimestamp: bytes.readDoubleBE(24),
    maxTimestamp: bytes.readDoubleBE(32),
    index: SparseIndex.fromBytes(bytes.subarray(HEAD_BYTES, end)),
  };
}
