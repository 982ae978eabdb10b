// Goal: however often a log is cut (KIP-320) while it is read, every record that is in the log in the end was delivered, once: nothing is
// skipped silently, and nothing that stayed comes twice. (A seek without an epoch gives up that promise, as in Java.) Method: random runs against the fake cluster, with leaders that move and
// connections that break. A failing seed is printed by fast-check; SLUICE_SEED=<seed>:<path> replays it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Consumer } from '../src/consumer/consumer.ts';
import { testConsumer } from './consuming.ts';
import { FakeCluster, type FakePartition } from './fake-cluster.ts';

type Step =
  | { readonly type: 'write'; readonly count: number }
  | { readonly type: 'cut log'; readonly share: number; readonly refill: number }
  | { readonly type: 'move' | 'cut connections' | 'poll' | 'pause' };

const POLLS_MAX = 1500;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('write' as const),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('cut log' as const),
      share,
      refill: fc.integer({ min: 0, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'move' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'cut connections' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'pause' as const }) },
  { weight: 8, arbitrary: fc.constant({ type: 'poll' as const }) },
);

/** The log as it should be, beside what came of it. */
class Model {
  readonly #partition: FakePartition;
  /** What is in the log, by offset. */
  log: string[] = [];
  readonly delivered = new Map<string, number>();
  /** How many delivered records are not in the log any more. */
  gone = 0;
  #next = 0;

  constructor(partition: FakePartition) {
    this.#partition = partition;
  }

  write(count: number): void {
    const values = Array.from({ length: count }, () => `v${this.#next++}`);
    this.#partition.log.append(values);
    this.log.push(...values);
  }

  /** Batches are cut as wholes. */
  cut(offset: number): void {
    this.#partition.log.truncate(offset);
    const lost = this.log.splice(this.#partition.log.endOffset);
    this.gone += lost.filter((value) => this.delivered.has(value)).length;
  }

  get missing(): readonly string[] {
    return this.log.filter((value) => !this.delivered.has(value));
  }
}

async function run(steps: readonly Step[], counts: Map<string, number>): Promise<void> {
  await using cluster = await FakeCluster.start(2);
  const [partition] = cluster.makeTopic('t');
  assert.ok(partition !== undefined);
  const model = new Model(partition);
  await using consumer = testConsumer(cluster.bootstrapServers, {
    'max.poll.records': '3',
    'max.partition.fetch.bytes': '300',
    'retry.backoff.ms': '1',
    'retry.backoff.max.ms': '5',
    'reconnect.backoff.ms': '1',
    'reconnect.backoff.max.ms': '5',
  });
  consumer.assign([{ topic: 't', partition: 0 }]);
  for (const each of steps) await take(each, { cluster, partition, model, consumer });
  for (let polls = 0; model.missing.length > 0; polls++) {
    assert.ok(polls < POLLS_MAX, `skipped: ${model.missing.join()}`);
    await poll(consumer, model, 20);
  }
  await poll(consumer, model, 20);
  for (const value of model.log) assert.equal(model.delivered.get(value), 1, `${value} came again`);
  for (const [what, count] of cluster.counts) counts.set(what, (counts.get(what) ?? 0) + count);
  if (model.gone > 0) counts.set('gone', (counts.get('gone') ?? 0) + 1);
}

interface Scene {
  readonly cluster: FakeCluster;
  readonly partition: FakePartition;
  readonly model: Model;
  readonly consumer: Consumer;
}

async function take(each: Step, { cluster, partition, model, consumer }: Scene): Promise<void> {
  switch (each.type) {
    case 'write':
      return model.write(each.count);
    case 'cut log':
      model.cut(Math.floor(partition.log.endOffset * each.share));
      if (each.refill > 0) model.write(each.refill);
      return;
    case 'move':
      return cluster.moveLeader(partition);
    case 'cut connections':
      return cluster.cut(partition.leader);
    case 'pause': {
      // What was fetched ahead may be dropped; the position and its epoch are not.
      const all = consumer.assignment();
      consumer.pause(all);
      return consumer.resume(all);
    }
    default:
      each.type satisfies 'poll';
      return poll(consumer, model, 3);
  }
}

async function poll(consumer: Consumer, model: Model, timeoutMs: number): Promise<void> {
  for (const columns of await consumer.poll(timeoutMs)) {
    for (let i = 0; i < columns.count; i++) {
      const value = columns.value(i)?.toString() ?? '';
      model.delivered.set(value, (model.delivered.get(value) ?? 0) + 1);
      if (model.log[columns.offset(i)] !== value) model.gone++;
    }
  }
}

function replayed(): fc.Parameters<unknown> {
  const [seed, path] = (process.env['SLUICE_SEED'] ?? '').split(':');
  if (seed === undefined || seed === '') return {};
  return { seed: Number(seed), ...(path === undefined ? {} : { path }) };
}

test('all that is in a log that was cut again and again comes, once', async () => {
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), (steps) =>
      run(steps, counts),
    ),
    { numRuns: 60, endOnFailure: true, ...replayed() },
  );
  // A run without its faults does not count.
  if (process.env['SLUICE_SEED'] !== undefined) return;
  for (const what of ['gone', 'OffsetForLeaderEpoch', 'cut', 'incremental fetch']) {
    assert.ok(
      (counts.get(what) ?? 0) > 0,
      `${what} never happened: ${JSON.stringify([...counts])}`,
    );
  }
});
