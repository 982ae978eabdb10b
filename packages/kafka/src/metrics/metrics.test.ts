import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Clock } from '../clock.ts';
import type { ClientMetric } from './client-metric.ts';
import { GroupMetrics } from './group-metrics.ts';
import { MetricsRegistry } from './metrics-registry.ts';
import { NetworkMetrics } from './network-metrics.ts';
import { PollMetrics } from './poll-metrics.ts';
import { ProducerMetrics } from './producer-metrics.ts';

class HandClock implements Clock {
  ms = 1000;
  now(): number {
    return this.ms;
  }
  wall(): number {
    return this.ms;
  }
}

function valueOf(metrics: readonly ClientMetric[], name: string, node?: string): number {
  const found = metrics.filter((each) => each.name === name && each.tags['node-id'] === node);
  assert.equal(found.length, 1, `${name}: ${found.length} of them`);
  return found[0]?.value ?? Number.NaN;
}

describe('meters', () => {
  test('a rate looks back over the window before and the one that runs, as Java’s', () => {
    const clock = new HandClock();
    const registry = new MetricsRegistry(clock);
    const meter = registry.meter();
    meter.record(400);
    clock.ms += 10_000;
    // Java's rule for a first window: as if an empty one of 30 s had come before.
    assert.equal(meter.rate, 10);
    clock.ms += 20_000;
    registry.tick();
    meter.record(800);
    clock.ms += 10_000;
    assert.equal(meter.rate, 1200 / 40);
    assert.equal(meter.avg, 600);
    assert.equal(meter.max, 800);
    assert.equal(meter.min, 400);
    assert.equal(meter.countRate, 2 / 40);
    clock.ms += 20_000;
    registry.tick();
    // The first window is out of sight; totals stay.
    assert.equal(meter.avg, 800);
    assert.equal(meter.total, 1200);
    assert.equal(meter.count, 2);
  });

  test('after a long silence there is no average, and the rate is 0', () => {
    const clock = new HandClock();
    const registry = new MetricsRegistry(clock);
    const meter = registry.meter();
    meter.record(7);
    clock.ms += 61_000;
    registry.tick();
    assert.equal(meter.rate, 0);
    assert.ok(Number.isNaN(meter.avg) && Number.isNaN(meter.max) && Number.isNaN(meter.min));
    meter.record(9);
    assert.equal(meter.max, 9);
    assert.equal(meter.total, 16);
  });

  test('one that slept for some windows does not show what it had before them', () => {
    const clock = new HandClock();
    const registry = new MetricsRegistry(clock);
    const [quiet, busy] = [registry.meter(), registry.meter()];
    quiet.record(5);
    for (let i = 0; i < 3; i++) {
      clock.ms += 30_000;
      registry.tick();
      busy.record(1);
    }
    assert.equal(quiet.rate, 0);
    assert.ok(busy.rate > 0);
  });
});

test('the network: bytes, requests and latency of the client and of each broker', () => {
  const clock = new HandClock();
  const registry = new MetricsRegistry(clock);
  const network = new NetworkMetrics(registry, 'consumer', 'c');
  const one = network.opened('node-1');
  const two = network.opened('node-2');
  one.sent(100);
  one.answered(1000, 5);
  two.sent(50);
  two.closed();
  const metrics = registry.snapshot();
  assert.equal(valueOf(metrics, 'outgoing-byte-total'), 150);
  assert.equal(valueOf(metrics, 'incoming-byte-total', 'node-1'), 1000);
  assert.equal(valueOf(metrics, 'request-latency-max', 'node-1'), 5);
  assert.ok(Number.isNaN(valueOf(metrics, 'request-latency-max', 'node-2')));
  assert.equal(valueOf(metrics, 'connection-count'), 1);
  assert.equal(valueOf(metrics, 'network-io-total'), 3);
  assert.ok(metrics.every(({ group }) => /^consumer(-node)?-metrics$/.test(group)));
});

test('a rebalance that fails is counted apart, and one that goes on is one', () => {
  const clock = new HandClock();
  const registry = new MetricsRegistry(clock);
  const group = new GroupMetrics(registry, 'connect', 'w', clock);
  assert.equal(valueOf(registry.snapshot(), 'last-rebalance-seconds-ago'), -1);
  group.rebalanceBegan();
  clock.ms += 100;
  group.rebalanceBegan();
  clock.ms += 50;
  group.rebalanceEnded();
  group.rebalanceBegan();
  group.rebalanceFailed();
  clock.ms += 3000;
  const metrics = registry.snapshot();
  assert.equal(valueOf(metrics, 'rebalance-latency-max'), 150);
  assert.equal(valueOf(metrics, 'rebalance-total'), 1);
  assert.equal(valueOf(metrics, 'failed-rebalance-total'), 1);
  assert.equal(valueOf(metrics, 'last-rebalance-seconds-ago'), 3);
  assert.equal(metrics[0]?.group, 'connect-coordinator-metrics');
});

test('polls: the time between them, and the share spent inside', () => {
  const clock = new HandClock();
  const registry = new MetricsRegistry(clock);
  const polls = new PollMetrics(registry, 'c', clock);
  polls.pollBegan();
  clock.ms += 100;
  polls.pollEnded();
  clock.ms += 100;
  polls.pollBegan();
  clock.ms += 200;
  polls.pollEnded();
  const metrics = registry.snapshot();
  assert.equal(valueOf(metrics, 'time-between-poll-max'), 200);
  // The first poll has no time before it: 1; the second is 200 of 400.
  assert.equal(valueOf(metrics, 'poll-idle-ratio-avg'), 0.75);
});

test('a producer: batches, topics, retries and failures', () => {
  const clock = new HandClock();
  const registry = new MetricsRegistry(clock);
  const producer = new ProducerMetrics(registry, 'p', {
    bufferTotalBytes: () => 32,
    bufferAvailableBytes: () => 16,
    waiting: () => 0,
    requestsInFlight: () => 1,
    metadataAgeSeconds: () => 2,
  });
  const batch = { topic: 't', recordCount: 4, sizeInBytes: 100, plainBytes: 200 };
  producer.sent([{ ...batch, queuedMs: 5, recordMaxBytes: 80 }]);
  producer.answered(12, 0);
  producer.retried('t', 4);
  producer.failed('t', 4);
  producer.took('flush', 2);
  producer.took('flush', 3);
  const metrics = registry.snapshot();
  const ofClient = metrics.filter(({ group }) => group === 'producer-metrics');
  assert.equal(valueOf(ofClient, 'record-send-total'), 4);
  assert.equal(valueOf(ofClient, 'compression-rate-avg'), 0.5);
  assert.equal(valueOf(ofClient, 'record-size-avg'), 50);
  assert.equal(valueOf(ofClient, 'flush-time-ns-total'), 5_000_000);
  const ofTopic = metrics.filter(({ group }) => group === 'producer-topic-metrics');
  assert.equal(valueOf(ofTopic, 'byte-total'), 100);
  assert.equal(valueOf(ofTopic, 'record-error-total'), 4);
  assert.deepEqual(ofTopic[0]?.tags, { 'client-id': 'p', topic: 't' });
});
