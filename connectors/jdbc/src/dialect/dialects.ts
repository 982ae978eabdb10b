import { ConfigError } from '@sluice/api';
import type { DatabaseFamily } from '../url/parsed-url.ts';
import type { Dialect } from './dialect.ts';
import { MYSQL } from './mysql/mysql-dialect.ts';
import { ORACLE } from './oracle/oracle-dialect.ts';
import { POSTGRES } from './postgres/postgres-dialect.ts';
import { SQLITE } from './sqlite/sqlite-dialect.ts';
import { SQL_SERVER } from './sqlserver/sqlserver-dialect.ts';

const DIALECTS: ReadonlyMap<DatabaseFamily, Dialect> = new Map(
  [POSTGRES, MYSQL, SQLITE, ORACLE, SQL_SERVER].map((dialect) => [dialect.family, dialect]),
);

/** What `dialect.name` may say, and what Java's connectors call their dialects. */
const NAMES: Readonly<Record<string, DatabaseFamily>> = {
  postgresqldatabasedialect: 'postgres',
  mysqldatabasedialect: 'mysql',
  mariadbdatabasedialect: 'mysql',
  sqlitedatabasedialect: 'sqlite',
  oracledatabasedialect: 'oracle',
  sqlserverdatabasedialect: 'sqlserver',
};

/**
 * The dialect of a URL's database.
 *
 * @param name - `dialect.name`: `''` for the URL's own
 * @throws ConfigError when the name is none, or that of another database
 */
export function dialectOf(family: DatabaseFamily, name: string): Dialect {
  const dialect = DIALECTS.get(family);
  if (dialect === undefined) throw new ConfigError(`There is no dialect for ${family}.`);
  const wanted = name.trim().toLowerCase();
  if (wanted === '' || wanted === 'genericdatabasedialect' || NAMES[wanted] === family) {
    return dialect;
  }
  throw ConfigError.ofValue(
    'dialect.name',
    name,
    `the connection URL is one of ${dialect.title}: leave dialect.name out, or correct the URL`,
  );
}
