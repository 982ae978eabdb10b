// Goal: 500 `kill -9` of a whole worker, at random moments and at points chosen between its system calls, over two source and two
// sink tasks on Apache Kafka: nothing lost, doubled only what was not committed, order kept. SLUICE_KILL_SEED replays a plan,
// SLUICE_KILLS, SLUICE_STOPS and SLUICE_FREEZES say how long it is.
import { requireServer, startKafka } from '@sluice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KILL_POINTS } from './support/ledger/kill-point.ts';
import { ledgerRun } from './support/ledger/ledger-run.ts';
import { plannedFreezes, plannedKills, plannedStops } from './support/ledger/life-plan.ts';

const SEED = Number(process.env['SLUICE_KILL_SEED'] ?? 1);
const KILLS = Number(process.env['SLUICE_KILLS'] ?? 500);
const STOPS = Number(process.env['SLUICE_STOPS'] ?? 50);
const FREEZES = Number(process.env['SLUICE_FREEZES'] ?? 30);
/** The pipeline's members are declared dead after a second. */
const GROUPS = { 'group.min.session.timeout.ms': '500' };

test('F1 F3 F33 a worker killed 500 times loses nothing and doubles what it may', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: GROUPS });
  const report = await ledgerRun(kafka, plannedKills(SEED, KILLS), (text) => t.diagnostic(text));
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(report)}`);
  assert.deepEqual([report.lost, report.wrong], [[], []]);
  assert.equal(report.killedAtPoints.length, Math.ceil(KILLS / 2));
  if (KILLS >= 2 * KILL_POINTS.length) {
    assert.deepEqual([...new Set(report.killedAtPoints)].sort(), [...KILL_POINTS].sort());
  }
});

test('F4 a worker that is stopped and started 50 times neither loses nor doubles', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: GROUPS });
  const report = await ledgerRun(kafka, plannedStops(SEED, STOPS), (text) => t.diagnostic(text));
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(report)}`);
  assert.deepEqual([report.lost, report.wrong], [[], []]);
  assert.deepEqual([report.doubledInTopic, report.doubledInSink, report.torn], [0, 0, 0]);
});

test('F5 a worker that its group gave up while it was frozen commits nothing it has no right to', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: GROUPS });
  const plans = plannedFreezes(SEED, FREEZES);
  const report = await ledgerRun(kafka, plans, (text) => t.diagnostic(text));
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(report)}`);
  assert.deepEqual([report.lost, report.wrong], [[], []]);
  assert.equal(report.lives, FREEZES);
  assert.ok(report.doubledInSink > 0, 'a member that is given up reads again');
});
