import { ConfigError } from '@sluice/api';
import { parseMysqlUrl } from './mysql-url.ts';
import { parseOracleUrl } from './oracle-url.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { parseSqlServerUrl } from './sqlserver-url.ts';
import { parseSqliteUrl } from './sqlite-url.ts';
import type { JdbcUrl } from './parsed-url.ts';

const PARSERS: Readonly<Record<string, (rest: string) => JdbcUrl>> = {
  postgresql: parsePostgresUrl,
  mysql: parseMysqlUrl,
  mariadb: parseMysqlUrl,
  sqlite: parseSqliteUrl,
  oracle: parseOracleUrl,
  sqlserver: parseSqlServerUrl,
};

/**
 * Takes a URL apart as the JDBC driver of its database would.
 *
 * @throws ConfigError that never shows more of the URL than its beginning: it may hold a password
 */
export function parseJdbcUrl(url: string): JdbcUrl {
  const match = /^jdbc:([a-z]+):(.*)$/is.exec(url.trim());
  const name = match?.[1]?.toLowerCase() ?? '';
  const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (match === null || parse === undefined) throw notUnderstood(url);
  return parse(match[2] ?? '');
}

/** Whether text starts as a JDBC URL of a database that is known. */
export function isJdbcUrl(url: string): boolean {
  const subprotocol = /^jdbc:([a-z]+):/i.exec(url.trim())?.[1]?.toLowerCase();
  return subprotocol !== undefined && Object.hasOwn(PARSERS, subprotocol);
}

/** The place that a URL names, without user, password and parameters: for logs and errors. */
export function placeOf(url: JdbcUrl): string {
  const hosts = url.hosts.map(({ host, port }) => `${host}:${port}`).join(',');
  if (url.family === 'sqlite') return url.database ?? ':memory:';
  if (hosts === '') return url.family;
  return url.database === null ? hosts : `${hosts}/${url.database}`;
}

function notUnderstood(url: string): ConfigError {
  const known = Object.keys(PARSERS).map((name) => `jdbc:${name}:`);
  const start = /^[a-z]*:?[a-z0-9]*:?/i.exec(url.trim())?.[0] ?? '';
  return new ConfigError(
    `The connection URL that starts with "${start}" names no database that is known. ` +
      `Start it with one of ${known.join(', ')}.`,
  );
}
