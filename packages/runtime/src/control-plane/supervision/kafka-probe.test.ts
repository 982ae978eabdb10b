import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KafkaAdmin } from '@sluice/kafka';
import { KafkaProbe } from './kafka-probe.ts';

const WORKER_PROPS = { 'bootstrap.servers': 'broker:9092', 'admin.request.timeout.ms': '7' };
const CLUSTER = {
  clusterId: 'c',
  controllerId: 1,
  nodes: [
    { id: 1, host: 'a', port: 1 },
    { id: 2, host: 'b', port: 2 },
  ],
};

interface Seen {
  readonly configs: Readonly<Record<string, string>>[];
  closed: number;
  nowMs: number;
}

/** A probe whose admin client answers so, with a clock that stands until it is moved. */
function aProbe(describeCluster: KafkaAdmin['describeCluster']): { probe: KafkaProbe; seen: Seen } {
  const seen: Seen = { configs: [], closed: 0, nowMs: 1_000 };
  const probe = new KafkaProbe({
    openAdmin: (config) => {
      seen.configs.push(config);
      const close = (): Promise<void> => {
        seen.closed += 1;
        return Promise.resolve();
      };
      return Promise.resolve({ describeCluster, close });
    },
    workerProps: WORKER_PROPS,
    steadyNow: () => seen.nowMs,
    timeoutMs: 20,
  });
  return { probe, seen };
}

test('a cluster that answers is healthy, asked with the worker’s own admin settings', async () => {
  const { probe, seen } = aProbe(() => Promise.resolve(CLUSTER));
  assert.deepEqual(await probe.part(), {
    name: 'kafka',
    status: 'healthy',
    message: 'Answers; brokers: 2.',
  });
  assert.equal(seen.configs[0]?.['bootstrap.servers'], 'broker:9092');
  assert.equal(seen.configs[0]?.['request.timeout.ms'], '7');
  assert.equal(seen.closed, 1);
});

test('a cluster that does not answer is unhealthy in time, and the client is closed', async () => {
  const { probe, seen } = aProbe(
    (signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('given up')));
      }),
  );
  const { status, message } = await probe.part();
  assert.equal(status, 'unhealthy');
  assert.match(message, /^No answer within 20 ms from broker:9092: given up\. /);
  assert.equal(seen.closed, 1);
});

test('answers are shared for five seconds, then asked for anew', async () => {
  const { probe, seen } = aProbe(() => Promise.resolve(CLUSTER));
  await Promise.all([probe.part(), probe.part()]);
  seen.nowMs += 4_999;
  await probe.part();
  assert.equal(seen.configs.length, 1);
  seen.nowMs += 1;
  await probe.part();
  assert.equal(seen.configs.length, 2);
});
