import { ConnectError, type OffsetStorageReader, type SourceMap } from '@sluice/api';
import type { SourceOffsetStore } from './source-offset-store.ts';

/**
 * What a source task reads its offsets through. Closed when the task is given up, so that a read
 * that nobody answers does not keep it (R4.13). Mirrors `OffsetStorageReaderImpl`.
 */
export class TaskOffsetReader implements OffsetStorageReader {
  readonly #store: SourceOffsetStore;
  readonly #waiting = new Set<(error: Error) => void>();
  #isClosed = false;

  constructor(store: SourceOffsetStore) {
    this.#store = store;
  }

  async offset(partition: SourceMap): Promise<SourceMap | null> {
    return (await this.offsets([partition]))[0] ?? null;
  }

  offsets(partitions: readonly SourceMap[]): Promise<readonly (SourceMap | null)[]> {
    if (this.#isClosed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      void this.#store
        .read(partitions)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** Reads fail from now on, those under way at once. */
  close(): void {
    this.#isClosed = true;
    for (const reject of this.#waiting) reject(closedError());
    this.#waiting.clear();
  }
}

function closedError(): ConnectError {
  return new ConnectError(
    'Offsets can no longer be read: the task did not stop within ' +
      'task.shutdown.graceful.timeout.ms and was given up',
    { code: 'CONNECT_OFFSET_READER_CLOSED' },
  );
}
