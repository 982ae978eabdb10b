import {
  ConnectError,
  int64,
  newSourceRecord,
  type Int64,
  type Logger,
  type SourceMap,
  type SourceRecord,
} from '@sluice/api';
import type { Cell, Row } from '../database/cell.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { ResultColumn } from '../database/table.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Identifiers } from '../dialect/identifiers.ts';
import { instantReader, type ColumnOptions } from './column-reader.ts';
import { criteriaOf, type CursorColumns } from './criteria.ts';
import { toSourceOffset, type CursorOffset } from './cursor-offset.ts';
import { RowReader } from './row-reader.ts';

/** One table, or the query, that is read again and again. */
export interface QuerierTarget {
  /** For logs and errors: `the table public.orders`. */
  readonly title: string;
  /** `SELECT * FROM …`, or the query. */
  readonly select: string;
  /** `query.suffix` */
  readonly suffix: string;
  readonly topic: string;
  readonly partition: SourceMap;
  /** `null` for a query. */
  readonly schemaName: string | null;
  readonly cursor: CursorColumns;
  /** The timestamp column whose type its bounds are written in; `null` without timestamps. */
  readonly timestampColumn: ResultColumn | null;
}

/** What all queriers of a task share. */
export interface QuerierOptions {
  readonly dialect: Dialect;
  readonly identifiers: Identifiers;
  readonly columns: ColumnOptions;
  /** `timestamp.delay.interval.ms` */
  readonly delayMs: number;
  readonly rowsPerFetch: number;
  readonly logger: Logger;
}

const NANOS_PER_MS = 1_000_000n;

/** Reads what is new of one target, piece by piece, and knows how far it is. */
export class Querier {
  readonly target: QuerierTarget;
  readonly #options: QuerierOptions;
  readonly #isBulk: boolean;
  #offset: CursorOffset;
  #reader: RowReader | null = null;

  constructor(target: QuerierTarget, offset: CursorOffset, options: QuerierOptions) {
    this.target = target;
    this.#offset = offset;
    this.#options = options;
    this.#isBulk = target.cursor.incrementing === null && target.cursor.timestamps.length === 0;
  }

  /**
   * The rows after the last one that was given out, in pieces of at most `batch.max.rows`. Ending
   * early leaves the rest for the next time.
   */
  async *newRecords(
    connection: DatabaseConnection,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SourceRecord[], void, undefined> {
    const { cursor } = this.target;
    const { sql, binds } = await this.#query(connection);
    this.#options.logger.debug(`Reading ${this.target.title}: ${sql}`);
    const { rowsPerFetch } = this.#options;
    const isTimeAlone = cursor.timestamps.length > 0 && cursor.incrementing === null;
    const ties = new TiedRows(this.#offset);
    for await (const piece of connection.stream(sql, binds, { rowsPerFetch, signal })) {
      // Without rows there is nothing to read; and SQLite knows the types of values only.
      if (piece.rows.length === 0) continue;
      const reader = this.#readerOf(piece.columns);
      const records: SourceRecord[] = [];
      for (const row of piece.rows) {
        const offset = this.#offsetOf(reader, row);
        const ready = isTimeAlone ? ties.next(row, offset) : { row, offset };
        if (ready === null) continue;
        this.#offset = ready.offset;
        records.push(this.#record(reader, ready.row, ready.offset));
      }
      if (records.length > 0) yield records;
    }
    const last = ties.end();
    if (last === null || this.#reader === null) return;
    this.#offset = last.offset;
    yield [this.#record(this.#reader, last.row, last.offset)];
  }

  async #query(
    connection: DatabaseConnection,
  ): Promise<{ readonly sql: string; readonly binds: readonly Cell[] }> {
    const { dialect, identifiers, delayMs, columns } = this.#options;
    const { cursor, timestampColumn, select, suffix } = this.target;
    const hasTime = cursor.timestamps.length > 0;
    const nowNanos = hasTime ? await dialect.currentTimestamp(connection) : 0n;
    const until = nowNanos - BigInt(delayMs) * NANOS_PER_MS;
    const criteria = criteriaOf(cursor, this.#offset, until, {
      column: (name) => identifiers.quote(name),
      placeholder: (position) => dialect.placeholder(position),
      timestampCell: (nanos) => {
        if (timestampColumn === null) throw new Error(`${this.target.title} has no timestamps`);
        return dialect.timestampBind(timestampColumn, nanos, columns.zone.id);
      },
    });
    const end = suffix === '' ? '' : ` ${suffix}`;
    return { sql: select + criteria.sql + end, binds: criteria.binds };
  }

  /** The same reader as long as the columns are: converters keep what they made of its schema. */
  #readerOf(columns: readonly ResultColumn[]): RowReader {
    const earlier = this.#reader;
    if (earlier !== null && isSameColumns(earlier.columns, columns)) return earlier;
    const { logger, columns: options } = this.#options;
    const reader = new RowReader(this.target.schemaName, columns, options, logger);
    if (earlier !== null) logger.info(`The columns of ${this.target.title} have changed.`);
    this.#reader = reader;
    return reader;
  }

  #record(reader: RowReader, row: Row, offset: CursorOffset): SourceRecord {
    return newSourceRecord({
      sourcePartition: this.target.partition,
      sourceOffset: this.#isBulk ? null : toSourceOffset(offset),
      topic: this.target.topic,
      valueSchema: reader.schema,
      value: reader.read(row),
    });
  }

  #offsetOf(reader: RowReader, row: Row): CursorOffset {
    const { incrementing, timestamps } = this.target.cursor;
    return {
      incrementing:
        incrementing === null
          ? null
          : this.#idOf(this.#cell(reader, row, incrementing), incrementing),
      timestamp: timestamps.length === 0 ? null : this.#timeOf(reader, row, timestamps),
    };
  }

  #cell(reader: RowReader, row: Row, name: string): Cell {
    const index = reader.indexOf(name);
    if (index >= 0) return row[index] ?? null;
    throw new ConnectError(
      `${this.target.title} gives no column "${name}", which the mode needs: add it to the query.`,
    );
  }

  #idOf(cell: Cell, name: string): Int64 {
    if (typeof cell === 'bigint') return int64(cell);
    if (typeof cell === 'number' && Number.isInteger(cell)) return cell;
    if (typeof cell === 'string' && /^-?\d+(?:\.0*)?$/.test(cell)) {
      return int64(BigInt(cell.replace(/\.0*$/, '')));
    }
    throw new ConnectError(
      `The incrementing column "${name}" of ${this.target.title} holds ${String(cell)}, which is ` +
        'no whole number: choose another column, or the timestamp mode.',
    );
  }

  #timeOf(reader: RowReader, row: Row, names: readonly string[]): bigint {
    for (const name of names) {
      const cell = this.#cell(reader, row, name);
      if (cell === null) continue;
      const column = reader.columns[reader.indexOf(name)];
      const nanos =
        column === undefined ? null : instantReader(column, this.#options.columns)(cell);
      if (nanos !== null) return nanos;
      throw new ConnectError(
        `The timestamp column "${name}" of ${this.target.title} holds ${String(cell)}, which is ` +
          'no time: choose another column, or another mode.',
      );
    }
    throw new ConnectError(`A row of ${this.target.title} has no time in ${names.join(', ')}.`);
  }
}

interface RowAtOffset {
  readonly row: Row;
  readonly offset: CursorOffset;
}

/**
 * Rows of the same time: only the last of them may move the offset, for after a restart what is
 * later than the offset is read. A row is held back until it is known whether its time goes on.
 */
class TiedRows {
  #settled: CursorOffset;
  #held: RowAtOffset | null = null;

  constructor(settled: CursorOffset) {
    this.#settled = settled;
  }

  /** Takes a row, and gives out the one before it with the offset that it may move to. */
  next(row: Row, offset: CursorOffset): RowAtOffset | null {
    const held = this.#held;
    this.#held = { row, offset };
    if (held === null) return null;
    if (held.offset.timestamp === offset.timestamp) return { row: held.row, offset: this.#settled };
    this.#settled = held.offset;
    return held;
  }

  /** The last row. */
  end(): RowAtOffset | null {
    return this.#held;
  }
}

function isSameColumns(a: readonly ResultColumn[], b: readonly ResultColumn[]): boolean {
  if (a === b) return true;
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
