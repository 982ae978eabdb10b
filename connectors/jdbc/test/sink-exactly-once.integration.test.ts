import { describe, it } from 'node:test';
import { DATABASES } from './databases-under-test.ts';
import { checkExactlyOnce } from './exactly-once-kills.ts';

const KILLS = 2;
/** One of each family; the long test takes all. */
const SAMPLE = new Set(['SQLite', 'PostgreSQL 15', 'MariaDB 10.11']);

describe('the exactly-once sink', () => {
  for (const { title, skip, start } of DATABASES.filter(({ title }) => SAMPLE.has(title))) {
    it(`loses and doubles nothing over ${KILLS} kills on ${title}`, { skip }, async () => {
      await using database = await start();
      await checkExactlyOnce(database, KILLS, 7);
    });
  }
});
