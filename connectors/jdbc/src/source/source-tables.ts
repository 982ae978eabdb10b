import { ConnectError } from '@sluice/api';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { TableId } from '../database/table.ts';
import type { SourceSettings } from './source-settings.ts';
import { rejectSameNames, selectTables } from './table-selection.ts';

/** The task's key that lists its tables, as JSON. */
export const TABLES_KEY = 'tables';

/**
 * The tables that a config asks for, in the order of their names.
 *
 * @throws ConnectError when two of them would share a topic
 */
export async function sourceTables(
  connection: DatabaseConnection,
  settings: SourceSettings,
): Promise<readonly TableId[]> {
  const { catalogPattern, schemaPattern, tableTypes: types, identifiers } = settings;
  const found = await settings.database.dialect.listTables(connection, {
    catalogPattern,
    schemaPattern,
    types,
  });
  const selected = selectTables(found, settings.lists, identifiers);
  rejectSameNames(selected, identifiers);
  return selected.toSorted((a, b) => (tablesText([a]) < tablesText([b]) ? -1 : 1));
}

/** Spreads tables over at most `max` tasks, in turn. */
export function groupTables(
  tables: readonly TableId[],
  max: number,
): readonly (readonly TableId[])[] {
  const count = Math.min(tables.length, max);
  const groups = Array.from({ length: count }, (): TableId[] => []);
  for (const [i, table] of tables.entries()) groups[i % count]?.push(table);
  return groups;
}

/** Tables as a task's config carries them. */
export function tablesText(tables: readonly TableId[]): string {
  return JSON.stringify(tables.map(({ catalog, schema, name }) => [catalog, schema, name]));
}

/** @throws ConnectError for what {@link tablesText} did not write */
export function tablesOf(text: string): readonly TableId[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw notTables(text);
  return parsed.map((parts: unknown) => {
    if (!Array.isArray(parts)) throw notTables(text);
    const [catalog = null, schema = null, name]: readonly unknown[] = parts;
    if (typeof name !== 'string' || !isPart(catalog) || !isPart(schema)) throw notTables(text);
    return { catalog, schema, name };
  });
}

function isPart(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function notTables(text: string): ConnectError {
  return new ConnectError(`The task's list of tables is none: ${text}. Restart the connector.`);
}
