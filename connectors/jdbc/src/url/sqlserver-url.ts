import { ConfigError } from '@sluice/api';
import type { JdbcUrl } from './parsed-url.ts';
import { parseHostPort, takeProperty } from './url-parts.ts';

const DEFAULT_PORT = 1433;

/** `//host\instance:port;name=value;name={a;b}`; the host may be a property too. */
export function parseSqlServerUrl(rest: string): JdbcUrl {
  const match = /^\/\/([^;]*)(.*)$/s.exec(rest);
  if (match === null) {
    throw new ConfigError(
      'The SQL Server connection URL is not understood. ' +
        'Write jdbc:sqlserver://host:port;databaseName=name;encrypt=true.',
    );
  }
  const properties = parseProperties(match[2] ?? '');
  const [server = '', afterInstance] = (match[1] ?? '').split('\\');
  const [instance, port] = (afterInstance ?? '').split(':');
  if (instance !== undefined && instance !== '') properties.set('instanceName', instance);
  const host = takeProperty(properties, 'serverName') ?? takeProperty(properties, 'server');
  const ownPort = takeProperty(properties, 'portNumber') ?? takeProperty(properties, 'port');
  const place = afterInstance === undefined ? server : `${server}:${port ?? ''}`;
  const parsed = parseHostPort(place, ownPort === null ? DEFAULT_PORT : Number(ownPort));
  return {
    family: 'sqlserver',
    hosts: [server === '' && host !== null ? { host, port: parsed.port } : parsed],
    database: takeProperty(properties, 'databaseName') ?? takeProperty(properties, 'database'),
    user: takeProperty(properties, 'user') ?? takeProperty(properties, 'userName'),
    password: takeProperty(properties, 'password'),
    properties,
    connectString: null,
  };
}

/** `;a=b;c={d;e}}f}`: braces quote, a doubled closing brace is one. */
function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  const pattern = /;\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))/g;
  for (const [, name = '', quoted, plain] of text.matchAll(pattern)) {
    properties.set(name, quoted?.replaceAll('}}', '}') ?? (plain ?? '').trim());
  }
  return properties;
}
