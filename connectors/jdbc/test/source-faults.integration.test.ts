import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceRecord } from '@sluice/api';
import { waitUntil } from '@sluice/testing';
import { DATABASES } from './databases-under-test.ts';
import { quietLogger } from './quiet-logger.ts';
import { rowsOf } from './sink-run.ts';
import { column, SourceRun, StoredOffsets } from './source-run.ts';

const ROWS = 2000;
/** A test that would wait for ever ends with this. */
const TIME_LIMIT = { timeout: 60_000 };

const TEXT: Readonly<Record<string, string>> = { postgres: 'TEXT', mysql: 'LONGTEXT' };
const SLEEP: Readonly<Record<string, string>> = { postgres: 'pg_sleep', mysql: 'SLEEP' };
const CAST: Readonly<Record<string, string>> = { postgres: '::text', mysql: '' };
/** Id and statement of all sessions but the own. */
const OTHER_SESSIONS: Readonly<Record<string, string>> = {
  postgres:
    'SELECT pid::text, query FROM pg_stat_activity ' +
    "WHERE datname = 'shop' AND pid <> pg_backend_pid()",
  mysql:
    'SELECT id, info FROM information_schema.processlist ' +
    "WHERE db = 'shop' AND id <> connection_id()",
};

for (const { title, family, skip, start } of DATABASES) {
  if (family === 'sqlite') continue;
  describe(`faults of ${title} under the JDBC source`, { skip }, () => {
    it('goes on behind the last row when the server is killed in the middle of a result', async () => {
      await using database = await start();
      {
        await using db = await database.connect();
        await db.execute('CREATE TABLE many (id INT NOT NULL, note VARCHAR(200))');
        const values = Array.from({ length: ROWS }, (_, i) => `(${i + 1}, '${'x'.repeat(150)}')`);
        await db.execute(`INSERT INTO many VALUES ${values.join(',')}`);
      }
      const { server } = database;
      await using run = await SourceRun.start({
        ...database.props,
        'table.whitelist': 'many',
        mode: 'incrementing',
        'incrementing.column.name': 'id',
        'batch.max.rows': '100',
        'connection.backoff.ms': '100',
        'connection.attempts': '300',
      });
      const records: SourceRecord[] = [...(await run.poll(300))];
      await server?.kill();
      assert.equal(server?.isRunning, false);
      const restarted = server?.start();
      while (column(records, 'id').at(-1) !== ROWS) records.push(...(await run.poll(1)));
      await restarted;
      const ids = column(records, 'id').map(Number);
      assert.deepEqual(
        ids,
        Array.from({ length: ROWS }, (_, i) => i + 1),
      );
    });

    it('goes on behind the last row when its sessions are ended', async () => {
      await using database = await start();
      await using db = await database.connect();
      await db.execute(`CREATE TABLE wide (id INT NOT NULL, note ${TEXT[family]})`);
      const values = Array.from({ length: ROWS }, (_, i) => `(${i + 1}, 'x')`);
      await db.execute(`INSERT INTO wide VALUES ${values.join(',')}`);
      // Too much for the buffers of a socket: the server is still sending when its session ends.
      await db.execute(`UPDATE wide SET note = REPEAT('x', 10000)`);
      const props = {
        ...database.props,
        'table.whitelist': 'wide',
        mode: 'incrementing',
        'incrementing.column.name': 'id',
        'batch.max.rows': '100',
        'connection.backoff.ms': '100',
      };
      const told: string[] = [];
      const logger = { ...quietLogger, info: (text: string) => void told.push(text) };
      await using run = await SourceRun.start(props, new StoredOffsets(), 1, logger);
      const records: SourceRecord[] = [];
      for (const atLeast of [300, 900]) {
        while (records.length < atLeast) records.push(...(await run.poll(1)));
        // What a client has in its buffers still comes after its session is gone.
        for (const [id] of await rowsOf(db, OTHER_SESSIONS[family] ?? '')) {
          await db.query(
            family === 'postgres' ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`,
          );
        }
      }
      while (column(records, 'id').at(-1) !== ROWS) records.push(...(await run.poll(1)));
      assert.deepEqual(
        column(records, 'id').map(Number),
        Array.from({ length: ROWS }, (_, i) => i + 1),
      );
      const sessions = told.filter((text) => text.startsWith('Connected to'));
      assert.ok(sessions.length > 2, 'the connector had one, the task one, and then another');
    });

    it('ends polls and stops while a query does not return', TIME_LIMIT, async () => {
      await using database = await start();
      await using db = await database.connect();
      const sleep = SLEEP[family] ?? '';
      const slow = (seconds: number): string =>
        `SELECT * FROM (SELECT 7 AS id, ${sleep}(${seconds})${CAST[family]} AS slept) AS t`;
      const props = {
        ...database.props,
        mode: 'incrementing',
        'incrementing.column.name': 'id',
        'topic.prefix': 'p',
      };
      {
        // Polls that are given up do not make the query begin again: it would never end.
        await using run = await SourceRun.start({ ...props, query: slow(1) });
        const [task] = run.tasks;
        const records: SourceRecord[] = [];
        let polls = 0;
        while (records.length === 0) {
          polls += 1;
          records.push(...((await task?.poll(AbortSignal.timeout(100))) ?? []));
        }
        assert.ok(polls > 1, 'a poll ended before the query did');
        assert.deepEqual(column(records, 'id').map(Number), [7]);
      }
      const run = await SourceRun.start({ ...props, query: slow(3600) });
      const asked = new AbortController();
      const poll = run.tasks[0]?.poll(asked.signal);
      await waitUntil('the query to run', async () => {
        const sessions = await rowsOf(db, OTHER_SESSIONS[family] ?? '');
        return sessions.some(([, sql]) => sql?.includes('3600') === true);
      });
      asked.abort();
      assert.equal(await poll, null);
      await run[Symbol.asyncDispose]();
    });
  });
}
