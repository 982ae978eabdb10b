import { RetriableError, SchemaBuilder, type Props, type SinkRecord } from '@sluice/api';
import { waitUntil } from '@sluice/testing';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DatabaseConnection } from '../src/database/database-connection.ts';
import { DATABASES, type RunningDatabase } from './databases-under-test.ts';
import { aRecord, rowsOf, startSink, type SinkRun } from './sink-run.ts';

const ROW = SchemaBuilder.struct()
  .field('id', SchemaBuilder.int32().build())
  .field('v', SchemaBuilder.int32().build())
  .build();

/** A test that would wait for ever ends with this. */
const TIME_LIMIT = { timeout: 60_000 };

/** Puts as a worker does: the same records again for as long as the error says so. */
async function putUntilDone(sink: SinkRun, records: readonly SinkRecord[]): Promise<number> {
  let tries = 0;
  await waitUntil(
    'the batch to be written',
    async () => {
      tries += 1;
      try {
        await sink.put(...records);
        return true;
      } catch (error) {
        if (!(error instanceof RetriableError)) throw error;
        return false;
      }
    },
    { timeoutMs: 60_000, intervalMs: 20 },
  );
  return tries;
}

for (const { title, family, skip, start } of DATABASES.filter((one) => one.family !== 'sqlite')) {
  describe(`faults of ${title}`, { skip }, () => {
    let database: RunningDatabase;
    let props: Props;
    let count = 0;

    before(async () => {
      database = await start();
      const options =
        family === 'postgres'
          ? 'options=-c%20lock_timeout%3D500'
          : 'sessionVariables=innodb_lock_wait_timeout%3D1';
      props = {
        ...database.props,
        'connection.url': `${database.props['connection.url']}?${options}`,
        'auto.create': 'true',
        'insert.mode': 'upsert',
        'pk.mode': 'record_value',
        'pk.fields': 'id',
        'max.retries': '1000',
        'retry.backoff.ms': '50',
      };
    });
    after(() => database[Symbol.asyncDispose]());

    /** A sink whose table has the rows 1 and 2 with the value 0. */
    async function aSink(): Promise<{ readonly sink: SinkRun; readonly table: string }> {
      count += 1;
      const table = `faults_${count}`;
      const sink = await startSink({ ...props, 'table.name.format': table });
      await sink.put(aRecord(0, ROW, { id: 1, v: 0 }), aRecord(1, ROW, { id: 2, v: 0 }));
      return { sink, table };
    }
    const changes = [aRecord(2, ROW, { id: 1, v: 5 }), aRecord(3, ROW, { id: 2, v: 5 })];
    const valuesIn = async (table: string): Promise<unknown> => {
      await using connection = await database.connect();
      return await rowsOf(connection, `SELECT id, v FROM ${table} ORDER BY id`);
    };
    const lock = (connection: DatabaseConnection, table: string, id: number): Promise<number> =>
      connection.execute(`UPDATE ${table} SET v = v + 0 WHERE id = ${id}`);

    it('tries again when the server was killed, until it is back', async () => {
      const { sink, table } = await aSink();
      await database.server?.kill();
      await assert.rejects(sink.put(...changes), RetriableError);
      await assert.rejects(sink.put(...changes), (error: Error) => {
        assert.ok(error instanceof RetriableError);
        assert.match(error.message, /Could not connect to .* Correct the host and port/);
        return true;
      });
      assert.deepEqual(sink.timeouts, [50, 50]);
      await database.server?.start();
      await putUntilDone(sink, changes);
      assert.deepEqual(await valuesIn(table), [
        ['1', '5'],
        ['2', '5'],
      ]);
      assert.deepEqual(sink.reported, []);
      await sink.task.stop();
    });

    it('tries again when its session is ended in the middle of a batch', async () => {
      const { sink, table } = await aSink();
      await using other = await database.connect();
      await other.begin();
      await lock(other, table, 2);
      const put = assert.rejects(sink.put(...changes), RetriableError);
      await using killer = await database.connect();
      await waitUntil('the batch to wait for the lock, and to be ended', async () => {
        const [row] = await rowsOf(killer, waitingSql(family, table));
        const id = row?.[0];
        if (id === undefined || id === null) return false;
        await killer.query(
          family === 'postgres' ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`,
        );
        return true;
      });
      await put;
      await other.rollback();
      await putUntilDone(sink, changes);
      assert.deepEqual(await valuesIn(table), [
        ['1', '5'],
        ['2', '5'],
      ]);
      await sink.task.stop();
    });

    it('tries again when a lock is held for too long', async () => {
      const { sink, table } = await aSink();
      await using other = await database.connect();
      await other.begin();
      await lock(other, table, 2);
      await assert.rejects(sink.put(...changes), (error: Error) => {
        assert.ok(error instanceof RetriableError);
        assert.match(error.message, /Another session holds the lock/);
        return true;
      });
      assert.deepEqual(await valuesIn(table), [
        ['1', '0'],
        ['2', '0'],
      ]);
      await other.rollback();
      await putUntilDone(sink, changes);
      assert.deepEqual(await valuesIn(table), [
        ['1', '5'],
        ['2', '5'],
      ]);
      await sink.task.stop();
    });

    it('survives deadlocks', async () => {
      const { sink, table } = await aSink();
      await using other = await database.connect();
      await other.begin();
      await lock(other, table, 2);
      const put = putUntilDone(sink, changes);
      await using watcher = await database.connect();
      await waitUntil('the batch to wait for the lock', async () => {
        return (await rowsOf(watcher, waitingSql(family, table))).length > 0;
      });
      // Now each waits for the other: the server ends one of them.
      const victim = await lock(other, table, 1).then(
        () => 'the sink',
        () => 'the other',
      );
      if (victim === 'the sink') await other.commit();
      else await other.rollback();
      await put;
      assert.deepEqual(await valuesIn(table), [
        ['1', '5'],
        ['2', '5'],
      ]);
      assert.deepEqual(sink.reported, []);
      await sink.task.stop();
    });

    it('tries again when the disk is full in the middle of a batch, and loses nothing', async () => {
      const { sink, table } = await aSink();
      await using other = await database.connect();
      await other.execute('CREATE TABLE full_disk (id INT)');
      await other.execute('INSERT INTO full_disk VALUES (1)');
      await addTrigger(other, family, table, fullSql(family));
      const many = Array.from({ length: 200 }, (_, i) => aRecord(2 + i, ROW, { id: i + 1, v: 7 }));
      for (let tried = 0; tried < 3; tried += 1) {
        await assert.rejects(sink.put(...many), (error: Error) => {
          assert.ok(error instanceof RetriableError);
          assert.match(error.message, /make room/);
          return true;
        });
      }
      const before = [
        ['1', '0'],
        ['2', '0'],
      ];
      assert.deepEqual(await valuesIn(table), before, 'nothing of the batch is there');
      const twice = { ...props, 'table.name.format': table, 'max.retries': '1' };
      const impatient = await startSink(twice);
      await assert.rejects(impatient.put(...many), RetriableError);
      await assert.rejects(impatient.put(...many), /make room.*tried 1 times again/);
      await impatient.task.stop();
      await other.execute('DELETE FROM full_disk');
      await putUntilDone(sink, many);
      assert.deepEqual(
        await valuesIn(table),
        many.map((_, i) => [String(i + 1), '7']),
      );
      assert.deepEqual([...sink.reported, ...impatient.reported], []);
      await sink.task.stop();
    });

    it('tries again when a statement takes longer than the server allows', async () => {
      // MySQL has a limit for reading statements only.
      if (title.startsWith('MySQL')) return;
      const { sink: maker, table } = await aSink();
      await maker.task.stop();
      await using other = await database.connect();
      await other.execute('CREATE TABLE slow_disk (id INT)');
      await other.execute('INSERT INTO slow_disk VALUES (1)');
      await addTrigger(other, family, table, slowSql(family));
      const limit =
        family === 'postgres'
          ? 'options=-c%20statement_timeout%3D500'
          : 'sessionVariables=max_statement_time%3D0.5';
      const url = `${database.props['connection.url']}?${limit}`;
      const sink = await startSink({ ...props, 'connection.url': url, 'table.name.format': table });
      await assert.rejects(sink.put(...changes), (error: Error) => {
        assert.ok(error instanceof RetriableError);
        assert.match(error.message, /longer than (?:statement_timeout|max_statement_time)/);
        return true;
      });
      await other.execute('DROP TABLE slow_disk');
      await other.execute('CREATE TABLE slow_disk (id INT)');
      await putUntilDone(sink, changes);
      assert.deepEqual(await valuesIn(table), [
        ['1', '5'],
        ['2', '5'],
      ]);
      assert.deepEqual(sink.reported, []);
      await sink.task.stop();
    });

    it('ends a put whose statement does not return when it is stopped', TIME_LIMIT, async () => {
      const { sink, table } = await aSink();
      await using other = await database.connect();
      await other.begin();
      await lock(other, table, 2);
      const patient = `${database.props['connection.url']}`;
      const waiting = await startSink({
        ...props,
        'connection.url': patient,
        'table.name.format': table,
      });
      const put = assert.rejects(waiting.put(...changes));
      await using watcher = await database.connect();
      await waitUntil('the batch to wait for the lock', async () => {
        return (await rowsOf(watcher, waitingSql(family, table))).length > 0;
      });
      await waiting.task.stop();
      await put;
      await other.rollback();
      assert.deepEqual(waiting.reported, []);
      await sink.task.stop();
    });
  });
}

/** What a trigger does on a disk that has room for a hundred rows, while there is the flag. */
function fullSql(family: string): string {
  if (family === 'postgres') {
    return (
      'IF NEW.id > 100 AND EXISTS (SELECT FROM full_disk) THEN ' +
      "RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END IF;"
    );
  }
  return (
    'IF NEW.id > 100 AND EXISTS (SELECT 1 FROM full_disk) THEN ' +
    "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'the table is full'; END IF;"
  );
}

/** As {@link fullSql}, on a disk that takes an hour for a row. */
function slowSql(family: string): string {
  return family === 'postgres'
    ? 'IF EXISTS (SELECT FROM slow_disk) THEN PERFORM pg_sleep(3600); END IF;'
    : 'IF EXISTS (SELECT 1 FROM slow_disk) THEN SET @slept = SLEEP(3600); END IF;';
}

async function addTrigger(
  connection: DatabaseConnection,
  family: string,
  table: string,
  body: string,
): Promise<void> {
  if (family !== 'postgres') {
    await connection.execute(
      `CREATE TRIGGER on_${table} BEFORE INSERT ON ${table} FOR EACH ROW BEGIN ${body} END`,
    );
    return;
  }
  await connection.execute(
    `CREATE FUNCTION on_${table}() RETURNS trigger LANGUAGE plpgsql AS ` +
      `$$ BEGIN ${body} RETURN NEW; END $$`,
  );
  await connection.execute(
    `CREATE TRIGGER on_${table} BEFORE INSERT ON ${table} FOR EACH ROW ` +
      `EXECUTE FUNCTION on_${table}()`,
  );
}

/** Asks for the id of the session that waits with a statement on this table. */
function waitingSql(family: string, table: string): string {
  if (family === 'postgres') {
    return (
      "SELECT pid::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE " +
      `'%${table}%' AND pid <> pg_backend_pid()`
    );
  }
  return (
    'SELECT id FROM information_schema.processlist ' +
    `WHERE info LIKE '%${table}%' AND command = 'Query' AND id <> connection_id()`
  );
}
