import type { JdbcUrl } from './parsed-url.ts';
import { parseQuery } from './url-parts.ts';

/** `path?…`, `:memory:`, `file:path?…`; nothing means a database in memory. */
export function parseSqliteUrl(rest: string): JdbcUrl {
  const [place = '', ...query] = rest.split('?');
  const file = place.replace(/^file:(?:\/\/(?=\/))?/, '');
  return {
    family: 'sqlite',
    hosts: [],
    database: file === '' || file === ':memory:' ? null : file,
    user: null,
    password: null,
    properties: parseQuery(query.join('?')),
    connectString: null,
  };
}
