import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJdbcUrl, parseJdbcUrl, placeOf } from './jdbc-url.ts';
import type { JdbcUrl } from './parsed-url.ts';

/** A URL's parts, those that say nothing left out. */
function partsOf(text: string): Readonly<Record<string, unknown>> {
  const { properties, hosts, ...url }: JdbcUrl = parseJdbcUrl(text);
  const said = Object.entries(url).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(said),
    ...(hosts.length === 0 ? {} : { hosts: hosts.map(({ host, port }) => `${host} ${port}`) }),
    ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
  };
}

const CASES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'jdbc:postgresql://db:5433/shop?user=app&password=a%26b&ssl=true&currentSchema=s',
    {
      family: 'postgres',
      hosts: ['db 5433'],
      database: 'shop',
      user: 'app',
      password: 'a&b',
      properties: { ssl: 'true', currentSchema: 's' },
    },
  ],
  [
    'jdbc:postgresql://h1:1,h2,[::1]:3/shop?targetServerType=primary',
    {
      family: 'postgres',
      hosts: ['h1 1', 'h2 5432', '::1 3'],
      database: 'shop',
      properties: { targetServerType: 'primary' },
    },
  ],
  ['jdbc:postgresql:shop', { family: 'postgres', hosts: ['localhost 5432'], database: 'shop' }],
  ['jdbc:postgresql://db/', { family: 'postgres', hosts: ['db 5432'] }],
  [
    'jdbc:mysql://u:p%40w@h1,h2:3307/shop?useSSL=false&serverTimezone=UTC',
    {
      family: 'mysql',
      hosts: ['h1 3306', 'h2 3307'],
      database: 'shop',
      user: 'u',
      password: 'p@w',
      properties: { useSSL: 'false', serverTimezone: 'UTC' },
    },
  ],
  [
    'jdbc:mysql:replication://a,b/shop',
    { family: 'mysql', hosts: ['a 3306', 'b 3306'], database: 'shop' },
  ],
  [
    'jdbc:mariadb:sequential://address=(host=a)(port=1)(type=primary),(host=b,port=2)/shop',
    { family: 'mysql', hosts: ['a 1', 'b 2'], database: 'shop' },
  ],
  ['jdbc:mysql://db', { family: 'mysql', hosts: ['db 3306'] }],
  ['jdbc:sqlite:/data/a b.db', { family: 'sqlite', database: '/data/a b.db' }],
  [
    'jdbc:sqlite:file:///data/x.db?date_class=TEXT',
    { family: 'sqlite', database: '/data/x.db', properties: { date_class: 'TEXT' } },
  ],
  ['jdbc:sqlite::memory:', { family: 'sqlite' }],
  [
    'jdbc:oracle:thin:@db:1522:ORCL',
    {
      family: 'oracle',
      hosts: ['db 1522'],
      database: 'ORCL',
      connectString:
        '(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1522))(CONNECT_DATA=(SID=ORCL)))',
    },
  ],
  [
    'jdbc:oracle:thin:scott/tig/er@//db:1521/shop.example.org',
    {
      family: 'oracle',
      hosts: ['db 1521'],
      database: 'shop.example.org',
      user: 'scott',
      password: 'tig/er',
      connectString: 'db:1521/shop.example.org',
    },
  ],
  [
    'jdbc:oracle:thin:@tcps://db:2484/shop?wallet_location=/w',
    {
      family: 'oracle',
      hosts: ['db 2484'],
      database: 'shop',
      connectString: 'tcps://db:2484/shop?wallet_location=/w',
      properties: { wallet_location: '/w' },
    },
  ],
  [
    'jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=7))(CONNECT_DATA=(SERVICE_NAME=s)))',
    {
      family: 'oracle',
      hosts: ['db 7'],
      database: 's',
      connectString:
        '(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=7))(CONNECT_DATA=(SERVICE_NAME=s)))',
    },
  ],
  [
    'jdbc:sqlserver://db\\inst:1434;databaseName=shop;user=sa;password={a;b}}c};encrypt=true',
    {
      family: 'sqlserver',
      hosts: ['db 1434'],
      database: 'shop',
      user: 'sa',
      password: 'a;b}c',
      properties: { encrypt: 'true', instanceName: 'inst' },
    },
  ],
  [
    'jdbc:sqlserver://;serverName=db;portNumber=99;database=shop',
    { family: 'sqlserver', hosts: ['db 99'], database: 'shop' },
  ],
];

describe('parseJdbcUrl', () => {
  for (const [text, parts] of CASES) {
    it(`understands ${text}`, () => assert.deepEqual(partsOf(text), parts));
  }

  it('says which databases it knows, and shows no password', () => {
    assert.throws(
      () => parseJdbcUrl('jdbc:db2://h/x:user=a;password=geheim;'),
      (error: Error) => {
        assert.match(error.message, /starts with "jdbc:db2:" names no database that is known/);
        assert.match(error.message, /jdbc:postgresql:, jdbc:mysql:/);
        assert.doesNotMatch(error.message, /geheim/);
        return true;
      },
    );
    assert.throws(() => parseJdbcUrl('postgres://u:geheim@h/x'), /names no database that is known/);
    assert.throws(() => parseJdbcUrl('jdbc:constructor:x'), /names no database/);
  });

  it('refuses what is no host, and no port', () => {
    assert.throws(() => parseJdbcUrl('jdbc:postgresql://h:x/d'), /"h:x" .* is no host and port/);
    assert.throws(() => parseJdbcUrl('jdbc:mysql://h:70000/d'), /port 70000 .* 1\.\.65535/);
    assert.throws(() => parseJdbcUrl('jdbc:mysql:shop'), /names no host/);
    assert.throws(() => parseJdbcUrl('jdbc:oracle:db'), /jdbc:oracle:thin:@/);
    assert.throws(() => parseJdbcUrl('jdbc:sqlserver:db'), /jdbc:sqlserver:\/\/host/);
  });

  it('tells the place without user and password', () => {
    const place = (text: string): string => placeOf(parseJdbcUrl(text));
    assert.equal(place('jdbc:postgresql://a,b:2/d?password=x'), 'a:5432,b:2/d');
    assert.equal(place('jdbc:sqlite:/tmp/x.db'), '/tmp/x.db');
    assert.equal(place('jdbc:oracle:thin:u/p@tns_name'), 'oracle');
    assert.equal(isJdbcUrl('jdbc:sqlite:x'), true);
    assert.equal(isJdbcUrl('jdbc:db2:x'), false);
  });
});
