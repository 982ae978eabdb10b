import {
  parseJson,
  stringifyJson,
  type OffsetStorageReader,
  type SourceMap,
  type SourceRecord,
} from '@sluice/api';

/** Committed source offsets as a worker keeps them: as JSON, found by what the partition says. */
export class OffsetStore implements OffsetStorageReader {
  readonly #offsets = new Map<string, string>();

  /** Takes a record's offset as committed. */
  commit(record: SourceRecord): void {
    const { sourcePartition, sourceOffset } = record;
    if (sourcePartition === null || sourceOffset === null) return;
    this.#offsets.set(partitionText(sourcePartition), stringifyJson(sourceOffset));
  }

  offset(partition: SourceMap): Promise<SourceMap | null> {
    const text = this.#offsets.get(partitionText(partition));
    return Promise.resolve(text === undefined ? null : decodeMap(text));
  }

  offsets(partitions: readonly SourceMap[]): Promise<readonly (SourceMap | null)[]> {
    return Promise.all(partitions.map((partition) => this.offset(partition)));
  }
}

/** A partition by its content, whatever the order of its keys. */
export function partitionText(partition: SourceMap | null): string {
  if (partition === null) return 'null';
  const keys = Object.keys(partition).sort();
  return stringifyJson(keys.map((key) => [key, partition[key]]));
}

function decodeMap(text: string): SourceMap {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) throw new Error(`no offset: ${text}`);
  return Object.fromEntries(Object.entries(value));
}
