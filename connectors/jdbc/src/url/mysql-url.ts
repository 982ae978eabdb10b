import { ConfigError } from '@sluice/api';
import type { HostPort, JdbcUrl } from './parsed-url.ts';
import { decode, parseHostPort, parseQuery, takeProperty } from './url-parts.ts';

const DEFAULT_PORT = 3306;

/**
 * `//user:password@host:port,host:port/database?…`; before it may stand a mode (`replication:`,
 * `loadbalance:`, `sequential:`, `aurora:`): hosts are then tried in order, the first is written to.
 * Hosts may be written as `address=(host=h)(port=1)` or `(host=h,port=1)` too.
 */
export function parseMysqlUrl(rest: string): JdbcUrl {
  const match = /^(?:[a-z]+:)?\/\/(.*)$/is.exec(rest);
  if (match === null) {
    throw new ConfigError(
      'The MySQL connection URL names no host. Write jdbc:mysql://host:port/database.',
    );
  }
  const [place = '', ...query] = (match[1] ?? '').split('?');
  const properties = parseQuery(query.join('?'));
  const slash = place.lastIndexOf('/');
  const authority = slash < 0 ? place : place.slice(0, slash);
  const database = slash < 0 ? '' : decode(place.slice(slash + 1));
  const at = authority.lastIndexOf('@');
  const [user, password] = at < 0 ? [null, null] : credentialsOf(authority.slice(0, at));
  return {
    family: 'mysql',
    hosts: splitHosts(authority.slice(at + 1)).map(hostOf),
    database: database === '' ? null : database,
    user: takeProperty(properties, 'user') ?? user,
    password: takeProperty(properties, 'password') ?? password,
    properties,
    connectString: null,
  };
}

function credentialsOf(text: string): readonly [string, string | null] {
  const colon = text.indexOf(':');
  if (colon < 0) return [decode(text), null];
  return [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}

/** Splits at the commas that stand outside of brackets. */
function splitHosts(text: string): readonly string[] {
  const hosts: string[] = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) hosts.push('');
    else hosts.push(`${hosts.pop() ?? ''}${char}`);
  }
  return hosts;
}

function hostOf(text: string): HostPort {
  if (!text.includes('(')) return parseHostPort(text, DEFAULT_PORT);
  const part = (name: string): string =>
    new RegExp(`[(,]\\s*${name}\\s*=\\s*([^,)]*)`, 'i').exec(text)?.[1]?.trim() ?? '';
  return parseHostPort(`${part('host')}:${part('port')}`, DEFAULT_PORT);
}
