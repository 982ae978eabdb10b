import { ConnectError, type Props } from '@sluice/api';
import { badRequest, type OffsetEntryText, type OffsetsMessage } from '@sluice/rest';
import type { ConnectorOffsets } from '../../storage/connector-offsets.ts';
import type { TaskHost } from '../../task-host/contract.ts';
import type { OffsetsOwner, OpenAdmin } from './offsets-owner.ts';
import { SinkGroupOffsets } from './sink-group-offsets.ts';
import { SourceStoreOffsets } from './source-store-offsets.ts';

export interface ConnectorOffsetsApiOptions {
  readonly host: Pick<TaskHost, 'alterOffsets'>;
  readonly offsets: ConnectorOffsets;
  readonly openAdmin: OpenAdmin;
  /** The worker's properties, references resolved. */
  readonly workerProps: Props;
}

/** What `alterOffsets` of connectors throws when it does not allow changes (R1.58). */
const UNSUPPORTED = 'CONNECT_UNSUPPORTED_OPERATION';

/**
 * Reads, alters and resets the offsets of connectors (KIP-875, R1.40 to R1.42 and R1.52 to R1.60):
 * a source's in the worker's store, a sink's in its consumer group. Mirrors that part of `Worker`.
 */
export class ConnectorOffsetsApi {
  readonly #source: SourceStoreOffsets;
  readonly #sink: SinkGroupOffsets;

  constructor(options: ConnectorOffsetsApiOptions) {
    this.#source = new SourceStoreOffsets(options);
    this.#sink = new SinkGroupOffsets(options);
  }

  read(owner: OffsetsOwner): Promise<readonly OffsetEntryText[]> {
    return isSink(owner) ? this.#sink.read(owner) : this.#source.read(owner);
  }

  /**
   * @throws RestError 400 for a sink's offsets of a wrong shape
   * @throws ConnectError when the connector or the store refuses
   */
  async alter(owner: OffsetsOwner, entries: readonly OffsetEntryText[]): Promise<OffsetsMessage> {
    if (entries.length === 0)
      throw new ConnectError('The offsets to be altered may not be null or empty');
    const isAllDone = await refusalExplained(owner, () =>
      isSink(owner) ? this.#sink.alter(owner, entries) : this.#source.alter(owner, entries),
    );
    return message('altered', isAllDone);
  }

  async reset(owner: OffsetsOwner): Promise<OffsetsMessage> {
    const isAllDone = await refusalExplained(owner, () =>
      isSink(owner) ? this.#sink.reset(owner) : this.#source.reset(owner),
    );
    return message('reset', isAllDone);
  }
}

/** 400 unless the connector is STOPPED and its tasks are gone (R1.52). */
export function requireStopped(name: string, isStopped: boolean): void {
  if (isStopped) return;
  throw badRequest(
    'Connectors must be in the STOPPED state before their offsets can be modified. This can be ' +
      `done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}` +
      "/stop' endpoint",
  );
}

function isSink({ plugin }: OffsetsOwner): boolean {
  return plugin.type === 'sink';
}

async function refusalExplained<T>(
  { name, plugin }: OffsetsOwner,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== UNSUPPORTED) throw error;
    throw new ConnectError(
      `Failed to modify offsets for connector ${name} because it doesn't support external ` +
        'modification of offsets',
      { cause: error, code: UNSUPPORTED, context: { class: plugin.className } },
    );
  }
}

/** `isAllDone`: the connector says that nothing is left to do outside of Connect (R1.54). */
function message(verb: 'altered' | 'reset', isAllDone: boolean): OffsetsMessage {
  return {
    message: isAllDone
      ? `The offsets for this connector have been ${verb} successfully`
      : `The Connect framework-managed offsets for this connector have been ${verb} ` +
        'successfully. However, if this connector manages offsets externally, they will need to ' +
        `be manually ${verb} in the system that the connector uses.`,
  };
}
