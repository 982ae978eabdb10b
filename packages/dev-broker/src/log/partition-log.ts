import { mkdir, rm } from 'node:fs/promises';
import { buildEndMarker } from '@sluice/kafka/batch';
import type { ProducerState } from '../producers/producer-states.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { SerialQueue } from '../storage/serial-queue.ts';
import { checkProducedBatch } from './batch-check.ts';
import {
  type BatchHeader,
  isControlBatch,
  placeBatch,
  readBatchHeader,
  stampLogAppendTime,
} from './batch-header.ts';
import { BatchLedger } from './batch-ledger.ts';
import { DiskGuard } from './disk-guard.ts';
import type { EpochEnd } from './leader-epochs.ts';
import type { LogSegment } from './log-segment.ts';
import type { LogSettings } from './log-settings.ts';
import type { PartitionLogSpec } from './partition-log-spec.ts';
import type { AbortedTransaction } from './partition-transactions.ts';
import { isOlder, segmentAt, segmentBases } from './segment-folder.ts';
import { readPartitionState, writePartitionState } from './partition-state-file.ts';

/** Where a batch went. */
export interface Appended {
  readonly baseOffset: number;
  /** -1 unless the topic stamps batches with the broker's time. */
  readonly logAppendTimeMs: number;
}

/** So much may have to be checked after a crash: some 20 ms of work. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
/** Kafka's `producer.id.expiration.ms`. */
const PRODUCER_EXPIRATION_MS = 86_400_000;
/** There is one coordinator, which never moves. */
const COORDINATOR_EPOCH = 0;

/**
 * The log of one partition: segments of raw batches, and what follows from them (sequences of
 * idempotent producers, leader epochs). One batch is appended at a time; it is visible to readers,
 * and acknowledged, when the system has taken all of it.
 */
export class PartitionLog {
  readonly #spec: PartitionLogSpec;
  readonly #guard: DiskGuard;
  readonly #segments: LogSegment[];
  readonly #appends = new SerialQueue();
  readonly #listeners = new Set<(bytes: number) => void>();
  #ledger: BatchLedger;
  #logStartOffset: number;
  #endOffset: number;
  #bytesSinceCheckpoint = 0;
  #unflushed = 0;
  #lastFlushMs: number;

  private constructor(spec: PartitionLogSpec, segments: LogSegment[], logStartOffset: number) {
    this.#spec = spec;
    this.#guard = new DiskGuard(spec);
    this.#segments = segments;
    this.#ledger = new BatchLedger(null);
    this.#logStartOffset = logStartOffset;
    this.#endOffset = logStartOffset;
    this.#lastFlushMs = spec.now();
  }

  /** Opens the log in its folder, or makes an empty one; repairs what a killed process left. */
  static async open(spec: PartitionLogSpec): Promise<PartitionLog> {
    await mkdir(spec.directory, { recursive: true });
    const state = await readPartitionState(spec.directory);
    const bases = await segmentBases(spec.directory);
    const firstBase = bases[0] ?? state?.logStartOffset ?? 0;
    const segments = (bases.length === 0 ? [firstBase] : bases).map((base) =>
      segmentAt(spec, base),
    );
    const log = new PartitionLog(spec, segments, Math.max(state?.logStartOffset ?? 0, firstBase));
    const last = log.#active;
    const recovery = await last.recover();
    log.#endOffset = Math.max(last.nextOffset, log.#logStartOffset);
    if (recovery.droppedBytes > 0) {
      spec.logger.warn(
        'Cut off the torn end of a partition: something ended in the middle of a write',
        {
          partition: spec.name,
          droppedBytes: recovery.droppedBytes,
          endOffset: log.#endOffset,
          reason: recovery.problem ?? 'the file was longer than its batches',
        },
      );
    }
    // A state from beyond the end speaks of batches that are gone: then the batches tell all.
    const isUsable = state !== null && state.offset <= log.#endOffset;
    if (isUsable) log.#ledger = new BatchLedger(state);
    await log.#replay(isUsable ? state.offset : firstBase);
    log.#ledger.epochs.note(spec.leaderEpoch, log.#endOffset);
    return log;
  }

  /** The oldest offset that can be read. */
  get logStartOffset(): number {
    return this.#logStartOffset;
  }
  /** The offset that the next record gets. With one node it is the high watermark too. */
  get endOffset(): number {
    return this.#endOffset;
  }
  /** Where readers of committed records have to stop: the start of the oldest open transaction. */
  get lastStableOffset(): number {
    return this.#ledger.transactions.lastStableOffset(this.#endOffset);
  }
  get leaderEpoch(): number {
    return this.#spec.leaderEpoch;
  }
  get sizeInBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);
  }
  get #active(): LogSegment {
    const last = this.#segments.at(-1);
    if (last === undefined) throw new Error(`${this.#spec.name} has no segment`);
    return last;
  }

  /**
   * Appends what a producer sent. The bytes are changed in place and must not be used afterwards.
   *
   * @param verify - called when it is the batch's turn; what it throws refuses the batch
   * @throws BrokerError the code for the client; `KAFKA_STORAGE_ERROR` when the disk refuses
   */
  append(records: Buffer, verify?: (batch: BatchHeader) => void): Promise<Appended> {
    return this.#appends.run(() => this.#append(records, verify));
  }

  /** Ends a producer's transaction here. @throws BrokerError `KAFKA_STORAGE_ERROR` */
  appendMarker(type: 'commit' | 'abort', producerId: number, producerEpoch: number): Promise<void> {
    return this.#appends.run(async () => {
      const stamp = { producerId, producerEpoch, baseSequence: -1, isTransactional: true };
      const marker = buildEndMarker(type, stamp, this.#spec.now(), COORDINATOR_EPOCH);
      await this.#place(Buffer.from(marker), this.#spec.settings());
    });
  }

  /**
   * Batches from `offset` on; empty at the end.
   *
   * @param isCommitted - nothing of transactions that are open
   * @throws BrokerError `OFFSET_OUT_OF_RANGE`
   */
  async read(
    offset: number,
    maxBytes: number,
    atLeastOne: boolean,
    isCommitted = false,
  ): Promise<Buffer> {
    if (offset < this.#logStartOffset || offset > this.#endOffset) {
      const text = `Offset ${offset} of ${this.#spec.name} is not within ${this.#logStartOffset} to ${this.#endOffset}`;
      throw new BrokerError('OFFSET_OUT_OF_RANGE', text);
    }
    const end = isCommitted ? this.lastStableOffset : this.#endOffset;
    if (offset >= end) return NO_BYTES;
    const start = this.#segmentIndexOf(offset);
    for (const segment of this.#segments.slice(start)) {
      const bytes = await this.#guard.run('read', () =>
        segment.read(offset, maxBytes, atLeastOne, end),
      );
      // Empty although there is more: compaction took the rest of this segment.
      if (bytes.length > 0 || segment.nextOffset > offset || maxBytes <= 0) return bytes;
    }
    return NO_BYTES;
  }

  /**
   * Calls `listener` with the bytes of every batch that is appended; with Infinity for the mark of a
   * transaction's end, which may set free any number of them. The answer ends it.
   */
  onAppend(listener: (bytes: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  endOfEpoch(epoch: number): EpochEnd {
    return this.#ledger.epochs.endOf(epoch, this.#endOffset);
  }
  epochAt(offset: number): number {
    return this.#ledger.epochs.epochAt(offset);
  }
  /** The aborted transactions that have records from `from` up to, not including, `to`. */
  abortedWithin(from: number, to: number): readonly AbortedTransaction[] {
    return this.#ledger.transactions.abortedWithin(from, to);
  }
  /** Each idempotent producer of late, and where its open transaction begins (-1: none). */
  producers(): readonly (ProducerState & { readonly transactionStart: number })[] {
    return this.#ledger.producers.list().map((state) => ({
      ...state,
      transactionStart: this.#ledger.transactions.firstOffsetOf(state.producerId),
    }));
  }

  /** The first batch that reaches to `minOffset` and has a timestamp of at least `timestamp`. */
  async firstBatchSince(timestamp: number, minOffset: number): Promise<Buffer | null> {
    for (const segment of this.#segments.slice(this.#segmentIndexOf(minOffset))) {
      const batch = await this.#guard.run('read', () =>
        segment.firstBatchSince(timestamp, minOffset),
      );
      if (batch !== null) return batch;
    }
    return null;
  }

  /** The newest timestamp in the log; -1 when it is empty. */
  async maxTimestamp(): Promise<number> {
    let newest = -1;
    for (const segment of this.#segments) {
      await this.#guard.run('read', () => segment.open());
      newest = Math.max(newest, segment.maxTimestamp);
    }
    return newest;
  }

  /**
   * Forgets records before `offset` (DeleteRecords); -1 means all that is there now.
   *
   * @returns the new start of the log
   * @throws BrokerError `OFFSET_OUT_OF_RANGE`
   */
  deleteBefore(offset: number): Promise<number> {
    return this.#appends.run(async () => {
      const target = offset === -1 ? this.#endOffset : offset;
      if (target < 0 || target > this.#endOffset) {
        const text = `Deleting the records of ${this.#spec.name} before ${target}: the log ends at ${this.#endOffset}`;
        throw new BrokerError('OFFSET_OUT_OF_RANGE', text);
      }
      await this.#guard.run('delete records', () => this.#moveStart(target));
      return this.#logStartOffset;
    });
  }

  /** Drops whole segments that `retention.ms` and `retention.bytes` no longer keep. */
  applyRetention(): Promise<void> {
    return this.#appends.run(async () => {
      const { isDeleted, retentionMs, retentionBytes } = this.#spec.settings();
      if (!isDeleted) return;
      for (const segment of this.#segments) await segment.open();
      if (retentionMs >= 0 && isOlder(this.#active, this.#spec.now() - retentionMs))
        await this.#roll();
      let left = this.sizeInBytes;
      for (const segment of this.#segments.slice(0, -1)) {
        const isTooOld = retentionMs >= 0 && isOlder(segment, this.#spec.now() - retentionMs);
        const isTooMuch = retentionBytes >= 0 && left - segment.sizeInBytes >= retentionBytes;
        if (!isTooOld && !isTooMuch) break;
        left -= segment.sizeInBytes;
        await this.#moveStart(Math.max(this.#logStartOffset, segment.nextOffset));
      }
    });
  }

  /** Puts everything on the disk and notes it, so that the next start has nothing to check. */
  async close(): Promise<void> {
    await this.#appends.run(async () => {
      this.#guard.close();
      await this.#checkpoint();
      for (const segment of this.#segments) await segment.close();
    });
  }

  /** Closes the log without a trace of care and removes its folder. */
  async destroy(): Promise<void> {
    await this.#appends.run(async () => {
      this.#guard.close();
      for (const segment of this.#segments) await segment.close();
      await rm(this.#spec.directory, { recursive: true, force: true });
    });
  }

  async #append(records: Buffer, verify?: (batch: BatchHeader) => void): Promise<Appended> {
    const settings = this.#spec.settings();
    const nowMs = this.#spec.now();
    const sent = checkProducedBatch(records, settings, nowMs);
    const logAppendTimeMs = settings.isLogAppendTime ? nowMs : -1;
    const earlier = this.#ledger.check(sent);
    if (earlier !== null) return { baseOffset: earlier.baseOffset, logAppendTimeMs };
    verify?.(sent);
    if (settings.isLogAppendTime) stampLogAppendTime(records, nowMs);
    return { baseOffset: await this.#place(records, settings), logAppendTimeMs };
  }

  /** Writes a batch at the end and tells its offset. */
  async #place(batch: Buffer, settings: LogSettings): Promise<number> {
    const baseOffset = this.#endOffset;
    placeBatch(batch, baseOffset, this.#spec.leaderEpoch);
    const header = readBatchHeader(batch, 0);
    await this.#guard.run('append', () => this.#write(batch, header, settings));
    this.#ledger.note(header, batch, this.#spec.now());
    this.#endOffset = header.lastOffset + 1;
    this.#bytesSinceCheckpoint += batch.length;
    const bytes = isControlBatch(header) ? Infinity : batch.length;
    for (const listener of this.#listeners) listener(bytes);
    return baseOffset;
  }

  async #write(records: Buffer, header: BatchHeader, settings: LogSettings): Promise<void> {
    const nowMs = this.#spec.now();
    const active = this.#active;
    const isFull = active.sizeInBytes + records.length > settings.segmentBytes;
    const isOld = header.maxTimestamp - active.firstTimestamp > settings.segmentMs;
    if (active.sizeInBytes > 0 && (isFull || isOld)) await this.#roll();
    else if (this.#bytesSinceCheckpoint >= CHECKPOINT_BYTES) await this.#checkpoint();
    const isSynced =
      this.#unflushed + header.recordCount >= settings.flushMessages ||
      nowMs - this.#lastFlushMs >= settings.flushMs;
    await this.#active.append(records, header, isSynced);
    this.#unflushed = isSynced ? 0 : this.#unflushed + header.recordCount;
    if (isSynced) this.#lastFlushMs = nowMs;
  }

  async #roll(): Promise<void> {
    await this.#checkpoint();
    const next = segmentAt(this.#spec, this.#endOffset);
    await next.recover();
    this.#segments.push(next);
  }

  async #checkpoint(): Promise<void> {
    this.#ledger.forgetProducersBefore(this.#spec.now() - PRODUCER_EXPIRATION_MS);
    await this.#writeState(this.#logStartOffset);
    await this.#active.checkpoint();
    this.#bytesSinceCheckpoint = 0;
    this.#unflushed = 0;
  }

  async #writeState(logStartOffset: number): Promise<void> {
    const state = this.#ledger.toState(this.#endOffset, logStartOffset);
    await writePartitionState(this.#spec.directory, state);
  }

  /** The new start is on the disk before anything is removed: a crash between leaves waste, no gap. */
  async #moveStart(offset: number): Promise<void> {
    if (offset <= this.#logStartOffset) return;
    await this.#writeState(offset);
    this.#logStartOffset = offset;
    this.#ledger.transactions.forgetBefore(offset);
    while (this.#segments.length > 1 && (this.#segments[1]?.baseOffset ?? Infinity) <= offset) {
      await this.#segments.shift()?.remove();
    }
  }

  async #replay(offset: number): Promise<void> {
    const nowMs = this.#spec.now();
    for (const segment of this.#segments.slice(this.#segmentIndexOf(offset))) {
      await segment.scan(offset, (header, _position, bytes) => {
        this.#ledger.note(header, bytes, nowMs);
        return undefined;
      });
    }
  }

  #segmentIndexOf(offset: number): number {
    return Math.max(
      0,
      this.#segments.findLastIndex((segment) => segment.baseOffset <= offset),
    );
  }
}

const NO_BYTES = Buffer.alloc(0);
