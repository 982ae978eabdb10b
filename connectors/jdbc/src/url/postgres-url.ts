import type { JdbcUrl } from './parsed-url.ts';
import { decode, parseHostPort, parseQuery, takeProperty } from './url-parts.ts';

const DEFAULT_PORT = 5432;

/** `//host:port,host:port/database?…`, `database?…`, `/` */
export function parsePostgresUrl(rest: string): JdbcUrl {
  const [place = '', ...query] = rest.split('?');
  const properties = parseQuery(query.join('?'));
  const match = /^\/\/([^/]*)(?:\/(.*))?$/.exec(place);
  const hosts = match === null ? '' : (match[1] ?? '');
  const database = decode(match === null ? place.replace(/^\//, '') : (match[2] ?? ''));
  return {
    family: 'postgres',
    hosts: hosts.split(',').map((host) => parseHostPort(host, DEFAULT_PORT)),
    database: database === '' ? null : database,
    user: takeProperty(properties, 'user'),
    password: takeProperty(properties, 'password'),
    properties,
    connectString: null,
  };
}
