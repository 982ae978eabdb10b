import { ConfigError } from '@sluice/api';
import type { HostPort, JdbcUrl } from './parsed-url.ts';
import { parseHostPort, parseQuery } from './url-parts.ts';

const DEFAULT_PORT = 1521;

/**
 * `thin:user/password@` and then `host:port:sid`, `//host:port/service`, `tcps://host:port/service`,
 * `(DESCRIPTION=…)` or a name of tnsnames.ora.
 */
export function parseOracleUrl(rest: string): JdbcUrl {
  const match = /^(?:thin|oci8?):(?:([^/@]*)\/("[^"]*"|[^@]*))?@(.*)$/is.exec(rest);
  if (match === null) {
    throw new ConfigError(
      'The Oracle connection URL is not understood. Write jdbc:oracle:thin:@//host:port/service, ' +
        'or jdbc:oracle:thin:@host:port:sid.',
    );
  }
  const [, user, password, place = ''] = match;
  return {
    family: 'oracle',
    user: user === undefined || user === '' ? null : user,
    password: password === undefined ? null : password.replace(/^"(.*)"$/s, '$1'),
    ...placeOf(place.trim()),
  };
}

type Place = Pick<JdbcUrl, 'hosts' | 'database' | 'connectString' | 'properties'>;

function placeOf(place: string): Place {
  const none = new Map<string, string>();
  if (place.startsWith('(')) {
    const part = (name: string): string | null =>
      new RegExp(`\\(\\s*${name}\\s*=\\s*([^()]*)\\)`, 'i').exec(place)?.[1]?.trim() ?? null;
    const host = part('HOST');
    return {
      hosts: host === null ? [] : [parseHostPort(`${host}:${part('PORT') ?? ''}`, DEFAULT_PORT)],
      database: part('SERVICE_NAME') ?? part('SID'),
      connectString: place,
      properties: none,
    };
  }
  const service = /^(tcps?:)?\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i.exec(place);
  if (service !== null) {
    const [, protocol = '', hosts = '', name = '', query = ''] = service;
    return {
      hosts: hosts.split(',').map((host) => parseHostPort(host, DEFAULT_PORT)),
      database: name === '' ? null : name,
      connectString: protocol === '' ? place.slice('//'.length) : place,
      properties: parseQuery(query),
    };
  }
  const sid = /^((?:\[[^\]]*\]|[^:/]+)):(\d+)[:/](.+)$/.exec(place);
  if (sid === null) return { hosts: [], database: place, connectString: place, properties: none };
  const at = parseHostPort(`${sid[1]}:${sid[2]}`, DEFAULT_PORT);
  const isSid = place.charAt(place.length - (sid[3]?.length ?? 0) - 1) === ':';
  return {
    hosts: [at],
    database: sid[3] ?? null,
    connectString: isSid ? sidDescriptor(at, sid[3] ?? '') : place,
    properties: none,
  };
}

/** Oracle's thin driver takes a SID in a descriptor only. */
function sidDescriptor({ host, port }: HostPort, sid: string): string {
  const address = `(ADDRESS=(PROTOCOL=TCP)(HOST=${host})(PORT=${port}))`;
  return `(DESCRIPTION=${address}(CONNECT_DATA=(SID=${sid})))`;
}
