import { requireServer, startKafka } from '@sluice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './support/kill-judge.ts';
import { runWithKills } from './support/kill-scenario.ts';

const LINES = 110_000;

test('a worker killed five times loses nothing and repeats only what was not committed', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: { 'group.min.session.timeout.ms': '1000' } });
  const report = await runWithKills({
    kafka,
    lines: LINES,
    progress: [0.1, 0.3, 0.5, 0.7, 0.9],
  });
  const verdict = judge(report, LINES);
  t.diagnostic(`${LINES} lines, ${report.kills.length} kills: ${JSON.stringify(verdict)}`);
  assert.equal(report.kills.length, 5);
  assert.equal(verdict.lost, 0);
});
