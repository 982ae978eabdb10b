import type { FetchResponseAbortedTransaction } from '@sluice/protocol/gen/fetch-response';
import { type BatchHeader, checkCrc, corrupt, readBatchHeader } from '../../batch/batch-header.ts';
import type { Compressions } from '../../batch/compression/compressions.ts';
import { controlType } from '../../batch/control-batch.ts';
import { RecordParser } from '../../batch/record-parser.ts';
import { RecordTable } from '../../batch/record-table.ts';
import { type UnpackedBatch, unpackBatch } from '../../batch/unpacked-batch.ts';
import { asKafkaError } from '../../errors/broker-error.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { FetchTally } from '../../metrics/fetch-metrics.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import type { BatchScan } from './batch-scan.ts';

/** What one fetch brought for one partition. */
export interface ChunkParts {
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer;
  readonly scan: BatchScan;
  /** What was asked for: a first batch may begin before it. */
  readonly fromOffset: number;
  /** `null` when aborted records are wanted too (`read_uncommitted`). */
  readonly aborted: readonly FetchResponseAbortedTransaction[] | null;
  readonly isReadCommitted: boolean;
  readonly isCheckingCrcs: boolean;
  /** Told, once, what of this the application got. */
  readonly tally: Pick<FetchTally, 'settle'>;
  /** With the codecs loaded that the scan names. */
  readonly compressions: Compressions;
}

/** A chunk may keep a response of so many times its size, or of so many bytes: not worth fetching again. */
const RESPONSE_SHARE = 2;
const RESPONSE_SMALL_BYTES = 64 * 1024;

/**
 * The fetched batches of one partition on their way to the application, handed out in slices: unpacked batch by batch
 * when a slice gets there, and never copied. Aborted and control records are passed over.
 */
export class FetchedChunk {
  readonly topic: string;
  readonly partition: number;
  readonly sizeInBytes: number;
  /** The offset behind what was handed out or passed over. */
  position: number;
  /** Of the last batch that was handed out or passed over, -1 before the first. */
  epoch = -1;
  readonly #parts: ChunkParts;
  readonly #transactions: AbortedTransactions | null;
  #bytes: Buffer;
  #at = 0;
  #recordsLeft: number;
  #batch: { readonly batch: UnpackedBatch; readonly parser: RecordParser } | null = null;
  #isDone = false;
  /** Of the batches that the application got something of, unpacked. */
  #unpackedBytes = 0;
  #recordsTaken = 0;
  #failure: KafkaError | null = null;

  constructor(parts: ChunkParts) {
    this.#parts = parts;
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.position = parts.fromOffset;
    this.sizeInBytes = parts.records.length;
    this.#bytes = parts.records;
    this.#recordsLeft = parts.scan.recordCount;
    this.#transactions = parts.isReadCommitted ? new AbortedTransactions(parts.aborted) : null;
  }

  get isDone(): boolean {
    return this.#isDone;
  }
  /** At most so many records are left; some of them may not be for the application. */
  get recordsLeft(): number {
    return this.#recordsLeft;
  }

  /** To be called once, when the chunk is used up or dropped. */
  settle(): void {
    this.#parts.tally.settle(this.topic, this.#unpackedBytes, this.#recordsTaken);
  }

  /**
   * Lets go of the response that the bytes lie in, for a chunk that will stay for long. False when records of it are out
   * already and the response is much larger: keeping the chunk would keep all of that, which nobody counts.
   */
  detach(): boolean {
    if (this.#at > 0) {
      const allowed = Math.max(RESPONSE_SHARE * this.sizeInBytes, RESPONSE_SMALL_BYTES);
      return this.#bytes.buffer.byteLength <= allowed;
    }
    this.#bytes = Buffer.from(this.#bytes);
    return true;
  }

  /**
   * Adds records to the table until it is full or the chunk is done.
   *
   * @throws KafkaError `CORRUPT_MESSAGE` and others with topic, partition and offset, every time: when the records
   *   before the damage have been handed out
   */
  take(table: RecordTable): void {
    const before = table.count;
    if (this.#failure !== null) throw this.#failure;
    try {
      while (table.room > 0 && this.#step(table)) {
        // Each step takes one batch's records, or the part that there is room for.
      }
    } catch (thrown) {
      this.#failure = this.#located(thrown);
      if (table.count > before) this.position = table.offset(table.count - 1) + 1;
      else throw this.#failure;
    } finally {
      this.#recordsLeft = Math.max(this.#recordsLeft - (table.count - before), 0);
      this.#recordsTaken += table.count - before;
    }
  }

  /** False at the end. */
  #step(table: RecordTable): boolean {
    this.#batch ??= this.#nextBatch();
    if (this.#batch === null) {
      this.#isDone = true;
      return false;
    }
    const { batch, parser } = this.#batch;
    table.add(batch, parser, this.#parts.fromOffset);
    this.epoch = batch.leaderEpoch;
    if (parser.left > 0) {
      this.position = Math.max(this.position, parser.offset + 1);
      return true;
    }
    // Finds bytes that are left over.
    parser.next();
    this.#batch = null;
    this.position = Math.max(this.position, batch.lastOffset + 1);
    // Whoever took the last record knows at once that there is no more.
    if (this.#at >= this.#bytes.length) this.#isDone = true;
    return true;
  }

  /** The next batch with records for the application. */
  #nextBatch(): { readonly batch: UnpackedBatch; readonly parser: RecordParser } | null {
    const { compressions, isCheckingCrcs, fromOffset } = this.#parts;
    for (;;) {
      const header = readBatchHeader(this.#bytes, this.#at);
      if (header === null) return null;
      this.#at = header.position + header.sizeInBytes;
      if (header.lastOffset < fromOffset) continue;
      if (!header.isControl && !this.#isAborted(header)) {
        const batch = unpackBatch(this.#bytes, header, compressions, isCheckingCrcs);
        this.#unpackedBytes += batch.end - batch.start;
        return { batch, parser: new RecordParser(batch) };
      }
      this.#pass(header);
    }
  }

  /** Opens the aborted transactions that begin up to the end of this batch; tells whether it belongs to one. */
  #isAborted(header: BatchHeader): boolean {
    if (this.#transactions === null || header.producerId < 0) return false;
    this.#transactions.passTo(header.lastOffset);
    return header.isTransactional && this.#transactions.isAborted(header.producerId);
  }

  #pass(header: BatchHeader): void {
    if (header.isControl) this.#passMarker(header);
    else if (this.#parts.isCheckingCrcs) checkCrc(this.#bytes, header);
    this.position = Math.max(this.position, header.lastOffset + 1);
    this.epoch = header.leaderEpoch;
    this.#recordsLeft = Math.max(this.#recordsLeft - header.recordCount, 0);
  }

  #passMarker(header: BatchHeader): void {
    const { compressions, isCheckingCrcs, topic, partition } = this.#parts;
    const batch = unpackBatch(this.#bytes, header, compressions, isCheckingCrcs);
    if (this.#transactions === null || header.producerId < 0) return;
    this.#transactions.passTo(header.lastOffset);
    // An empty control batch is what compaction leaves of an old marker: it ends nothing, as in Java.
    if (header.recordCount === 0) return;
    const table = new RecordTable(topic, partition, 1);
    table.add(batch, new RecordParser(batch), header.baseOffset);
    if (table.count === 0) throw corrupt(header.baseOffset, 'its control record is missing');
    if (controlType(table.key(0)) === 'abort') this.#transactions.close(header.producerId);
  }

  #located(thrown: unknown): KafkaError {
    const error = asKafkaError(thrown);
    const at = `${this.topic}-${this.partition} at offset ${this.position}`;
    return new KafkaError(error.code, `Reading ${at}: ${error.message}`, {
      isRetriable: false,
      cause: thrown,
    });
  }
}
