import { DataError, type SourceRecord } from '@sluice/api';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DATABASES, type RunningDatabase } from './databases-under-test.ts';
import { quietLogger } from './quiet-logger.ts';
import { column, SourceRun, StoredOffsets } from './source-run.ts';

const fieldsOf = (record: SourceRecord | undefined): readonly string[] =>
  (record?.valueSchema?.fields ?? []).map(({ name }) => name);

/** Types that are no standard ones, by family: columns, and a row of them. */
const ODD: Readonly<Record<string, readonly [columns: string, row: string]>> = {
  postgres: [
    'mood mood, doubled INT GENERATED ALWAYS AS (id * 2) STORED, tags TEXT[], host INET, ' +
      'span INTERVAL, place POINT, mac MACADDR, bits BIT VARYING(5), code CHAR(2), doc JSON, ' +
      'total MONEY',
    "(1, 'glad', DEFAULT, '{a,b}', '10.0.0.1', '1 day', '(1,2)', '08:00:2b:01:02:03', " +
      "B'101', 'de', '{}', -1234.5)",
  ],
  mysql: [
    "mood ENUM('glad','sad'), doubled INT AS (id * 2) STORED, " +
      "tripled INT AS (id * 3) VIRTUAL, flags SET('a','b'), born YEAR, doc JSON",
    "(1, 'glad', DEFAULT, DEFAULT, 'a,b', 2020, '{}')",
  ],
};

const VALUES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  postgres: { mood: 'glad', doubled: 2, code: 'de', doc: '{}', total: -1234.5 },
  mysql: { mood: 'glad', doubled: 2, tripled: 3, flags: 'a,b', born: new Date('2020-01-01') },
};
/** Columns without a Connect type. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  postgres: ['tags', 'host', 'span', 'place', 'mac', 'bits'],
  mysql: [],
};

for (const { title, family, skip, start } of DATABASES.filter((one) => one.family !== 'sqlite')) {
  describe(`columns of ${title} under the JDBC source`, { skip }, () => {
    let database: RunningDatabase;
    const byId = (table: string): Readonly<Record<string, string>> => ({
      ...database.props,
      'table.whitelist': table,
      mode: 'incrementing',
      'incrementing.column.name': 'id',
    });

    before(async () => {
      database = await start();
    });
    after(() => database[Symbol.asyncDispose]());

    it('reads enums and computed columns, and names the columns that it leaves out', async () => {
      await using db = await database.connect();
      if (family === 'postgres') await db.execute("CREATE TYPE mood AS ENUM ('glad', 'sad')");
      const [columns, row] = ODD[family] ?? ['', ''];
      await db.execute(`CREATE TABLE odd (id INT NOT NULL, ${columns})`);
      await db.execute(`INSERT INTO odd VALUES ${row}`);
      const warnings: string[] = [];
      const logger = { ...quietLogger, warn: (text: string) => void warnings.push(text) };
      await using run = await SourceRun.start(byId('odd'), new StoredOffsets(), 1, logger);
      const [record] = await run.poll(1);
      for (const [name, value] of Object.entries(VALUES[family] ?? {})) {
        assert.deepEqual(column(record === undefined ? [] : [record], name), [value], name);
      }
      for (const name of LEFT_OUT[family] ?? []) {
        assert.ok(!fieldsOf(record).includes(name), name);
        const told = warnings.filter((text) => text.includes(`column "${name}" of type`));
        assert.equal(told.length, 1, name);
        assert.match(told[0] ?? '', /left out: .*A query can cast it to text/);
      }
      assert.equal(warnings.length, LEFT_OUT[family]?.length);
    });

    it('reads what it leaves out as text when a query casts it', async () => {
      if (family !== 'postgres') return;
      await using run = await SourceRun.start({
        ...database.props,
        query: 'SELECT id, tags::text, host::text, span::text FROM odd',
        mode: 'bulk',
        'topic.prefix': 'q',
      });
      const records = await run.poll(1);
      assert.deepEqual(column(records, 'tags'), ['{a,b}']);
      assert.deepEqual(column(records, 'host'), ['10.0.0.1/32']);
      assert.deepEqual(column(records, 'span'), ['1 day']);
    });

    it('names the column whose value has no place in its field, and goes no further', async () => {
      await using db = await database.connect();
      const isPostgres = family === 'postgres';
      const cases = isPostgres
        ? [
            ['timestamp', "'2020-01-01'", "'infinity'"],
            ['timestamptz', "'2020-01-01'", "'-infinity'"],
            ['date', "'2020-01-01'", "'infinity'"],
            ['numeric(6,2)', '1', "'NaN'"],
          ]
        : [
            ['bigint unsigned', '9223372036854775807', '9223372036854775808'],
            ['bigint unsigned', '0', '18446744073709551615'],
          ];
      for (const [i, [type, good, bad]] of cases.entries()) {
        const table = `unfit_${i}`;
        await db.execute(`CREATE TABLE ${table} (id INT NOT NULL, v ${type})`);
        await db.execute(`INSERT INTO ${table} VALUES (1, ${good})`);
        await using run = await SourceRun.start(byId(table));
        assert.deepEqual(column(await run.poll(1), 'id').map(Number), [1]);
        await db.execute(`INSERT INTO ${table} VALUES (2, ${bad})`);
        await assert.rejects(run.poll(1), (error: Error) => {
          assert.ok(error instanceof DataError, String(error));
          assert.match(error.message, /^The column "v" of type .* holds ".*", which has no place/);
          assert.match(error.message, /cast the column/);
          return true;
        });
      }
    });

    it('takes up columns that are added, dropped and changed while it runs', async () => {
      await using db = await database.connect();
      await db.execute('CREATE TABLE grows (id INT NOT NULL, gone INT)');
      await db.execute('INSERT INTO grows VALUES (1, 1), (2, 2)');
      await using run = await SourceRun.start({ ...byId('grows'), 'batch.max.rows': '2' });
      const records = [...(await run.poll(2))];
      assert.deepEqual(fieldsOf(records[1]), ['id', 'gone']);
      // While a result is open, PostgreSQL lets nobody change its table.
      assert.deepEqual(await run.pollNothing(), []);
      await db.execute('ALTER TABLE grows ADD COLUMN more VARCHAR(10)');
      const rows = Array.from({ length: 5 }, (_, i) => `(${i + 3}, NULL, 'm${i + 3}')`);
      await db.execute(`INSERT INTO grows VALUES ${rows.join(', ')}`);
      records.push(...(await run.poll(5)), ...(await run.pollNothing()));
      assert.deepEqual(fieldsOf(records[2]), ['id', 'gone', 'more']);
      assert.equal(records[2]?.valueSchema, records[6]?.valueSchema, 'one schema for all of them');
      await db.execute('ALTER TABLE grows DROP COLUMN gone');
      const wider =
        family === 'postgres' ? 'ALTER COLUMN id TYPE BIGINT' : 'MODIFY COLUMN id BIGINT NOT NULL';
      await db.execute(`ALTER TABLE grows ${wider}`);
      await db.execute("INSERT INTO grows VALUES (8, 'm8')");
      records.push(...(await run.poll(1)));
      assert.deepEqual(fieldsOf(records[7]), ['id', 'more']);
      assert.equal(records[7]?.valueSchema?.field('id')?.schema.type, 'INT64');
      assert.deepEqual(column(records, 'id').map(Number), [1, 2, 3, 4, 5, 6, 7, 8]);
      assert.deepEqual(column(records.slice(2), 'more'), ['m3', 'm4', 'm5', 'm6', 'm7', 'm8']);
    });
  });
}
