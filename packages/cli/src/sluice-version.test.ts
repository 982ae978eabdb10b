import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SLUICE_VERSION, WORKER_VERSION } from './sluice-version.ts';

test('the version is that of the package', async () => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  assert.equal(SLUICE_VERSION, Reflect.get(Object(JSON.parse(text)), 'version'));
});

test('what GET / reports begins with a Kafka version that clients can take apart', () => {
  assert.match(WORKER_VERSION, /^4\.3\.1-sluice/);
  const [major = '', minor = ''] = WORKER_VERSION.split('.');
  assert.deepEqual([Number.parseInt(major, 10), Number.parseInt(minor, 10)], [4, 3]);
});
