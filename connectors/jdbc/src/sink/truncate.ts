import type { SinkRecord } from '@sluice/api';
import { sqlError } from '../connection/sql-error.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { SinkSettings } from './sink-settings.ts';

/** Empties a record's table, as a truncate event of Debezium asks; only with `truncate.enabled`. */
export async function truncateTable(
  connection: DatabaseConnection,
  settings: SinkSettings,
  record: SinkRecord,
): Promise<void> {
  if (!settings.isTruncateEnabled) return;
  const { identifiers, database } = settings;
  const name = identifiers.qualified(identifiers.parse(settings.tableFor(record)));
  try {
    const verb = database.dialect.family === 'sqlite' ? 'DELETE FROM' : 'TRUNCATE TABLE';
    await connection.execute(`${verb} ${name}`);
  } catch (error) {
    throw sqlError(`truncate ${name}`, database.dialect.problemOf(error), error);
  }
}
