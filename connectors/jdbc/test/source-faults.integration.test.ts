import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceRecord } from '@sluice/api';
import { DATABASES } from './databases-under-test.ts';
import { column, SourceRun } from './source-run.ts';

const ROWS = 2000;

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
  });
}
