// Goal: whatever happens between polls (writes, transactions, moved leaders, cut connections, broken sessions, seeks, pauses),
// each partition's records come complete, once and in order from wherever the consumer was put. Method: random runs against
// the fake cluster beside a plain model of what must come; the faults that fired are counted over all runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RecordColumns } from '../src/batch/record-columns.ts';
import type { Consumer } from '../src/consumer/consumer.ts';
import { testConsumer } from './consuming.ts';
import { FakeCluster, type FakePartition } from './fake-cluster.ts';
import type { FetchFault } from './fake-fetch-sessions.ts';

type Step =
  | {
      readonly type: 'write';
      readonly at: number;
      readonly count: number;
      readonly producer: number;
    }
  | {
      readonly type: 'end';
      readonly at: number;
      readonly producer: number;
      readonly isAborted: boolean;
    }
  | { readonly type: 'gap'; readonly at: number }
  | { readonly type: 'move'; readonly at: number }
  | { readonly type: 'cut'; readonly node: number }
  | { readonly type: 'fault'; readonly fault: FetchFault }
  | { readonly type: 'seek'; readonly at: number; readonly share: number }
  | { readonly type: 'pause'; readonly at: number }
  | { readonly type: 'resume'; readonly at: number }
  | { readonly type: 'poll' };

const PARTITIONS = 3;
const NODES = 2;
const POLLS_MAX = 2000;
const at = fc.integer({ min: 0, max: PARTITIONS - 1 });
const producer = fc.integer({ min: -1, max: 1 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('write' as const),
      at,
      count: fc.integer({ min: 1, max: 6 }),
      producer,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('end' as const),
      at,
      producer,
      isAborted: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('gap' as const), at }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('move' as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('cut' as const),
      node: fc.integer({ min: 0, max: NODES - 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom<FetchFault>(
        'cut',
        'FETCH_SESSION_ID_NOT_FOUND',
        'INVALID_FETCH_SESSION_EPOCH',
        'UNKNOWN_SERVER_ERROR',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('seek' as const),
      at,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pause' as const), at }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('resume' as const), at }) },
  { weight: 8, arbitrary: fc.constant({ type: 'poll' as const }) },
);

interface Written {
  readonly offset: number;
  readonly value: string;
  readonly transaction: { isAborted: boolean; isOpen: boolean } | null;
}

/** What must come from one partition. */
class Model {
  readonly partition: FakePartition;
  readonly written: Written[] = [];
  isPaused = false;
  position = 0;
  readonly #open = new Map<number, { isAborted: boolean; isOpen: boolean }>();
  #next = 0;

  constructor(partition: FakePartition) {
    this.partition = partition;
  }

  write(count: number, producerId: number, gap = 0): void {
    const values = Array.from({ length: count }, () => `v${this.#next++}`);
    const options = producerId < 0 ? { gap } : { gap, producerId };
    const base = this.partition.log.append(values, options);
    let transaction = this.#open.get(producerId) ?? null;
    if (producerId >= 0 && transaction === null) {
      transaction = { isAborted: false, isOpen: true };
      this.#open.set(producerId, transaction);
    }
    this.written.push(...values.map((value, i) => ({ offset: base + i, value, transaction })));
  }

  end(producerId: number, isAborted: boolean): void {
    const transaction = this.#open.get(producerId);
    if (transaction === undefined) return;
    transaction.isAborted = isAborted;
    transaction.isOpen = false;
    this.#open.delete(producerId);
    this.partition.log.end(producerId, isAborted ? 'abort' : 'commit');
  }

  endAll(): void {
    for (const producerId of this.#open.keys()) this.end(producerId, producerId === 1);
  }

  /** The next record that may be delivered; `null` when there is none now. */
  next(): Written | null {
    const { lastStableOffset } = this.partition.log;
    const found = this.written.find(
      ({ offset, transaction }) => offset >= this.position && transaction?.isAborted !== true,
    );
    return found !== undefined && found.offset < lastStableOffset ? found : null;
  }

  check(columns: RecordColumns): void {
    assert.ok(!this.isPaused, 'a paused partition must not be delivered');
    for (let i = 0; i < columns.count; i++) {
      const expected = this.next();
      const got = { offset: columns.offset(i), value: columns.value(i)?.toString() };
      assert.deepEqual(got, { offset: expected?.offset, value: expected?.value });
      this.position = got.offset + 1;
    }
  }
}

async function run(steps: readonly Step[], counts: Map<string, number>): Promise<void> {
  await using cluster = await FakeCluster.start(NODES);
  const models = cluster.makeTopic('t', PARTITIONS).map((partition) => new Model(partition));
  await using consumer = testConsumer(cluster.bootstrapServers, {
    'isolation.level': 'read_committed',
    'max.poll.records': '4',
    'max.partition.fetch.bytes': '300',
    'retry.backoff.ms': '1',
    'retry.backoff.max.ms': '5',
    'reconnect.backoff.ms': '1',
    'reconnect.backoff.max.ms': '5',
  });
  const all = models.map((_, partition) => ({ topic: 't', partition }));
  consumer.assign(all);
  await Promise.all(all.map((partition) => consumer.position(partition)));
  for (const each of steps) await take(each, cluster, models, consumer);
  for (const model of models) {
    model.endAll();
    model.isPaused = false;
  }
  consumer.resume(all);
  for (let polls = 0; models.some((model) => model.next() !== null); polls++) {
    assert.ok(polls < POLLS_MAX, 'not everything came');
    await pollOnce(consumer, models, 20);
  }
  assert.deepEqual(await consumer.poll(20), []);
  for (const [what, count] of cluster.counts) counts.set(what, (counts.get(what) ?? 0) + count);
}

async function take(
  each: Step,
  cluster: FakeCluster,
  models: readonly Model[],
  consumer: Consumer,
): Promise<void> {
  if (each.type === 'poll') return pollOnce(consumer, models, 3);
  if (each.type === 'cut') return cluster.cut(each.node);
  if (each.type === 'fault') {
    cluster.fetchFaults.push(each.fault);
    return;
  }
  const model = models[each.at];
  if (model === undefined) throw new RangeError(`no partition ${each.at}`);
  const partition = { topic: 't', partition: each.at };
  switch (each.type) {
    case 'write':
      return model.write(each.count, each.producer);
    case 'end':
      return model.end(each.producer, each.isAborted);
    case 'gap':
      return model.write(1, -1, 3);
    case 'move':
      return cluster.moveLeader(model.partition);
    case 'seek':
      model.position = Math.floor(model.partition.log.endOffset * each.share);
      return consumer.seek({ ...partition, offset: model.position });
    case 'pause':
    case 'resume':
      model.isPaused = each.type === 'pause';
      consumer[each.type]([partition]);
  }
}

async function pollOnce(
  consumer: Consumer,
  models: readonly Model[],
  timeoutMs: number,
): Promise<void> {
  for (const columns of await consumer.poll(timeoutMs)) models[columns.partition]?.check(columns);
}

test('records come complete, once and in order, whatever happens between polls', async () => {
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) =>
      run(steps, counts),
    ),
    { numRuns: 60 },
  );
  // A run without its faults does not count.
  for (const what of [
    'cut',
    'fault cut',
    'fault FETCH_SESSION_ID_NOT_FOUND',
    'fault INVALID_FETCH_SESSION_EPOCH',
    'fault UNKNOWN_SERVER_ERROR',
    'fetch error 6',
    'incremental fetch',
    'full fetch',
    'OffsetForLeaderEpoch',
  ]) {
    assert.ok(
      (counts.get(what) ?? 0) > 0,
      `${what} did not happen: ${JSON.stringify([...counts])}`,
    );
  }
});
