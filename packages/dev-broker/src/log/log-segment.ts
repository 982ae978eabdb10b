import { rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type BatchHeader,
  batchSizeAt,
  LOG_OVERHEAD_BYTES,
  readBatchHeader,
} from './batch-header.ts';
import { type BatchVisitor, type ScanEnd, scanBatches } from './batch-scan.ts';
import type { LogFile, OpenLogFile } from '../storage/log-file.ts';
import { readIndexFile, type SegmentSummary, writeIndexFile } from './segment-index-file.ts';
import { SparseIndex } from './sparse-index.ts';

/** A segment's place and how it is kept. */
export interface SegmentSpec {
  readonly directory: string;
  readonly baseOffset: number;
  /** Bytes between two index entries. */
  readonly indexIntervalBytes: number;
  readonly openFile: OpenLogFile;
}

/** What {@link LogSegment.recover} found. */
export interface SegmentRecovery {
  /** Bytes cut off because they were no whole batch. */
  readonly droppedBytes: number;
  readonly problem: string | null;
}

/** Positions that recent reads ended at; that many readers are found without a search. */
const CURSORS_MAX = 16;
const OFFSET_DIGITS = 20;

/** `00000000000000000042.log`, as Kafka names them. */
export function segmentFileName(baseOffset: number, suffix: '.log' | '.index'): string {
  return `${String(baseOffset).padStart(OFFSET_DIGITS, '0')}${suffix}`;
}

/**
 * One file of a partition's log and the index to it. Only the last segment of a log is appended to,
 * after {@link recover}; older ones open their file when they are first read. Calls that change it
 * come one at a time (the log sees to that); reads may run beside them.
 */
export class LogSegment {
  readonly baseOffset: number;
  readonly #spec: SegmentSpec;
  #opened: Promise<LogFile> | null = null;
  #index = new SparseIndex();
  #size = 0;
  #isClosed = false;
  #nextOffset: number;
  #firstTimestamp = -1;
  #maxTimestamp = -1;
  #lastIndexedAt = 0;
  readonly #cursors = new Map<number, number>();

  constructor(spec: SegmentSpec) {
    this.#spec = spec;
    this.baseOffset = spec.baseOffset;
    this.#nextOffset = spec.baseOffset;
  }

  /** Bytes of whole batches. Known once the segment was opened. */
  get sizeInBytes(): number {
    return this.#size;
  }
  get nextOffset(): number {
    return this.#nextOffset;
  }
  /** Newest timestamp of any batch; -1 when there is none. */
  get maxTimestamp(): number {
    return this.#maxTimestamp;
  }
  /** Timestamp of the first batch; -1 when there is none. */
  get firstTimestamp(): number {
    return this.#firstTimestamp;
  }
  get #logPath(): string {
    return path.join(this.#spec.directory, segmentFileName(this.baseOffset, '.log'));
  }
  get #indexPath(): string {
    return path.join(this.#spec.directory, segmentFileName(this.baseOffset, '.index'));
  }

  /**
   * Makes the segment fit for appends: checks what was written since the last checkpoint, and cuts
   * off a torn end.
   */
  async recover(): Promise<SegmentRecovery> {
    const file = await this.#spec.openFile(this.#logPath);
    const end = await this.#load(file, true);
    this.#opened = Promise.resolve(file);
    const droppedBytes = file.initialSize - this.#size;
    if (droppedBytes > 0) await file.truncate(this.#size);
    return { droppedBytes, problem: end.problem };
  }

  /** Opens a segment that is only read. Rejects when its file is gone, or the segment closed. */
  open(): Promise<LogFile> {
    if (this.#isClosed) return Promise.reject(new Error(`${this.#logPath} is closed`));
    if (this.#opened === null) {
      const opening = this.#spec.openFile(this.#logPath, 'existing').then(async (file) => {
        await this.#load(file, false);
        return file;
      });
      this.#opened = opening;
      // A failed attempt is forgotten, so that the next read tries again.
      opening.catch(() => {
        this.#opened = null;
      });
    }
    return this.#opened;
  }

  /**
   * Writes a batch at the end, on the disk (not only in the page cache) with `isSynced`. When the
   * disk refuses, the segment stays as it was: what got through is cut off again.
   */
  async append(batch: Buffer, header: BatchHeader, isSynced: boolean): Promise<void> {
    const file = await this.open();
    const position = this.#size;
    try {
      await file.write([batch], position);
      if (isSynced) await file.sync();
    } catch (error) {
      // If even this fails, the next append overwrites the same place, and recovery cuts the rest.
      await file.truncate(position).catch(() => undefined);
      throw error;
    }
    this.#note(header, position);
  }

  /**
   * Whole batches from the one that holds `offset` (or the next one) on.
   *
   * @param maxBytes - no more than this, except for the first batch with `atLeastOne`
   * @param endOffset - no batch that begins here or later
   */
  async read(
    offset: number,
    maxBytes: number,
    atLeastOne: boolean,
    endOffset = Infinity,
  ): Promise<Buffer> {
    const file = await this.open();
    const end = this.#size;
    const position = this.#cursors.get(offset) ?? (await this.#positionOf(file, offset));
    if (position >= end) return NO_BYTES;
    let chunk = await file.read(
      position,
      Math.min(Math.max(maxBytes, LOG_OVERHEAD_BYTES), end - position),
    );
    const firstSize = batchSizeAt(chunk, 0);
    if (firstSize > chunk.length) {
      if (!atLeastOne) return NO_BYTES;
      chunk = await file.read(position, firstSize);
    } else if (firstSize > maxBytes && !atLeastOne) return NO_BYTES;
    const { length, nextOffset } = wholeBatches(chunk, endOffset);
    if (length > 0) this.#remember(nextOffset, position + length);
    return chunk.subarray(0, length);
  }

  /** Walks over the headers from the batch that holds `offset` on. */
  async scan(offset: number, visit: BatchVisitor): Promise<ScanEnd> {
    const file = await this.open();
    const from = this.#index.floorByOffset(offset)?.position ?? 0;
    const range = { from, to: this.#size, minOffset: this.baseOffset };
    return scanBatches(file, range, (header, position, bytes) =>
      header.lastOffset < offset ? undefined : visit(header, position, bytes),
    );
  }

  /** The first batch that reaches to `minOffset` with a timestamp of at least `timestamp`. */
  async firstBatchSince(timestamp: number, minOffset: number): Promise<Buffer | null> {
    const file = await this.open();
    if (this.#maxTimestamp < timestamp) return null;
    const byTime = this.#index.floorByTimestamp(timestamp)?.position ?? 0;
    const byOffset = this.#index.floorByOffset(minOffset)?.position ?? 0;
    const from = Math.max(byTime, byOffset);
    const range = { from, to: this.#size, minOffset: this.baseOffset };
    let size = 0;
    const end = await scanBatches(file, range, (header) => {
      if (header.maxTimestamp < timestamp || header.lastOffset < minOffset) return undefined;
      size = header.sizeInBytes;
      return false;
    });
    return size === 0 ? null : file.read(end.position, size);
  }

  /** Puts what was written on the disk. */
  async sync(): Promise<void> {
    await (await this.open()).sync();
  }

  /** {@link sync}, and notes how far the segment is good, so that recovery begins there. */
  async checkpoint(): Promise<void> {
    const file = await this.open();
    const summary: SegmentSummary = {
      validSize: this.#size,
      nextOffset: this.#nextOffset,
      firstTimestamp: this.#firstTimestamp,
      maxTimestamp: this.#maxTimestamp,
      index: SparseIndex.fromBytes(this.#index.toBytes()),
    };
    await file.sync();
    await writeIndexFile(this.#indexPath, summary);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#isClosed = true;
    this.#opened = null;
    if (opened !== null) await (await opened).close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#logPath, { force: true });
    await rm(this.#indexPath, { force: true });
  }

  /** Index, size and ends: from the index file as far as it goes, from the batches behind it. */
  async #load(file: LogFile, isChecked: boolean): Promise<ScanEnd> {
    const summary = await readIndexFile(this.#indexPath);
    if (summary !== null && summary.validSize <= file.initialSize) {
      this.#index = summary.index;
      this.#size = summary.validSize;
      this.#nextOffset = summary.nextOffset;
      this.#firstTimestamp = summary.firstTimestamp;
      this.#maxTimestamp = summary.maxTimestamp;
      this.#lastIndexedAt = summary.validSize;
    }
    const range = {
      from: this.#size,
      to: file.initialSize,
      minOffset: this.#nextOffset,
      isChecked,
    };
    return scanBatches(file, range, (header, position) => {
      this.#note(header, position);
      return undefined;
    });
  }

  #note(header: BatchHeader, position: number): void {
    if (position - this.#lastIndexedAt >= this.#spec.indexIntervalBytes) {
      const maxTimestampBefore = this.#maxTimestamp;
      this.#index.add({ offset: header.baseOffset, position, maxTimestampBefore });
      this.#lastIndexedAt = position;
    }
    if (position === 0) this.#firstTimestamp = header.maxTimestamp;
    this.#size = position + header.sizeInBytes;
    this.#nextOffset = header.lastOffset + 1;
    this.#maxTimestamp = Math.max(this.#maxTimestamp, header.maxTimestamp);
  }

  async #positionOf(file: LogFile, offset: number): Promise<number> {
    if (offset >= this.#nextOffset) return this.#size;
    const from = this.#index.floorByOffset(offset)?.position ?? 0;
    const range = { from, to: this.#size, minOffset: this.baseOffset };
    const end = await scanBatches(file, range, (header) => header.lastOffset < offset);
    return end.position;
  }

  #remember(offset: number, position: number): void {
    this.#cursors.delete(offset);
    this.#cursors.set(offset, position);
    if (this.#cursors.size <= CURSORS_MAX) return;
    const [oldest] = this.#cursors.keys();
    if (oldest !== undefined) this.#cursors.delete(oldest);
  }
}

const NO_BYTES = Buffer.alloc(0);

/** How much of the chunk is whole batches before `endOffset`, and the offset behind them. */
function wholeBatches(
  chunk: Buffer,
  endOffset: number,
): { readonly length: number; readonly nextOffset: number } {
  let length = 0;
  let nextOffset = -1;
  for (;;) {
    const size = batchSizeAt(chunk, length);
    if (size === -1 || length + size > chunk.length) break;
    const header = readBatchHeader(chunk, length);
    if (header.baseOffset >= endOffset) break;
    nextOffset = header.lastOffset + 1;
    length += size;
  }
  return { length, nextOffset };
}
