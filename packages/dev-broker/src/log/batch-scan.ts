import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  type BatchHeader,
  batchChecksum,
  batchMagicAt,
  batchSizeAt,
  isControlBatch,
  readBatchHeader,
} from './batch-header.ts';
import { chooseCrc32c } from '@sluice/kafka/batch';
import type { LogFile } from '../storage/log-file.ts';

/** What to look at. */
export interface ScanRange {
  readonly from: number;
  readonly to: number;
  /** Offsets below this one are a sign of damage. */
  readonly minOffset: number;
  /** Reads whole batches and checks their checksums. Default: headers only. */
  readonly isChecked?: boolean;
}

/** Where a scan ended. */
export interface ScanEnd {
  /** Behind the last good batch. */
  readonly position: number;
  /** Why the scan ended before `to`; `null` when it did not, or when the visitor ended it. */
  readonly problem: string | null;
}

/** Called for every good batch in order; `false` ends the scan before this batch. */
export type BatchVisitor = (
  header: BatchHeader,
  position: number,
  /** The batch's bytes: whole for control batches and in checked scans, else as far as they were read. */
  bytes: Buffer,
) => boolean | undefined;

const CHUNK_BYTES = 1024 * 1024;
/** A search near a known place mostly needs a few headers. */
const FIRST_CHUNK_BYTES = 16 * 1024;

/**
 * Walks over the batches of a file. Anything that is not a batch ends the walk: in a log that a
 * killed process left behind, that is where the last write was torn.
 */
export async function scanBatches(
  file: LogFile,
  range: ScanRange,
  visit: BatchVisitor,
): Promise<ScanEnd> {
  let position = range.from;
  let minOffset = range.minOffset;
  let wanted = range.isChecked === true ? CHUNK_BYTES : FIRST_CHUNK_BYTES;
  while (position < range.to) {
    const chunk = await file.read(position, Math.min(wanted, range.to - position));
    let at = 0;
    // Within a chunk; a batch that sticks out of it starts the next one.
    for (;;) {
      const verdict = judge(chunk, at, position + at, range, minOffset);
      if (verdict.type === 'damaged') return { position: position + at, problem: verdict.problem };
      if (verdict.type === 'incomplete') {
        if (at === 0) {
          if (chunk.length >= range.to - position || chunk.length < wanted) {
            return { position, problem: `the file ends inside a batch (at byte ${position})` };
          }
          wanted = verdict.needed;
        } else wanted = Math.max(CHUNK_BYTES, verdict.needed);
        break;
      }
      const bytes = chunk.subarray(at, at + verdict.header.sizeInBytes);
      if (visit(verdict.header, position + at, bytes) === false) {
        return { position: position + at, problem: null };
      }
      minOffset = verdict.header.lastOffset + 1;
      at += verdict.header.sizeInBytes;
    }
    position += at;
  }
  return { position, problem: null };
}

type Verdict =
  | { readonly type: 'batch'; readonly header: BatchHeader }
  | { readonly type: 'incomplete'; readonly needed: number }
  | { readonly type: 'damaged'; readonly problem: string };

function judge(
  chunk: Buffer,
  at: number,
  position: number,
  range: ScanRange,
  minOffset: number,
): Verdict {
  const left = chunk.length - at;
  const size = batchSizeAt(chunk, at);
  if (left < BATCH_HEADER_BYTES) return { type: 'incomplete', needed: BATCH_HEADER_BYTES };
  if (size < BATCH_HEADER_BYTES) return damaged(position, `claims a size of ${size} bytes`);
  const magic = batchMagicAt(chunk, at);
  if (magic !== BATCH_MAGIC) return damaged(position, `is of format ${magic}`);
  if (position + size > range.to) {
    return damaged(position, `is of ${size} bytes, but the file ends before`);
  }
  const header = readBatchHeader(chunk, at);
  const isWholeNeeded = range.isChecked === true || isControlBatch(header);
  if (isWholeNeeded && left < size) return { type: 'incomplete', needed: size };
  if (header.baseOffset < minOffset || header.lastOffset < header.baseOffset) {
    const text = `has offsets ${header.baseOffset} to ${header.lastOffset}, expected ${minOffset} on`;
    return damaged(position, text);
  }
  if (range.isChecked === true) {
    const { claimed, covered } = batchChecksum(chunk, at);
    if (chooseCrc32c()(covered) !== claimed) return damaged(position, 'fails its checksum');
  }
  return { type: 'batch', header };
}

function damaged(position: number, what: string): Verdict {
  return { type: 'damaged', problem: `the batch at byte ${position} ${what}` };
}
