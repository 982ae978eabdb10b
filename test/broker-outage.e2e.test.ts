import { requireServer } from '@sluice/testing';
import { test } from 'node:test';
import { runWithOutage } from './support/outage-scenario.ts';

test('a pipeline goes on without loss when its broker is killed and started again', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  const report = await runWithOutage(async (kafka) => {
    await kafka.kill();
    await kafka.start();
  });
  t.diagnostic(JSON.stringify(report));
});
