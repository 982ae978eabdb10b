import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATABASES } from './databases-under-test.ts';
import { SourceRun } from './source-run.ts';

const ROWS = Number(process.env['SLUICE_JDBC_ROWS'] ?? 10_000_000);
/** After so many rows the process has what it needs. */
const WARM_ROWS = 200_000;
const GROWTH_MAX_MB = 80;
const MB = 1_000_000;

for (const { title, skip, start } of DATABASES.filter(({ family }) => family === 'postgres')) {
  test(`memory stays flat over ${ROWS} rows of ${title}`, { skip }, async (t) => {
    await using database = await start();
    await using run = await SourceRun.start({
      ...database.props,
      mode: 'bulk',
      query:
        "SELECT n AS id, repeat('x', 100) AS note, now() AS seen, n * 0.5 AS half " +
        `FROM generate_series(1, ${ROWS}) AS n`,
      'topic.prefix': 'many',
    });
    let rows = 0;
    let warmMb = 0;
    let peakMb = 0;
    while (rows < ROWS) {
      rows += (await run.poll(1)).length;
      const rssMb = process.memoryUsage.rss() / MB;
      if (rows <= WARM_ROWS) warmMb = Math.max(warmMb, rssMb);
      peakMb = Math.max(peakMb, rssMb);
    }
    t.diagnostic(
      `${warmMb.toFixed(0)} MB after ${WARM_ROWS} rows, ${peakMb.toFixed(0)} MB at most`,
    );
    assert.equal(rows, ROWS);
    assert.ok(peakMb - warmMb < GROWTH_MAX_MB, `grew from ${warmMb} to ${peakMb} MB`);
  });
}
