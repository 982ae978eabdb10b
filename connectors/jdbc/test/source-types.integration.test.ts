import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal, type Schema, type SourceRecord } from '@sluice/api';
import { DATABASES } from './databases-under-test.ts';
import { SourceRun } from './source-run.ts';

/** A column: its type in SQL, the literal that is stored, the schema and the value that are read. */
type TypeRow = readonly [sql: string, literal: string, schema: string, value: unknown];

const time = (text: string): Date => new Date(`1970-01-01T${text}Z`);
const BIG = '12345678901234567890.12';

const POSTGRES: readonly TypeRow[] = [
  ['boolean', 'true', 'BOOLEAN', true],
  ['smallint', '-32768', 'INT16', -32768],
  ['integer', '2147483647', 'INT32', 2147483647],
  ['bigint', '9007199254740993', 'INT64', 9007199254740993n],
  ['real', '1.5', 'FLOAT32', 1.5],
  ['double precision', '0.1', 'FLOAT64', 0.1],
  ['numeric(22,2)', BIG, 'Decimal', new Decimal(1234567890123456789012n, 2)],
  ['char(3)', `'ab'`, 'STRING', 'ab '],
  ['varchar(20)', `'ünï'`, 'STRING', 'ünï'],
  ['text', `''`, 'STRING', ''],
  [
    'uuid',
    `'0b7a5d3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b'`,
    'STRING',
    '0b7a5d3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b',
  ],
  ['jsonb', `'{"a": 9007199254740993}'`, 'STRING', '{"a": 9007199254740993}'],
  ['bytea', `'\\x00ff'`, 'BYTES', Buffer.from([0, 255])],
  ['date', `'2020-02-29'`, 'Date', new Date('2020-02-29')],
  ['time', `'12:34:56.789'`, 'Time', time('12:34:56.789')],
  ['timestamp', `'1969-12-31 23:59:59.999999'`, 'Timestamp', new Date('1969-12-31T23:59:59.999Z')],
  ['timestamptz', `'2020-01-01 00:00:00+05:45'`, 'Timestamp', new Date('2019-12-31T18:15:00Z')],
];
const MYSQL: readonly TypeRow[] = [
  ['tinyint', '-128', 'INT8', -128],
  ['tinyint unsigned', '255', 'INT16', 255],
  ['tinyint(1)', '5', 'INT8', 5],
  ['smallint unsigned', '65535', 'INT32', 65535],
  ['int unsigned', '4294967295', 'INT64', 4294967295],
  ['bigint', '-9223372036854775808', 'INT64', -9223372036854775808n],
  ['float', '1.5', 'FLOAT32', 1.5],
  ['double', '0.1', 'FLOAT64', 0.1],
  ['decimal(22,2)', BIG, 'Decimal', new Decimal(1234567890123456789012n, 2)],
  ['varchar(20)', `'ünï'`, 'STRING', 'ünï'],
  ['longtext', `'x'`, 'STRING', 'x'],
  [`enum('a','b')`, `'b'`, 'STRING', 'b'],
  ['varbinary(4)', `x'00ff'`, 'BYTES', Buffer.from([0, 255])],
  ['date', `'2020-02-29'`, 'Date', new Date('2020-02-29')],
  ['time(3)', `'12:34:56.789'`, 'Time', time('12:34:56.789')],
  [
    'datetime(6)',
    `'1969-12-31 23:59:59.999999'`,
    'Timestamp',
    new Date('1969-12-31T23:59:59.999Z'),
  ],
];
const SQLITE: readonly TypeRow[] = [
  ['BIGINT', '9007199254740993', 'INT64', 9007199254740993n],
  ['INT', '5', 'INT64', 5],
  ['SMALLINT', '5', 'INT32', 5],
  ['DOUBLE', '0.1', 'FLOAT64', 0.1],
  ['REAL', '1.5', 'FLOAT32', 1.5],
  ['TEXT', `'ünï'`, 'STRING', 'ünï'],
  ['BLOB', `x'00ff'`, 'BYTES', Buffer.from([0, 255])],
];
const TYPES: Readonly<Record<string, readonly TypeRow[]>> = {
  postgres: POSTGRES,
  mysql: MYSQL,
  sqlite: SQLITE,
};

function shortName(schema: Schema | undefined): string {
  const name = schema?.name ?? null;
  return name === null ? (schema?.type ?? '') : name.slice(name.lastIndexOf('.') + 1);
}

function fieldOf(record: SourceRecord | undefined, name: string): readonly [string, unknown] {
  const schema = record?.valueSchema?.field(name)?.schema;
  const value: unknown = Reflect.get(Object(record?.value), name);
  return [shortName(schema), value instanceof Uint8Array ? Buffer.from(value) : value];
}

for (const { title, family, skip, start } of DATABASES) {
  describe(`types of ${title}, read by the JDBC source`, { skip }, () => {
    const rows = TYPES[family] ?? [];

    it('gives each type its schema and its exact value, and null where it is null', async () => {
      await using database = await start();
      await using db = await database.connect();
      const columns = rows.map(([type], i) => `c${i} ${type}`).join(', ');
      await db.execute(`CREATE TABLE kinds (id INT NOT NULL, ${columns})`);
      await db.execute(`INSERT INTO kinds VALUES (1, ${rows.map((row) => row[1]).join(', ')})`);
      await db.execute(`INSERT INTO kinds VALUES (2, ${rows.map(() => 'NULL').join(', ')})`);
      await using run = await SourceRun.start({
        ...database.props,
        'table.whitelist': 'kinds',
        mode: 'incrementing',
        'incrementing.column.name': 'id',
      });
      const [full, empty] = await run.poll(2);
      for (const [i, [type, , schema, value]] of rows.entries()) {
        assert.deepEqual(fieldOf(full, `c${i}`), [schema, value], type);
        assert.deepEqual(fieldOf(empty, `c${i}`), [schema, null], `${type}, null`);
        assert.equal(full?.valueSchema?.field(`c${i}`)?.schema.isOptional, true);
      }
    });

    it('shifts wall clocks by db.timezone, and shows granularities as asked', async () => {
      if (family === 'sqlite') return;
      await using database = await start();
      await using db = await database.connect();
      const type = family === 'mysql' ? 'DATETIME(6)' : 'TIMESTAMP(6)';
      await db.execute(`CREATE TABLE clocks (id INT NOT NULL, t ${type})`);
      await db.execute(`INSERT INTO clocks VALUES (1, '2020-07-01 12:00:00.123456')`);
      const micros = 1_593_597_600_123_456;
      const wanted: readonly (readonly [string, unknown])[] = [
        ['connect_logical', new Date(Math.trunc(micros / 1000))],
        ['micros_long', micros],
        ['micros_string', String(micros)],
        ['nanos_long', BigInt(micros) * 1000n],
        ['nanos_iso_datetime_string', '2020-07-01T12:00:00.123456000'],
        ['micros_iso_datetime_string', '2020-07-01T12:00:00.123456'],
      ];
      for (const [granularity, value] of wanted) {
        await using run = await SourceRun.start({
          ...database.props,
          'table.whitelist': 'clocks',
          mode: 'bulk',
          'db.timezone': 'Europe/Berlin',
          'timestamp.granularity': granularity,
        });
        const [record] = await run.poll(1);
        assert.deepEqual(Reflect.get(Object(record?.value), 't'), value, granularity);
      }
    });
  });
}
