import { ConnectError } from '@sluice/api';
import type { OffsetEntryText } from '@sluice/rest';
import type { OffsetText } from '../../data-plane/source/source-offset-store.ts';
import type { ConnectorOffsets } from '../../storage/connector-offsets.ts';
import { offsetJson, parseOffsetJson } from '../../storage/offset-json.ts';
import type { TaskHost } from '../../task-host/contract.ts';
import type { OffsetsOwner } from './offsets-owner.ts';

interface SourceStoreOffsetsOptions {
  readonly host: Pick<TaskHost, 'alterOffsets'>;
  readonly offsets: ConnectorOffsets;
}

const NO_PARTITION = offsetJson(null);

/** The offsets of source connectors in the worker's own store. */
export class SourceStoreOffsets {
  readonly #options: SourceStoreOffsetsOptions;

  constructor(options: SourceStoreOffsetsOptions) {
    this.#options = options;
  }

  async read({ name }: OffsetsOwner): Promise<readonly OffsetEntryText[]> {
    const entries = this.#options.offsets.list(name).map(({ partition, offset }) => ({
      partition: partition === null ? null : offsetJson(partition),
      offset: offset === null ? null : offsetJson(offset),
    }));
    return Promise.resolve(entries);
  }

  /**
   * True when the connector says that all is done.
   *
   * @throws ConnectError when an offset has no partition
   * @throws DataError when a partition or an offset holds more than primitive values (500, R1.57)
   */
  async alter(owner: OffsetsOwner, entries: readonly OffsetEntryText[]): Promise<boolean> {
    const offsets = entries.map((entry): OffsetText => {
      const offset = entry.offset === null ? null : parseOffsetJson(entry.offset);
      // Java leaves this to connectors; its own say this.
      if (entry.partition === null && offset !== null)
        throw new ConnectError('Partition objects cannot be null');
      return {
        // In the form that is stored: what a client wrote with blanks is the same partition.
        partition: offsetJson(entry.partition === null ? null : parseOffsetJson(entry.partition)),
        offset: offset === null ? null : offsetJson(offset),
      };
    });
    return this.#change(owner, offsets);
  }

  async reset(owner: OffsetsOwner): Promise<boolean> {
    const known = this.#options.offsets.list(owner.name);
    const offsets = known.map(({ partition }) => ({
      partition: offsetJson(partition),
      offset: null,
    }));
    return this.#change(owner, offsets);
  }

  /** The connector first: it may refuse, and nothing has been written then. */
  async #change(
    { name, plugin, props }: OffsetsOwner,
    offsets: readonly OffsetText[],
  ): Promise<boolean> {
    // Whoever wrote an offset without a partition, it can be removed; no connector has to know it.
    const shown = offsets.filter(({ partition }) => partition !== NO_PARTITION);
    const isAllDone = await this.#options.host.alterOffsets(plugin.ref(), props, shown);
    if (offsets.length > 0) await this.#options.offsets.write(name, offsets);
    return isAllDone ?? false;
  }
}
