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
  });
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
