import type { Logger } from '@sluice/api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseConnection } from '../database/database-connection.ts';
import { openConnection } from '../connection/open-connection.ts';
import type { TableId } from '../database/table.ts';
import type { SourceSettings } from './source-settings.ts';
import { sourceTables, tablesText } from './source-tables.ts';

/** Looks for new and dropped tables, every `table.poll.interval.ms`, while the connector runs. */
export class TableMonitor {
  readonly #settings: SourceSettings;
  readonly #logger: Logger;
  readonly #onChange: () => void;
  readonly #onError: (error: Error) => void;
  readonly #stopping = new AbortController();
  #connection: DatabaseConnection | null = null;
  #tables: readonly TableId[] | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(
    settings: SourceSettings,
    logger: Logger,
    events: { readonly onChange: () => void; readonly onError: (error: Error) => void },
  ) {
    this.#settings = settings;
    this.#logger = logger;
    this.#onChange = events.onChange;
    this.#onError = events.onError;
  }

  /** The tables as last seen; `null` before the first look. */
  get tables(): readonly TableId[] | null {
    return this.#tables;
  }

  /**
   * Takes the first look and goes on looking.
   *
   * @throws ConnectError when the database can't be reached, or two tables would share a topic
   */
  async start(): Promise<void> {
    await this.#look();
    this.#running = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#connection?.close();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await sleep(this.#settings.tablePollMs, undefined, { signal }).catch(() => null);
      if (signal.aborted) return;
      const before = tablesText(this.#tables ?? []);
      try {
        await this.#look();
      } catch (error) {
        await this.#failed(error);
        continue;
      }
      const now = tablesText(this.#tables ?? []);
      if (now === before) continue;
      this.#logger.info(`The tables have changed: ${now}`);
      this.#onChange();
    }
  }

  /** What is gone may come back; what only a person can mend makes the connector FAILED. */
  async #failed(error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { dialect } = this.#settings.database;
    const isUnknown = dialect.problemOf(error).code === '';
    await this.#connection?.close();
    this.#connection = null;
    if (isUnknown && error instanceof Error && error.message.includes('duplicate unqualified')) {
      this.#onError(error);
      return;
    }
    this.#logger.warn('Looking for new tables failed. The tables known go on being read.', {
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    if (this.#connection?.isUsable !== true) {
      this.#connection = await openConnection(this.#settings.database, signal);
    }
    this.#tables = await sourceTables(this.#connection, this.#settings);
  }
}
