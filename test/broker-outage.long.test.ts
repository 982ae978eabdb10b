import { requireServer } from '@sluice/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { runWithOutage } from './support/outage-scenario.ts';

const HALTED_MS = 5_000;

test('a pipeline goes on without loss when its broker is restarted', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  t.diagnostic(JSON.stringify(await runWithOutage((kafka) => kafka.restart())));
});

test('a pipeline goes on without loss when its broker is halted for five seconds', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  const report = await runWithOutage(async (kafka) => {
    kafka.pause();
    await sleep(HALTED_MS);
    kafka.resume();
  });
  t.diagnostic(JSON.stringify(report));
});
