import {
  ConnectError,
  RetriableError,
  type Props,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
} from '@sluice/api';
import { openConnection } from '../connection/open-connection.ts';
import { sqlError } from '../connection/sql-error.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import { flattenEnvelope } from './debezium-envelope.ts';
import { OffsetKeeper, OffsetsMovedError } from './offset-keeper.ts';
import type { SettingsReader, SinkSettings } from './sink-settings.ts';
import { SinkWriter } from './sink-writer.ts';
import { truncateTable } from './truncate.ts';

/** Writes records into tables; the keys of its config are told by the reader it is made with. */
export class JdbcSinkTask implements SinkTask {
  readonly #readSettings: SettingsReader;
  #context: SinkTaskContext | null = null;
  #settings: SinkSettings | null = null;
  #offsets: OffsetKeeper | null = null;
  #writer: SinkWriter | null = null;
  #retriesLeft = 0;

  constructor(readSettings: SettingsReader) {
    this.#readSettings = readSettings;
  }

  initialize(context: SinkTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    if (this.#context === null) throw new Error('start() was called before initialize()');
    const { logger } = this.#context;
    const settings = this.#readSettings(props, logger);
    this.#settings = settings;
    this.#retriesLeft = settings.maxRetries;
    // The first session gets all tries of connection.attempts, later ones those of max.retries.
    await using connection = await openConnection(settings.database);
    if (settings.offsetsTable !== null) {
      this.#offsets = new OffsetKeeper(settings, settings.offsetsTable, logger);
      await prepareOffsets(this.#offsets, connection, settings);
    }
    this.#writer = new SinkWriter({
      settings,
      logger,
      reporter: this.#context.errantRecordReporter(),
      offsets: this.#offsets,
    });
  }

  /** Goes to the offsets that the database holds, which know better than the group's. */
  async open(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#seek(partitions);
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    const settings = this.#settings;
    if (records.length === 0 || settings === null) return;
    try {
      await this.#write(this.#offsets?.unwritten(records) ?? records, settings);
      this.#retriesLeft = settings.maxRetries;
    } catch (error) {
      if (error instanceof OffsetsMovedError) {
        this.#context?.logger.warn(`${error.message} Its records are read again from where it is.`);
        await this.#seek(this.#context?.assignment() ?? []);
        return;
      }
      if (!(error instanceof RetriableError)) throw error;
      throw this.#retried(error, settings);
    }
  }

  async stop(): Promise<void> {
    await this.#writer?.close();
    this.#writer = null;
  }

  async #write(records: readonly SinkRecord[], settings: SinkSettings): Promise<void> {
    const writer = this.#writer;
    if (writer === null || records.length === 0) return;
    if (!settings.isDebezium) {
      await writer.write(records);
      this.#offsets?.committed(records);
      return;
    }
    let run: SinkRecord[] = [];
    for (const record of records) {
      const change = flattenEnvelope(record);
      if (change.type === 'row') {
        // Debezium's sink lets deletes pass by where they are not enabled.
        if (change.record.value !== null || settings.isDeleteEnabled) run.push(change.record);
      } else if (change.type === 'truncate') {
        if (run.length > 0) await writer.write(run);
        this.#offsets?.committed(run);
        run = [];
        await truncateTable(await writer.connection(), settings, record);
      }
    }
    if (run.length > 0) await writer.write(run);
    this.#offsets?.committed(run);
  }

  async #seek(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#offsets === null || this.#writer === null || partitions.length === 0) return;
    const loaded = await this.#offsets.load(await this.#writer.connection(), partitions);
    if (loaded.length > 0) this.#context?.offset(loaded);
  }

  #retried(error: RetriableError, settings: SinkSettings): ConnectError {
    if (this.#retriesLeft <= 0) {
      const told = `${error.message} It was tried ${settings.maxRetries} times again (max.retries).`;
      return new ConnectError(told, { cause: error });
    }
    this.#retriesLeft -= 1;
    this.#context?.timeout(settings.retryBackoffMs);
    this.#context?.logger.warn(
      `${error.message} ${this.#retriesLeft} more tries; the next in ${settings.retryBackoffMs} ms.`,
    );
    return error;
  }
}

async function prepareOffsets(
  offsets: OffsetKeeper,
  connection: DatabaseConnection,
  { database, offsetsTable }: SinkSettings,
): Promise<void> {
  try {
    await offsets.prepare(connection);
  } catch (error) {
    const problem = database.dialect.problemOf(error);
    throw sqlError(`make the table of offsets "${offsetsTable}"`, problem, error);
  }
}
