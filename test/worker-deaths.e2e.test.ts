import { requireServer, startKafka } from '@sluice/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerRun } from './support/ledger/ledger-run.ts';
import { plannedKills, plannedStops } from './support/ledger/life-plan.ts';

const SEED = 1;
const KILLS = 6;
const STOPS = 5;
/** The pipeline's members are declared dead after a second. */
const GROUPS = { 'group.min.session.timeout.ms': '500' };

test('F1 F3 F33 a worker killed at random moments and chosen points loses nothing', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: GROUPS });
  const report = await ledgerRun(kafka, plannedKills(SEED, KILLS), (text) => t.diagnostic(text));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual([report.lost, report.wrong], [[], []]);
  assert.equal(report.killedAtPoints.length, KILLS / 2);
  assert.ok(report.doubledInTopic > 0, 'a kill that doubles nothing came when nothing was done');
});

test('F4 a worker that is stopped and started again neither loses nor doubles', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: GROUPS });
  const report = await ledgerRun(kafka, plannedStops(SEED, STOPS), (text) => t.diagnostic(text));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual([report.lost, report.wrong], [[], []]);
  assert.deepEqual([report.doubledInTopic, report.doubledInSink, report.torn], [0, 0, 0]);
});
