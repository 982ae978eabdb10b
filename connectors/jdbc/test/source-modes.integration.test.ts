import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { DatabaseConnection } from '../src/database/database-connection.ts';
import { DATABASES, type RunningDatabase } from './databases-under-test.ts';
import { column, SourceRun, StoredOffsets } from './source-run.ts';

for (const { title, family, skip, start } of DATABASES) {
  describe(`the JDBC source on ${title}`, { skip }, () => {
    let database: RunningDatabase;
    let db: DatabaseConnection;
    let table = '';
    let made = 0;
    const isMysql = family === 'mysql';
    const quote = (name: string): string => (isMysql ? `\`${name}\`` : `"${name}"`);
    const timeType = { sqlite: 'BIGINT', mysql: 'DATETIME(6)', postgres: 'TIMESTAMP(6)' }[
      family === 'sqlite' || family === 'mysql' ? family : 'postgres'
    ];
    /** Second n of 2020, as the table holds times. */
    const at = (n: number): string =>
      family === 'sqlite'
        ? String(1_577_836_800_000 + n * 1000)
        : `'2020-01-01 00:00:${String(n).padStart(2, '0')}.123456'`;

    before(async () => {
      database = await start();
      db = await database.connect();
    });
    after(async () => {
      await db.close();
      await database[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      table = `orders_${++made}`;
      const id = { sqlite: 'INTEGER PRIMARY KEY', mysql: 'BIGINT PRIMARY KEY AUTO_INCREMENT' };
      const idType = Reflect.get(id, family) ?? 'BIGSERIAL PRIMARY KEY';
      await db.execute(
        `CREATE TABLE ${quote(table)} (${quote('id')} ${String(idType)} NOT NULL, ` +
          `${quote('name')} VARCHAR(50), ${quote('changed')} ${timeType} NOT NULL)`,
      );
    });

    const insert = (id: number, name: string, second: number): Promise<number> =>
      db.execute(`INSERT INTO ${quote(table)} VALUES (${id}, '${name}', ${at(second)})`);
    const props = (more: Readonly<Record<string, string>>): Record<string, string> => ({
      ...database.props,
      'table.whitelist': table,
      'topic.prefix': 'p-',
      ...more,
    });

    it('reads new ids only, and goes on from the committed one', async () => {
      for (const id of [1, 2, 3]) await insert(id, `n${id}`, id);
      const config = props({ mode: 'incrementing', 'incrementing.column.name': 'id' });
      const offsets = new StoredOffsets();
      {
        await using run = await SourceRun.start({ ...config, 'batch.max.rows': '2' }, offsets);
        const records = await run.poll(3);
        assert.deepEqual(column(records, 'name'), ['n1', 'n2', 'n3']);
        const [first] = records;
        assert.equal(first?.topic, `p-${table}`);
        assert.equal(first?.valueSchema?.name, table);
        assert.deepEqual(first?.sourceOffset, { incrementing: 1 });
        assert.deepEqual(await run.pollNothing(), []);
        await insert(4, 'n4', 4);
        assert.deepEqual(column(await run.poll(1), 'name'), ['n4']);
      }
      await insert(5, 'n5', 5);
      await using again = await SourceRun.start(config, offsets);
      assert.deepEqual(column(await again.poll(1), 'id').map(Number), [5]);
    });

    it('finds the column that the database fills by itself', async () => {
      await insert(7, 'seven', 1);
      await using run = await SourceRun.start(props({ mode: 'incrementing' }));
      assert.deepEqual((await run.poll(1))[0]?.sourceOffset, { incrementing: 7 });
    });

    it('loses no row of equal times, wherever a poll or a restart comes between', async () => {
      for (const [id, second] of [
        [1, 1],
        [2, 2],
        [3, 2],
        [4, 2],
        [5, 3],
      ] as const)
        await insert(id, `n${id}`, second);
      const config = props({
        mode: 'timestamp',
        'timestamp.column.name': 'changed',
        'batch.max.rows': '1',
      });
      for (let restartAfter = 1; restartAfter < 5; restartAfter++) {
        const offsets = new StoredOffsets();
        const seen = new Set<number>();
        {
          await using run = await SourceRun.start(config, offsets);
          for (const id of column(await run.poll(restartAfter), 'id')) seen.add(Number(id));
        }
        await using run = await SourceRun.start(config, offsets);
        while (seen.size < 5)
          for (const id of column(await run.poll(1), 'id')) seen.add(Number(id));
        assert.deepEqual(
          [...seen].sort((a, b) => a - b),
          [1, 2, 3, 4, 5],
        );
        assert.deepEqual(await run.pollNothing(), []);
      }
    });

    it('sees updates by time, and rows of the same time by id', async () => {
      for (const id of [1, 2]) await insert(id, `n${id}`, 1);
      const config = props({
        mode: 'timestamp+incrementing',
        'timestamp.column.name': 'changed',
        'incrementing.column.name': 'id',
      });
      await using run = await SourceRun.start(config);
      assert.deepEqual(column(await run.poll(2), 'name'), ['n1', 'n2']);
      await insert(3, 'n3', 1);
      assert.deepEqual(column(await run.poll(1), 'name'), ['n3']);
      await db.execute(
        `UPDATE ${quote(table)} SET name = 'changed', changed = ${at(9)} WHERE id = 1`,
      );
      const [record] = await run.poll(1);
      assert.deepEqual(column(record === undefined ? [] : [record], 'name'), ['changed']);
      const isNanos = family !== 'sqlite';
      assert.deepEqual(record?.sourceOffset, {
        timestamp: 1_577_836_809_000 + (isNanos ? 123 : 0),
        timestamp_nanos: isNanos ? 123_456_000 : 0,
        incrementing: 1,
      });
    });

    it('reads the whole table each time in bulk mode, without offsets', async () => {
      await insert(1, 'a', 1);
      await using run = await SourceRun.start(props({ mode: 'bulk' }));
      const records = [...(await run.poll(1)), ...(await run.poll(1))];
      assert.deepEqual(column(records, 'name'), ['a', 'a']);
      assert.equal(records[0]?.sourceOffset, null);
    });

    it('reads a query, whose topic is the prefix', async () => {
      for (const id of [1, 2]) await insert(id, `n${id}`, id);
      const query = `SELECT * FROM (SELECT id, changed, UPPER(name) AS loud FROM ${quote(table)} WHERE id > 1) q`;
      const config = { ...database.props, query, 'topic.prefix': 'loud' };
      await using run = await SourceRun.start({
        ...config,
        mode: 'timestamp+incrementing',
        'incrementing.column.name': 'id',
        'timestamp.column.name': 'changed',
      });
      const [record] = await run.poll(1);
      assert.equal(record?.topic, 'loud');
      assert.equal(record?.valueSchema?.name, null);
      assert.deepEqual(record?.sourcePartition, { query: 'query' });
      assert.deepEqual(column(record === undefined ? [] : [record], 'loud'), ['N2']);
    });

    it('holds rows back for the delay, by the clock of the database', async () => {
      const now = {
        sqlite: String(Date.now()),
        mysql: 'UTC_TIMESTAMP(6)',
        postgres: "now() AT TIME ZONE 'UTC'",
      };
      await insert(1, 'old', 1);
      await db.execute(
        `INSERT INTO ${quote(table)} VALUES (2, 'fresh', ${String(Reflect.get(now, family))})`,
      );
      const config = props({ mode: 'timestamp', 'timestamp.column.name': 'changed' });
      await using late = await SourceRun.start({
        ...config,
        'timestamp.delay.interval.ms': '600000',
      });
      assert.deepEqual(column(await late.poll(1), 'name'), ['old']);
      assert.deepEqual(await late.pollNothing(), []);
      await using early = await SourceRun.start(config);
      assert.deepEqual(column(await early.poll(2), 'name'), ['old', 'fresh']);
    });

    it('begins at timestamp.initial', async () => {
      for (const id of [1, 5]) await insert(id, `n${id}`, id);
      const config = props({ mode: 'timestamp', 'timestamp.column.name': 'changed' });
      const initial = String(1_577_836_803_000);
      await using run = await SourceRun.start({ ...config, 'timestamp.initial': initial });
      assert.deepEqual(column(await run.poll(1), 'name'), ['n5']);
      await using fromNow = await SourceRun.start({ ...config, 'timestamp.initial': '-1' });
      assert.deepEqual(await fromNow.pollNothing(), []);
    });

    it('finds new tables and spreads them over tasks', async () => {
      const include = `(.*\\.)?many_${made}_.*`;
      const create = (n: number): Promise<number> =>
        db.execute(`CREATE TABLE ${quote(`many_${made}_${n}`)} (id INT NOT NULL)`);
      await create(1);
      const config = {
        ...database.props,
        'topic.prefix': '',
        'table.include.list': include,
        mode: 'bulk',
        'table.poll.interval.ms': '100',
      };
      await using run = await SourceRun.start(config, new StoredOffsets(), 5);
      assert.equal(run.tasks.length, 1);
      await create(2);
      const until = Date.now() + 30_000;
      while (run.reconfigurations === 0 && Date.now() < until) await run.pollNothing();
      assert.ok(run.reconfigurations > 0, 'the connector asked for a reconfiguration');
      await run.startTasks(5);
      assert.equal(run.tasks.length, 2);
    });

    it('reads tables and columns of odd names, and an empty table', async () => {
      const odd = `odd ${made}; DROP TABLE x -- ünï "'`.replaceAll('"', isMysql ? '"' : '""');
      await db.execute(
        `CREATE TABLE ${quote(odd)} (${quote('Mixed Id')} INT NOT NULL, ${quote('select')} INT)`,
      );
      const plain = odd.replaceAll('""', '"');
      const config = {
        ...database.props,
        'topic.prefix': 't',
        'table.include.list': `(.*\\.)?\\Qodd ${made};\\E.*`,
        mode: 'incrementing',
        'incrementing.column.name': 'Mixed Id',
      };
      await using run = await SourceRun.start(config);
      assert.deepEqual(await run.pollNothing(), []);
      await db.execute(`INSERT INTO ${quote(odd)} VALUES (1, NULL)`);
      const [record] = await run.poll(1);
      assert.deepEqual({ ...Object(record?.value) }, { 'Mixed Id': 1, select: null });
      assert.equal(record?.valueSchema?.name, plain);
    });
  });
}
