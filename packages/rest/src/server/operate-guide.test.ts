import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { RESOURCES } from './all-resources.ts';

const GUIDE = new URL('../../../../docs/guides/operate.md', import.meta.url);

test("the guide tells of every path of Sluice's own, and of none that is not there", async () => {
  const guide = await readFile(GUIDE, 'utf8');
  const told = new Set(
    Array.from(guide.matchAll(/(?:GET|POST) (\/sluice\/v1\/[^`\s?]+)/g), ([, path = '']) => path),
  );
  const there = RESOURCES.map(({ path }) => path.replace(':connector', '<name>'));
  const own = there.filter((path) => path.startsWith('/sluice/v1/'));
  assert.ok(own.length > 5);
  assert.deepEqual(
    [...told].sort((a, b) => a.localeCompare(b)),
    own.toSorted((a, b) => a.localeCompare(b)),
  );
});
