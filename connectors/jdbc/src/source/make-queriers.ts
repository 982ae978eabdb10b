import { ConnectError, type Props, type SourceMap, type SourceTaskContext } from '@sluice/api';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { ResultColumn, TableId } from '../database/table.ts';
import { cursorColumnsOf, cursorColumnsOfQuery } from './cursor-columns.ts';
import type { CursorColumns } from './criteria.ts';
import {
  formerTablePartition,
  fromSourceOffset,
  NO_OFFSET,
  QUERY_PARTITION,
  tablePartition,
  type CursorOffset,
} from './cursor-offset.ts';
import { Querier, type QuerierTarget } from './querier.ts';
import { indexOfColumn } from './row-reader.ts';
import type { SourceSettings } from './source-settings.ts';
import { TABLES_KEY, tablesOf } from './source-tables.ts';
import { plainName } from './table-selection.ts';

/**
 * What a task reads: its tables, or the query, each from its stored offset on.
 *
 * @throws ConnectError for a table or column that is not there, or an offset that is none
 */
export async function makeQueriers(
  props: Props,
  settings: SourceSettings,
  connection: DatabaseConnection,
  context: SourceTaskContext,
): Promise<readonly Querier[]> {
  const targets =
    settings.query === null
      ? await tableTargets(tablesOf(props[TABLES_KEY] ?? '[]'), settings, connection)
      : [await queryTarget(settings.query, settings, connection)];
  const initial = await initialOffset(settings, connection);
  const queriers: Querier[] = [];
  for (const { target, formerPartition } of targets) {
    const stored = await storedOffset(target.partition, formerPartition, context);
    const offset = {
      incrementing: stored.incrementing ?? initial.incrementing,
      timestamp: stored.timestamp ?? initial.timestamp,
    };
    queriers.push(
      new Querier(target, offset, {
        dialect: settings.database.dialect,
        identifiers: settings.identifiers,
        columns: settings.columns,
        delayMs: settings.delayMs,
        rowsPerFetch: settings.rowsPerBatch,
        logger: context.logger,
      }),
    );
  }
  return queriers;
}

interface TargetAndPast {
  readonly target: QuerierTarget;
  /** Where older versions stored the offset. */
  readonly formerPartition: SourceMap | null;
}

async function tableTargets(
  tables: readonly TableId[],
  settings: SourceSettings,
  connection: DatabaseConnection,
): Promise<readonly TargetAndPast[]> {
  const { identifiers, database, cursor } = settings;
  const targets: TargetAndPast[] = [];
  for (const table of tables) {
    const name = plainName(table, identifiers);
    const description = await database.dialect.describeTable(connection, table, identifiers);
    if (description === null) {
      throw new ConnectError(
        `The table ${name} is gone: it was there when the work was given out. The connector will ` +
          'notice within table.poll.interval.ms; restart it to go on at once.',
      );
    }
    const columns = cursorColumnsOf(cursor, description, name);
    targets.push({
      formerPartition: formerTablePartition(table),
      target: {
        title: `the table ${name}`,
        select: `SELECT * FROM ${identifiers.qualified(table)}`,
        suffix: settings.querySuffix,
        topic: settings.topicPrefix + table.name,
        partition: tablePartition(name),
        schemaName: table.name,
        cursor: columns,
        timestampColumn: timestampColumnOf(columns, description.columns),
      },
    });
  }
  return targets;
}

async function queryTarget(
  query: string,
  settings: SourceSettings,
  connection: DatabaseConnection,
): Promise<TargetAndPast> {
  const cursor = cursorColumnsOfQuery(settings.cursor);
  // A WHERE is added to the query in this mode anyway, so this one asks for nothing but the columns.
  const isTimed = cursor.timestamps.length > 0;
  const columns = isTimed ? (await connection.query(`${query} WHERE 1 = 0`)).columns : [];
  return {
    formerPartition: null,
    target: {
      title: 'the query',
      select: query,
      suffix: settings.querySuffix,
      topic: settings.topicPrefix,
      partition: QUERY_PARTITION,
      schemaName: null,
      cursor,
      timestampColumn: timestampColumnOf(cursor, columns),
    },
  };
}

function timestampColumnOf(
  { timestamps }: CursorColumns,
  columns: readonly ResultColumn[],
): ResultColumn | null {
  const [first] = timestamps;
  if (first === undefined) return null;
  const column = columns[indexOfColumn(columns, first)];
  if (column !== undefined) return column;
  throw new ConnectError(
    `The query gives no column "${first}", which timestamp.column.name asks for: it gives ` +
      `${columns.map(({ name }) => name).join(', ')}.`,
  );
}

async function storedOffset(
  partition: SourceMap,
  formerPartition: SourceMap | null,
  { offsetStorageReader }: SourceTaskContext,
): Promise<CursorOffset> {
  const stored = await offsetStorageReader.offset(partition);
  if (stored !== null) return fromSourceOffset(stored);
  if (formerPartition === null) return NO_OFFSET;
  const former = await offsetStorageReader.offset(formerPartition);
  return former === null ? NO_OFFSET : fromSourceOffset(former);
}

async function initialOffset(
  { initialId, initialTime, database, cursor }: SourceSettings,
  connection: DatabaseConnection,
): Promise<CursorOffset> {
  const incrementing = cursor.mode.includes('incrementing') ? initialId : null;
  if (!cursor.mode.includes('timestamp')) return { incrementing, timestamp: null };
  const timestamp =
    initialTime === 'now' ? await database.dialect.currentTimestamp(connection) : initialTime;
  return { incrementing, timestamp };
}
