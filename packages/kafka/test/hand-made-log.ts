// A partition's log made batch by batch in memory, with transactions, and read as a broker reads it: for tests of what
// consumers do with the answers.
import type { FetchResponseAbortedTransaction } from '@sluice/protocol/gen/fetch-response';
import {
  buildEndMarker,
  type Compression,
  NO_STAMP,
  placeBatch,
  readBatchHeader,
  RecordBatchBuilder,
} from '../src/batch/index.ts';

interface LogBatch {
  readonly bytes: Buffer;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
}

interface Aborted extends FetchResponseAbortedTransaction {
  readonly markerOffset: number;
}

/** What a fetch from a log gives. */
export interface LogRead {
  readonly records: Buffer;
  readonly aborted: readonly FetchResponseAbortedTransaction[];
}

/** How a batch is appended. */
export interface AppendOptions {
  readonly producerId?: number;
  readonly compression?: Compression | null;
  /** Leaves so many offsets out before the batch, as compaction does. */
  readonly gap?: number;
}

export class HandMadeLog {
  readonly batches: LogBatch[] = [];
  leaderEpoch = 0;
  startOffset = 0;
  #endOffset = 0;
  /** First offset of the open transaction, by producer. */
  readonly #open = new Map<number, number>();
  #aborted: Aborted[] = [];

  get endOffset(): number {
    return this.#endOffset;
  }
  /** Where the first transaction begins that is not decided. */
  get lastStableOffset(): number {
    return Math.min(this.#endOffset, ...this.#open.values());
  }

  /** Appends one batch; answers its base offset. */
  append(values: readonly (string | null)[], options: AppendOptions = {}): number {
    const { producerId = -1, compression = null, gap = 0 } = options;
    const builder = new RecordBatchBuilder(Buffer.allocUnsafe(256));
    for (const value of values) {
      builder.append(1000, null, value === null ? null : Buffer.from(value), []);
    }
    const stamp =
      producerId < 0
        ? NO_STAMP
        : { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true };
    const bytes = Buffer.from(builder.finish(stamp, compression));
    this.#endOffset += gap;
    const baseOffset = this.#place(bytes, values.length);
    if (producerId >= 0 && !this.#open.has(producerId)) this.#open.set(producerId, baseOffset);
    return baseOffset;
  }

  /** Ends a producer's transaction with a marker. */
  end(producerId: number, type: 'abort' | 'commit'): number {
    const stamp = { producerId, producerEpoch: 0, baseSequence: -1, isTransactional: true };
    const markerOffset = this.#place(buildEndMarker(type, stamp, 1000, 0), 1);
    const firstOffset = this.#open.get(producerId);
    this.#open.delete(producerId);
    if (type === 'abort' && firstOffset !== undefined) {
      this.#aborted.push({ producerId, firstOffset, markerOffset });
    }
    return markerOffset;
  }

  /** Damages the bytes of the batch at this index, behind its header. */
  corrupt(index: number): void {
    const { bytes } = this.batches[index] ?? {};
    if (bytes === undefined) throw new RangeError(`There is no batch ${index}`);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 0xff;
  }

  /** Takes away everything from this offset on, as an unclean election does, and begins another epoch. */
  truncate(offset: number): void {
    while ((this.batches.at(-1)?.baseOffset ?? -1) >= offset) this.batches.pop();
    this.#endOffset = (this.batches.at(-1)?.lastOffset ?? this.startOffset - 1) + 1;
    this.#aborted = this.#aborted.filter(({ markerOffset }) => markerOffset < this.#endOffset);
    this.leaderEpoch++;
  }

  /** Where the given epoch (or the largest below it) ends. */
  epochEnd(epoch: number): { readonly leaderEpoch: number; readonly endOffset: number } {
    if (epoch >= this.leaderEpoch) return { leaderEpoch: epoch, endOffset: this.#endOffset };
    const above = this.batches.find((batch) => batch.leaderEpoch > epoch);
    const below = this.batches.findLast((batch) => batch.leaderEpoch <= epoch);
    return {
      leaderEpoch: below?.leaderEpoch ?? -1,
      endOffset: above?.baseOffset ?? this.#endOffset,
    };
  }

  /** At least the batch that holds `from`, if there is one, and more up to `maxBytes`; aborted ones as KIP-98 lists them. */
  read(from: number, maxBytes: number, isReadCommitted: boolean): LogRead {
    const limit = isReadCommitted ? this.lastStableOffset : this.#endOffset;
    const parts: Buffer[] = [];
    let size = 0;
    let end = from;
    for (const { bytes, baseOffset, lastOffset } of this.batches) {
      if (lastOffset < from) continue;
      if (baseOffset >= limit || (size > 0 && size + bytes.length > maxBytes)) break;
      parts.push(bytes);
      size += bytes.length;
      end = lastOffset + 1;
    }
    const aborted = this.#aborted
      .filter(({ firstOffset, markerOffset }) => markerOffset >= from && firstOffset < end)
      .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
    return { records: Buffer.concat(parts), aborted: isReadCommitted ? aborted : [] };
  }

  #place(bytes: Buffer, count: number): number {
    const header = readBatchHeader(bytes);
    if (header === null) throw new Error('The batch is not whole');
    const baseOffset = this.#endOffset;
    placeBatch(bytes, header, baseOffset, this.leaderEpoch);
    const lastOffset = baseOffset + count - 1;
    this.batches.push({ bytes, baseOffset, lastOffset, leaderEpoch: this.leaderEpoch });
    this.#endOffset = lastOffset + 1;
    return baseOffset;
  }
}
