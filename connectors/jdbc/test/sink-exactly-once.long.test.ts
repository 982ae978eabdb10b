import { describe, it } from 'node:test';
import { DATABASES } from './databases-under-test.ts';
import { checkExactlyOnce } from './exactly-once-kills.ts';

const SEEDS = [11, 23, 37, 41, 53];
const KILLS_PER_SEED = 20;

describe('the exactly-once sink', () => {
  for (const { title, skip, start } of DATABASES) {
    it(`loses and doubles nothing over 100 kills on ${title}`, { skip }, async () => {
      await using database = await start();
      for (const seed of SEEDS) await checkExactlyOnce(database, KILLS_PER_SEED, seed);
    });
  }
});
