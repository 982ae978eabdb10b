// Goal: whatever brokers and connections do, nothing that was acknowledged is lost, and nothing is in the log twice or out of
// order, not even what was given up; no sequence is ever used for two records (Invariant 6). Method: random runs of the whole
// producer on a fake clock against simulated brokers that keep sequences as Kafka does. A failing run prints its seed and path;
// `SLUICE_MODEL_SEED=seed` runs it again, `SLUICE_MODEL_RUNS=n` makes more of them.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { silentLogger } from '../src/logger.ts';
import type { DeliveryReport } from '../src/producer/contract.ts';
import { createProducer } from '../src/producer/producer.ts';
import { SimulatedClock, SimulatedCluster } from './simulated-cluster.ts';
import { type Fault, FAULT_TYPES, faults } from './simulated-faults.ts';
import { SimulatedKafka, TOPIC } from './simulated-kafka.ts';
import { modelParameters, numbers, roundsUntilFired } from './simulated-runs.ts';

const PARTITIONS = 2;
const RUN_MAX_MS = 30_000;

interface Step {
  readonly counts: readonly number[];
  readonly waitMs: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    counts: fc.tuple(fc.nat(12), fc.nat(6)),
    waitMs: fc.oneof(fc.nat(10), fc.constant(200)),
  }),
  { minLength: 1, maxLength: 12 },
);

async function run(
  steps: readonly Step[],
  faults: readonly Fault[],
  counts: Map<string, number>,
): Promise<void> {
  const kafka = new SimulatedKafka(PARTITIONS, faults, false);
  const clock = new SimulatedClock();
  const reports: DeliveryReport[] = [];
  const producer = createProducer(
    {
      'bootstrap.servers': 'simulated:1',
      'batch.size': '140',
      'linger.ms': '2',
      'request.timeout.ms': '60',
      'delivery.timeout.ms': '130',
      'retry.backoff.ms': '3',
      'retry.backoff.max.ms': '20',
    },
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
    watched.catch(() => undefined);
    assert.ok(await clock.run(() => isOver, RUN_MAX_MS), 'it never ended');
    await watched;
  };
  await settle(producer.prepare([TOPIC]));
  const appended: number[][] = Array.from({ length: PARTITIONS }, () => []);
  let token = 0;
  const append = (partition: number): void => {
    appended[partition]?.push(token);
    const value = Buffer.from(String(token));
    const rest = { key: null, headers: [], timestamp: null };
    producer.append({ topic: TOPIC, partition, value, token: token++, ...rest });
  };
  for (const step of steps) {
    for (const [partition, count] of step.counts.entries()) {
      for (let i = 0; i < count; i++) append(partition);
    }
    const untilMs = clock.now() + step.waitMs;
    await clock.run(() => clock.now() >= untilMs, step.waitMs + 1);
  }
  await settle(producer.flush());
  kafka.calm();
  const lastOnes = Array.from({ length: PARTITIONS }, (_, partition) => {
    append(partition);
    return token - 1;
  });
  await settle(producer.flush());
  // What was late may still come.
  await clock.run(() => false, 200);
  await settle(producer.close());
  check(kafka, reports, appended);
  const delivered = reports.filter(({ error }) => error === null).flatMap(({ tokens }) => tokens);
  for (const last of lastOnes) assert.ok(delivered.includes(last), 'it went on in the end');
  for (const [what, count] of kafka.counts) counts.set(what, (counts.get(what) ?? 0) + count);
  for (const { error } of reports) {
    if (error !== null) counts.set(error.code, (counts.get(error.code) ?? 0) + 1);
  }
}

function check(
  kafka: SimulatedKafka,
  reports: readonly DeliveryReport[],
  appended: readonly (readonly number[])[],
): void {
  assert.deepEqual(kafka.violations, []);
  for (const [partition, tokens] of appended.entries()) {
    const mine = reports.filter((report) => report.partition === partition);
    const reported = mine.flatMap((report) => report.tokens);
    assert.deepEqual(
      reported.toSorted((a, b) => a - b),
      tokens,
      'each is reported once',
    );
    const log = kafka.logs[partition]?.entries.map(({ value }) => Number(value)) ?? [];
    assert.deepEqual(
      log,
      [...new Set(log)].toSorted((a, b) => a - b),
      'once and in order',
    );
    for (const { error, tokens: delivered, baseOffset } of mine) {
      if (error !== null) continue;
      const offset = log.indexOf(delivered[0] ?? -1);
      assert.ok(offset >= 0, `${delivered[0]} is acknowledged and lost`);
      assert.deepEqual(log.slice(offset, offset + delivered.length), delivered);
      if (baseOffset >= 0) assert.equal(baseOffset, offset);
    }
  }
}

/** Runs that failed once. */
const FOUND: readonly [readonly Step[], readonly Fault[]][] = [
  // The first batch is refused; a leader that knew nothing of the producer took the second one.
  [
    [{ counts: [9, 0], waitMs: 0 }],
    [{ type: 'none' }, { type: 'error', error: 'TOPIC_AUTHORIZATION_FAILED' }, { type: 'mute' }],
  ],
  // A batch may be in the log and is to be sent again when the one behind it is refused for good: the
  // new epoch must not begin before it is settled.
  [
    [
      { counts: [1, 1], waitMs: 200 },
      { counts: [9, 1], waitMs: 0 },
    ],
    [
      { type: 'none' },
      { type: 'none' },
      { type: 'none' },
      { type: 'error after', error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' },
      { type: 'none' },
      { type: 'error', error: 'TOPIC_AUTHORIZATION_FAILED' },
    ],
  ],
];

test('idempotent: nothing lost, doubled or out of order, whatever happens', async () => {
  const counts = new Map<string, number>();
  mock.timers.enable({ apis: ['setTimeout'] });
  // A run without its faults does not count.
  const wanted = [...FAULT_TYPES, 'producer was forgotten', 'found in the log', 'TIMEOUT'];
  try {
    await roundsUntilFired(wanted, counts, (round) =>
      fc.assert(
        fc.asyncProperty(steps, faults('idempotent'), (each, happening) =>
          run(each, happening, counts),
        ),
        { ...modelParameters(100, round), examples: [...FOUND] },
      ),
    );
  } finally {
    mock.timers.reset();
  }
});
