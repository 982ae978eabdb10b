import { ConfigError } from '@sluice/api';
import type { DatabaseFamily } from '../url/parsed-url.ts';

const LEVELS = ['READ_UNCOMMITTED', 'READ_COMMITTED', 'REPEATABLE_READ', 'SERIALIZABLE'] as const;

/**
 * The statement that sets a session's isolation, or `null` to leave it as the database has it.
 *
 * @param mode `transaction.isolation.mode`
 * @throws ConfigError for a mode that this database does not have
 */
export function isolationSql(mode: string, family: DatabaseFamily): string | null {
  const wanted = mode.trim().toUpperCase();
  if (wanted === 'DEFAULT') return null;
  if (wanted === 'SQL_SERVER_SNAPSHOT' && family === 'sqlserver') {
    return 'SET TRANSACTION ISOLATION LEVEL SNAPSHOT';
  }
  const level = LEVELS.find((each) => each === wanted)?.replace('_', ' ');
  if (level === undefined) {
    throw ConfigError.ofValue(
      'transaction.isolation.mode',
      mode,
      `String must be one of: ${['DEFAULT', ...LEVELS].join(', ')}`,
    );
  }
  switch (family) {
    case 'postgres':
      return `SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL ${level}`;
    case 'mysql':
      return `SET SESSION TRANSACTION ISOLATION LEVEL ${level}`;
    case 'sqlserver':
      return `SET TRANSACTION ISOLATION LEVEL ${level}`;
    case 'oracle':
      return `ALTER SESSION SET ISOLATION_LEVEL = ${level}`;
    case 'sqlite':
      return `PRAGMA read_uncommitted = ${level === 'READ UNCOMMITTED' ? 1 : 0}`;
    default:
      return family satisfies never;
  }
}
