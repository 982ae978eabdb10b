import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { RecordBatchBuilder } from '../src/batch/record-batch-builder.ts';
import { silentLogger } from '../src/logger.ts';
import type { DeliveryReport } from '../src/producer/contract.ts';
import { createProducer } from '../src/producer/producer.ts';
import { SimulatedClock, SimulatedCluster } from './simulated-cluster.ts';
import { SimulatedKafka, TOPIC } from './simulated-kafka.ts';
import { numbers } from './simulated-runs.ts';

test('a codec that breaks costs its batch, and what follows is delivered', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const clock = new SimulatedClock();
  const kafka = new SimulatedKafka(1, [], false);
  const reports: DeliveryReport[] = [];
  const producer = createProducer(
    { 'bootstrap.servers': 'simulated:1' },
    {
      logger: silentLogger,
      clock,
      random: numbers(),
      makeCluster: (options) => new SimulatedCluster(options, kafka),
      onDelivery: (report) => reports.push(report),
    },
  );
  const settle = async (promise: Promise<void>): Promise<void> => {
    let isOver = false;
    const watched = promise.finally(() => (isOver = true));
    assert.ok(await clock.run(() => isOver, 10_000));
    await watched;
  };
  const send = async (text: string, token: number): Promise<void> => {
    const rest = { partition: 0, key: null, headers: [], timestamp: null };
    producer.append({ topic: TOPIC, value: Buffer.from(text), token, ...rest });
    await settle(producer.flush());
  };
  try {
    await settle(producer.prepare([TOPIC]));
    await send('before', 1);
    const breaking = mock.method(RecordBatchBuilder.prototype, 'finish', () => {
      throw new Error('the codec broke');
    });
    await send('broken', 2);
    breaking.mock.restore();
    await send('after', 3);
    await settle(producer.close());
  } finally {
    mock.timers.reset();
  }
  assert.deepEqual(
    reports.map(({ tokens, error }) => [...tokens, error?.message ?? null]),
    [
      [1, null],
      [2, 'Sending 1 records to t-0 failed in this client: the codec broke'],
      [3, null],
    ],
  );
  assert.deepEqual(
    kafka.logs[0]?.entries.map(({ value }) => value),
    ['before', 'after'],
  );
});
