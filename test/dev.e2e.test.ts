import { makeTempDir, startSluice } from '@sluice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';

const RECORDS = /2[,.\u202f ]?922/;

test('sluice dev --once moves the weather through, says so, and ends with 0', async () => {
  await using home = await makeTempDir('dev');
  await using sluice = await startSluice({ args: ['dev', '--once'], cwd: home.path });
  const { code } = await sluice.exited;
  assert.equal(code, 0, sluice.output);
  assert.match(sluice.stdout, RECORDS);
  assert.match(sluice.stdout, /Seattle/);
});
