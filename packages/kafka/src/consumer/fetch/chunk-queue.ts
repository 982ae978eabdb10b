import type { RecordColumns } from '../../batch/record-columns.ts';
import { RecordTable } from '../../batch/record-table.ts';
import type { PartitionState } from '../partition-state.ts';
import type { PartitionTable } from '../partition-table.ts';
import type { FetchedChunk } from './fetched-chunk.ts';

interface Queued {
  readonly state: PartitionState;
  readonly version: number;
  readonly chunk: FetchedChunk;
}

/** Batches may claim any number of records: no table is made for more at once. */
const TABLE_RECORDS_MAX = 65_536;

/** What was fetched and not handed out yet, in the order it came. */
export class ChunkQueue {
  readonly #partitions: PartitionTable;
  readonly #onTaken: (state: PartitionState) => void;
  #chunks: Queued[] = [];
  #bytes = 0;

  /** `onTaken`: told of every partition whose records are handed out, when its position has moved. */
  constructor(partitions: PartitionTable, onTaken: (state: PartitionState) => void) {
    this.#partitions = partitions;
    this.#onTaken = onTaken;
  }

  /** Of all chunks together. */
  get bytes(): number {
    return this.#bytes;
  }

  add(state: PartitionState, chunk: FetchedChunk): void {
    this.#chunks.push({ state, version: state.version, chunk });
    this.#bytes += chunk.sizeInBytes;
    state.bufferedBytes += chunk.sizeInBytes;
  }

  /** Drops what belongs to partitions that are gone or whose position has jumped. */
  dropStale(): void {
    this.#chunks = this.#chunks.filter((queued) => {
      const isStale = this.#isStale(queued);
      if (isStale) {
        this.#bytes -= queued.chunk.sizeInBytes;
        queued.chunk.settle();
      }
      return !isStale;
    });
  }

  /** Of those chunks that the application may get now. */
  get readableBytes(): number {
    let bytes = 0;
    for (const queued of this.#chunks) {
      if (this.#isReadable(queued)) bytes += queued.chunk.sizeInBytes;
    }
    return bytes;
  }

  /**
   * For a partition that may not be read for long: lets go of the responses that its chunks lie in. False when a chunk
   * can't: one that was read in part, in a response much larger than itself.
   */
  detach(state: PartitionState): boolean {
    let isDetached = true;
    for (const { chunk, state: owner } of this.#chunks) {
      if (owner === state) isDetached = chunk.detach() && isDetached;
    }
    return isDetached;
  }

  /**
   * The next records, at most `recordsMax`, one entry per partition; moves the partitions' positions behind them.
   *
   * @throws KafkaError of a damaged batch, when nothing comes before it
   */
  take(recordsMax: number): readonly RecordColumns[] {
    // A position that jumped in the background (a log that was cut) leaves chunks that nobody will read.
    if (this.#chunks.some((queued) => this.#isStale(queued))) this.dropStale();
    const taken: RecordTable[] = [];
    let left = recordsMax;
    for (let i = 0; i < this.#chunks.length && left > 0; ) {
      const queued = this.#chunks[i];
      if (queued === undefined) break;
      const { state } = queued;
      if (!this.#isReadable(queued)) {
        i++;
        continue;
      }
      // A second run of the same partition waits for the next poll.
      if (taken.some((each) => each.topic === state.topic && each.partition === state.partition)) {
        break;
      }
      const table = this.#takeRun(i, left, taken.length > 0);
      if (table === null) break;
      if (table.count > 0) {
        taken.push(table);
        this.#onTaken(state);
      }
      left -= table.count;
      // A chunk that is not done blocks the others: it is its turn, and the room is used up.
      if (this.#chunks[i] === queued) break;
    }
    return taken;
  }

  /** Takes from the chunks at `index` and behind that belong to one partition. `null`: failed, without a record. */
  #takeRun(index: number, recordsMax: number, hasOthers: boolean): RecordTable | null {
    const first = this.#chunks[index];
    if (first === undefined) return null;
    const { state } = first;
    const table = new RecordTable(
      state.topic,
      state.partition,
      this.#capacityAt(index, recordsMax),
    );
    for (;;) {
      const queued = this.#chunks[index];
      if (queued === undefined || queued.state !== state || this.#isStale(queued)) break;
      const { chunk } = queued;
      try {
        chunk.take(table);
      } catch (error) {
        // What is good goes out first; the next poll meets the error again.
        if (table.count > 0 || hasOthers) return table.count > 0 ? table : null;
        throw error;
      }
      state.position = chunk.position;
      if (chunk.epoch >= 0) state.positionEpoch = chunk.epoch;
      if (!chunk.isDone) break;
      this.#remove(index);
    }
    return table;
  }

  #capacityAt(index: number, recordsMax: number): number {
    const max = Math.min(recordsMax, TABLE_RECORDS_MAX);
    const { state } = this.#chunks[index] ?? {};
    let capacity = 0;
    for (let i = index; capacity < max && this.#chunks[i]?.state === state; i++) {
      capacity += this.#chunks[i]?.chunk.recordsLeft ?? 0;
    }
    // Room for one even where batches claim to have none: reading on finds out.
    return Math.max(Math.min(capacity, max), 1);
  }

  #remove(index: number): void {
    const [queued] = this.#chunks.splice(index, 1);
    if (queued === undefined) return;
    this.#bytes -= queued.chunk.sizeInBytes;
    queued.state.bufferedBytes -= queued.chunk.sizeInBytes;
    queued.chunk.settle();
  }

  #isStale({ state, version }: Queued): boolean {
    return version !== state.version || !this.#partitions.isCurrent(state);
  }

  #isReadable(queued: Queued): boolean {
    const { state } = queued;
    if (state.isPaused || this.#isStale(queued)) return false;
    return state.phase === 'fetching' || state.phase === 'failed';
  }
}
