import { ConnectError, type ErrantRecordReporter, type Logger, type SinkRecord } from '@sluice/api';
import { openConnection } from '../connection/open-connection.ts';
import { TableError, sqlError } from '../connection/sql-error.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { DatabaseProblem } from '../database/database-problem.ts';
import { OffsetsMovedError, type OffsetKeeper } from './offset-keeper.ts';
import { recordText } from './record-text.ts';
import { RowBatch, type BoundRow, type WriteStep } from './row-batch.ts';
import { RowMakers } from './row-maker.ts';
import type { SinkSettings } from './sink-settings.ts';
import { TableKeeper } from './table-keeper.ts';

/** What a writer needs of the worker. */
export interface SinkWriterOptions {
  readonly settings: SinkSettings;
  readonly logger: Logger;
  readonly reporter: ErrantRecordReporter | null;
  /** `null`: at-least-once. */
  readonly offsets: OffsetKeeper | null;
}

/**
 * Writes batches of records, each in one transaction over all of its tables (Invariant: what `put` answers for is
 * committed). A row that the database refuses is found by halving the batch, and goes to the
 * reporter; without one its error fails the task. The rest of the batch is written all the same.
 */
export class SinkWriter {
  readonly #options: SinkWriterOptions;
  readonly #makers: RowMakers;
  #connection: DatabaseConnection | null = null;

  constructor(options: SinkWriterOptions) {
    this.#options = options;
    this.#makers = new RowMakers(options.settings, new TableKeeper(options.settings));
  }

  /** An open session; a lost one is replaced. */
  async connection(): Promise<DatabaseConnection> {
    if (this.#connection?.isUsable === true) return this.#connection;
    await this.#connection?.close();
    this.#connection = null;
    // Others may have changed tables while we were away.
    this.#makers.forget();
    this.#connection = await openConnection({ ...this.#options.settings.database, attempts: 1 });
    return this.#connection;
  }

  /** @throws RetriableError when the same records may be written later, ConnectError else */
  async write(records: readonly SinkRecord[]): Promise<void> {
    const connection = await this.connection();
    try {
      await this.#writeOnce(connection, records);
    } catch (error) {
      if (error instanceof ConnectError || error instanceof OffsetsMovedError) throw error;
      const problem = this.#problem(error);
      if (problem.kind !== 'fatal') throw this.#failure('write a batch', error, problem);
      // A table may have been changed or dropped by somebody: look at it anew, once.
      this.#makers.forget();
      await this.#writeAgain(connection, records);
    }
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#connection = null;
  }

  async #writeAgain(connection: DatabaseConnection, records: readonly SinkRecord[]): Promise<void> {
    try {
      await this.#writeOnce(connection, records);
    } catch (error) {
      if (error instanceof ConnectError || error instanceof OffsetsMovedError) throw error;
      throw this.#failure('write a batch', error, this.#problem(error));
    }
  }

  async #writeOnce(connection: DatabaseConnection, records: readonly SinkRecord[]): Promise<void> {
    const steps = await this.#stepsFor(connection, records);
    try {
      await this.#transaction(connection, records, async () => {
        for (const { writer, rows } of steps) {
          await writer.writer.write(
            connection,
            rows.map(({ row }) => row),
          );
        }
      });
    } catch (error) {
      const isRows = !(error instanceof ConnectError || error instanceof OffsetsMovedError);
      if (!isRows || this.#problem(error).kind !== 'bad-row') throw error;
      this.#options.logger.debug(`A row was refused, so the batch is split to find it`, {
        reason: error,
      });
      await this.#transaction(connection, records, async () => {
        for (const step of steps) await this.#writeIsolated(connection, step, step.rows);
      });
    }
  }

  async #stepsFor(
    connection: DatabaseConnection,
    records: readonly SinkRecord[],
  ): Promise<readonly WriteStep[]> {
    const { settings } = this.#options;
    const batch = new RowBatch(settings.batchSize);
    for (const record of records) {
      try {
        const maker =
          this.#makers.known(record) ?? (await this.#makers.makerFor(connection, record));
        if (maker !== null) batch.add(maker.writer, { record, row: maker.rowOf(record) });
      } catch (error) {
        await this.#refuse(record, error);
      }
    }
    return batch.finish();
  }

  /** Records whose table or values can't be; records without key or value fail the task, as Java's do. */
  async #refuse(record: SinkRecord, error: unknown): Promise<void> {
    const { reporter } = this.#options;
    const isRecords =
      error instanceof TableError || (error instanceof Error && error.name === 'DataError');
    if (reporter === null || !isRecords) throw error;
    await reporter.report(record, error);
  }

  async #transaction(
    connection: DatabaseConnection,
    records: readonly SinkRecord[],
    work: () => Promise<void>,
  ): Promise<void> {
    await connection.begin();
    try {
      await this.#options.offsets?.advance(connection, records);
      await work();
      await connection.commit();
    } catch (error) {
      await this.#rollBack(connection);
      throw error;
    }
  }

  async #rollBack(connection: DatabaseConnection): Promise<void> {
    try {
      if (connection.isUsable) await connection.rollback();
    } catch {
      // Whatever state the session is in: a new one has none.
      await connection.close();
    }
  }

  async #writeIsolated(
    connection: DatabaseConnection,
    step: WriteStep,
    rows: readonly BoundRow[],
  ): Promise<void> {
    const { savepoint } = this.#options.settings.database.dialect;
    await connection.execute(savepoint.set);
    try {
      await step.writer.writer.write(
        connection,
        rows.map(({ row }) => row),
      );
      if (savepoint.release !== null) await connection.execute(savepoint.release);
      return;
    } catch (error) {
      const problem = this.#problem(error);
      if (problem.kind !== 'bad-row') throw error;
      await connection.execute(savepoint.rollback);
      const [only] = rows;
      if (only !== undefined && rows.length === 1) {
        return this.#refuseRow(step, only.record, error, problem);
      }
    }
    const middle = Math.ceil(rows.length / 2);
    await this.#writeIsolated(connection, step, rows.slice(0, middle));
    await this.#writeIsolated(connection, step, rows.slice(middle));
  }

  async #refuseRow(
    step: WriteStep,
    record: SinkRecord,
    error: unknown,
    problem: DatabaseProblem,
  ): Promise<void> {
    const failure = sqlError(`${step.writer.title} the ${recordText(record)}`, problem, error);
    const { reporter } = this.#options;
    if (reporter === null) throw failure;
    await reporter.report(record, failure);
  }

  #problem(error: unknown): DatabaseProblem {
    return this.#options.settings.database.dialect.problemOf(error);
  }

  #failure(attempt: string, error: unknown, problem: DatabaseProblem): ConnectError {
    return sqlError(attempt, problem, error);
  }
}
