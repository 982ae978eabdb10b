import { ConfigError, type ConfigValue, type Logger, type Props } from '@sluice/api';
import { databaseOf } from '../connection/connection-config.ts';
import { openConnection } from '../connection/open-connection.ts';
import { sqlError } from '../connection/sql-error.ts';
import { withErrors, withRecommended, type KeyErrors } from '../connection/config-values.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { TableId } from '../database/table.ts';
import { cursorColumnsOf } from './cursor-columns.ts';
import {
  JDBC_SOURCE_CONFIG,
  modeOf,
  sourceSettings,
  type SourceSettings,
} from './source-settings.ts';
import { isolationSql } from './isolation.ts';
import { checkLists, plainName, selectTables } from './table-selection.ts';

/** How long a validation waits for the database in all. */
const VALIDATION_TIMEOUT_MS = 15_000;
/** Tables whose columns are looked at; a config that is right for these is mostly right for all. */
const CHECKED_TABLES_MAX = 20;
const CONNECTION_KEYS = ['connection.url', 'connection.user', 'connection.password'];
const WHITELIST = 'table.whitelist';
const TABLE_LISTS = [WHITELIST, 'table.blacklist', 'table.include.list', 'table.exclude.list'];

const QUIET: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * Validates a config and, when the keys alone are right, connects: names the tables that there are,
 * and what is wrong with tables and columns. Never waits longer than a bound.
 *
 * @param values what the keys' own checks said
 * @param timeoutMs the bound
 */
export async function validateSource(
  props: Props,
  values: readonly ConfigValue[],
  timeoutMs = VALIDATION_TIMEOUT_MS,
): Promise<readonly ConfigValue[]> {
  const errors = staticErrors(props, values);
  if (errors.size > 0 || values.some((value) => value.errorMessages.length > 0)) {
    return withErrors(values, errors);
  }
  const signal = AbortSignal.timeout(timeoutMs);
  let connection: DatabaseConnection;
  try {
    const database = databaseOf(props, QUIET);
    const target = { ...database.target, isCheck: true };
    connection = await openConnection({ ...database, target, attempts: 1 }, signal);
  } catch (error) {
    const message = `Could not connect to database. ${textOf(error)}`;
    return withErrors(values, new Map(CONNECTION_KEYS.map((key) => [key, [message]])));
  }
  try {
    const { promise: tooLate, resolve } = Promise.withResolvers<readonly ConfigValue[]>();
    const answer = withErrors(values, new Map([['connection.url', [noAnswer(timeoutMs)]]]));
    signal.addEventListener('abort', () => resolve(answer), { once: true });
    return await Promise.race([checkedAgainst(connection, props, values), tooLate]);
  } finally {
    await connection.close();
  }
}

function noAnswer(timeoutMs: number): string {
  return (
    `The database took the session but gave no answer about its tables within ${timeoutMs} ms. ` +
    'See whether it is overloaded, or whether another session has locked a table.'
  );
}

async function checkedAgainst(
  connection: DatabaseConnection,
  props: Props,
  values: readonly ConfigValue[],
): Promise<readonly ConfigValue[]> {
  const settings = sourceSettings(props, QUIET);
  const { dialect } = settings.database;
  const { catalogPattern, schemaPattern, tableTypes: types, identifiers } = settings;
  try {
    const tables = await dialect.listTables(connection, { catalogPattern, schemaPattern, types });
    const names = tables.map((table) => plainName(table, identifiers)).sort();
    const found = withRecommended(values, TABLE_LISTS, names);
    if (settings.query !== null) return found;
    const selected = selectTables(tables, settings.lists, identifiers);
    return withErrors(found, await columnErrors(connection, settings, selected));
  } catch (error) {
    return withErrors(values, new Map([['connection.url', [textOf(error)]]]));
  }
}

async function columnErrors(
  connection: DatabaseConnection,
  settings: SourceSettings,
  tables: Parameters<typeof selectTables>[0],
): Promise<KeyErrors> {
  const { identifiers, cursor, database } = settings;
  const errors = new Map<string, string[]>();
  for (const table of tables.slice(0, CHECKED_TABLES_MAX)) {
    const description = await database.dialect.describeTable(connection, table, identifiers);
    if (description === null) continue;
    const refused = await readProblem(connection, settings, table);
    if (refused !== null) {
      errors.set(WHITELIST, [...(errors.get(WHITELIST) ?? []), refused]);
      continue;
    }
    try {
      cursorColumnsOf(cursor, description, plainName(table, identifiers));
    } catch (error) {
      const text = textOf(error);
      const isTime = /timestamp/i.test(text) && cursor.mode.includes('timestamp');
      const key = isTime ? 'timestamp.column.name' : 'incrementing.column.name';
      errors.set(key, [...(errors.get(key) ?? []), text]);
    }
  }
  return errors;
}

/** Why a table that the config names can't be read: a privilege is missing, say. */
async function readProblem(
  connection: DatabaseConnection,
  { lists, identifiers, database: { dialect } }: SourceSettings,
  table: TableId,
): Promise<string | null> {
  // Nobody asked by name for those that a pattern found: Java's connector starts without them.
  if (lists.whitelist.length === 0) return null;
  try {
    await connection.query(`SELECT * FROM ${identifiers.qualified(table)} WHERE 1 = 0`);
    return null;
  } catch (error) {
    const attempt = `read the table ${plainName(table, identifiers)}`;
    return sqlError(attempt, dialect.problemOf(error), error).message;
  }
}

/** What is wrong with the keys together, found without the database. */
function staticErrors(props: Props, values: readonly ConfigValue[]): KeyErrors {
  const errors = new Map<string, string[]>();
  const check = (keys: readonly string[], action: () => unknown): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const key of keys) errors.set(key, [...(errors.get(key) ?? []), error.message]);
    }
  };
  const isParsed = values.every((value) => value.errorMessages.length === 0);
  if (!isParsed) return errors;
  const config = JDBC_SOURCE_CONFIG.parse(props);
  check(['mode'], () => modeOf(config.mode));
  check(['connection.url'], () => databaseOf(props, QUIET));
  check(TABLE_LISTS, () => {
    checkLists({
      whitelist: config['table.whitelist'],
      blacklist: config['table.blacklist'],
      include: config['table.include.list'],
      exclude: config['table.exclude.list'],
    });
  });
  if (errors.size > 0) return errors;
  check(['query'], () => {
    const settings = sourceSettings(props, QUIET);
    check(['transaction.isolation.mode'], () => {
      isolationSql(settings.isolation, settings.database.dialect.family);
    });
  });
  return errors;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
