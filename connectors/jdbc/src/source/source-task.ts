import {
  ConnectError,
  type Int64,
  type Logger,
  type Props,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from '../connection/open-connection.ts';
import { sqlError } from '../connection/sql-error.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import { isolationSql } from './isolation.ts';
import type { Querier } from './querier.ts';
import { makeQueriers } from './make-queriers.ts';
import { sourceSettings, type SourceSettings } from './source-settings.ts';

/** A target and when it may be looked at again. */
interface Turn {
  readonly querier: Querier;
  dueAtMs: number;
}

type Records = readonly SourceRecord[];
type Piece = IteratorResult<Records, void>;

/** A target that is being read. */
interface Reading {
  readonly turn: Turn;
  readonly pieces: AsyncGenerator<Records, void>;
  /** The piece that is asked for and not yet given out: a slow query outlives polls. */
  next: Promise<Piece> | null;
}

/** Pauses between tries of a failed query grow up to this. */
const RETRY_PAUSE_MAX_MS = 30_000;

/**
 * Reads its tables in turn: each is read to the end of what is new, in pieces, then rests for
 * `poll.interval.ms`. A failed query is tried again from the last row that was given out.
 */
export class JdbcSourceTask implements SourceTask {
  readonly #initialId: (props: Props) => Int64 | null;
  #context: SourceTaskContext | null = null;
  #settings: SourceSettings | null = null;
  #connection: DatabaseConnection | null = null;
  #turns: readonly Turn[] = [];
  #reading: Reading | null = null;
  #failures = 0;
  /** Ends what a stopped task still does. */
  readonly #stopping = new AbortController();

  /** @param initialId where the ids begin by a config; `null`: with 0 */
  constructor(initialId: (props: Props) => Int64 | null) {
    this.#initialId = initialId;
  }

  initialize(context: SourceTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    const context = this.#context;
    if (context === null) throw new Error('start() was called before initialize()');
    this.#settings = sourceSettings(props, context.logger, this.#initialId(props));
    const connection = await this.#connected(this.#settings, this.#stopping.signal);
    const queriers = await makeQueriers(props, this.#settings, connection, context);
    this.#turns = queriers.map((querier) => ({ querier, dueAtMs: 0 }));
  }

  async poll(signal: AbortSignal): Promise<Records | null> {
    const settings = this.#settings;
    if (settings === null) throw new Error('poll() was called before start()');
    while (!signal.aborted) {
      const turn = this.#reading?.turn ?? this.#nextTurn();
      const waitMs = turn === null ? settings.pollIntervalMs : turn.dueAtMs - Date.now();
      if (waitMs > 0) {
        await sleep(waitMs, undefined, { signal }).catch(() => null);
        continue;
      }
      if (turn === null) continue;
      try {
        const records = await this.#nextPiece(turn, settings, signal);
        this.#failures = 0;
        if (records !== null) return records;
      } catch (error) {
        if (signal.aborted) break;
        await this.#failed(turn, error, settings);
      }
    }
    return null;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#endReading();
    await this.#connection?.close();
    this.#connection = null;
  }

  #nextTurn(): Turn | null {
    let next: Turn | null = null;
    for (const turn of this.#turns) {
      if (next === null || turn.dueAtMs < next.dueAtMs) next = turn;
    }
    return next;
  }

  /** The next piece of what is new, or `null` when the turn has read all. */
  async #nextPiece(
    turn: Turn,
    settings: SourceSettings,
    signal: AbortSignal,
  ): Promise<Records | null> {
    const reading = await this.#readingOf(turn, settings, signal);
    reading.next ??= begun(reading.pieces);
    const piece = await unlessAborted(reading.next, signal);
    if (piece === null) return null;
    reading.next = null;
    if (piece.done !== true) return piece.value;
    this.#reading = null;
    turn.dueAtMs = Date.now() + settings.pollIntervalMs;
    return null;
  }

  async #readingOf(turn: Turn, settings: SourceSettings, signal: AbortSignal): Promise<Reading> {
    // A piece that came before the session was lost has to be given out all the same.
    if (this.#reading !== null && this.#reading.next !== null) return this.#reading;
    // What was begun in a session that is gone can't go on: it begins again behind the last row.
    if (this.#connection?.isUsable !== true) await this.#endReading();
    const connection = await this.#connected(settings, signal);
    // The stream outlives this poll, so it must not hang on this poll's signal.
    const { signal: stopping } = this.#stopping;
    this.#reading ??= { turn, pieces: turn.querier.newRecords(connection, stopping), next: null };
    return this.#reading;
  }

  async #connected(settings: SourceSettings, signal: AbortSignal): Promise<DatabaseConnection> {
    if (this.#connection?.isUsable === true) return this.#connection;
    await this.#connection?.close();
    const connection = await openConnection(settings.database, signal);
    const isolation = isolationSql(settings.isolation, settings.database.dialect.family);
    if (isolation !== null) await connection.execute(isolation);
    this.#connection = connection;
    return connection;
  }

  /** A new session for the next try, unless the error is not the database's. */
  async #failed(turn: Turn, error: unknown, settings: SourceSettings): Promise<void> {
    await this.#endReading();
    await this.#connection?.close();
    this.#connection = null;
    const { title } = turn.querier.target;
    const failure = this.#understood(title, error, settings);
    this.#failures += 1;
    const { retryAttempts } = settings;
    if (retryAttempts >= 0 && this.#failures > retryAttempts) {
      throw new ConnectError(
        `Failed to query table after retries: ${failure.message} Tried ${this.#failures} times ` +
          '(query.retry.attempts).',
        { cause: failure },
      );
    }
    const pauseMs = Math.min(settings.pollIntervalMs, RETRY_PAUSE_MAX_MS);
    this.#logger.warn(
      `Error while polling for records: ${failure.message} Next try of ${title} in ${pauseMs} ms.`,
    );
    turn.dueAtMs = Date.now() + pauseMs;
  }

  /** @throws what is not the database's: a value or config that no other try mends */
  #understood(title: string, error: unknown, { database }: SourceSettings): Error {
    if (error instanceof ConnectError) {
      if (error.name === 'RetriableError') return error;
      throw error;
    }
    return sqlError(`read ${title}`, database.dialect.problemOf(error), error);
  }

  async #endReading(): Promise<void> {
    const reading = this.#reading;
    this.#reading = null;
    // Ending a stream of a broken session may fail once more; the session is closed anyway.
    await reading?.pieces.return().catch(() => null);
  }

  get #logger(): Logger {
    if (this.#context === null) throw new Error('initialize() was not called');
    return this.#context.logger;
  }
}

/** Asks for a piece; its error waits for the poll that takes it, or goes with a task that stops. */
function begun(pieces: Reading['pieces']): Promise<Piece> {
  const next = pieces.next();
  next.catch(() => undefined);
  return next;
}

/** What comes, or `null` when the signal was quicker. */
async function unlessAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const onAbort = (): void => resolve(null);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([pending, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
