// Goal: polls and commits go on while an earlier commit has no answer, as a Connect sink has it after a commit that timed out:
// nothing is read twice or left out, no commit overtakes another, and closing waits. Method: the fake cluster, which keeps a
// commit waiting until the test lets it go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testConsumer, valuesOf } from './consuming.ts';
import { FakeCluster } from './fake-cluster.ts';

const RECORDS = 20;
const T0 = { topic: 't', partition: 0 };

function committedOffsets({ commits }: FakeCluster): readonly (number | undefined)[] {
  return commits.map(({ topics }) => topics[0]?.partitions[0]?.committedOffset);
}

test('a commit without an answer keeps no poll waiting, and later commits stay behind it', async () => {
  await using cluster = await FakeCluster.start();
  const [partition] = cluster.makeTopic('t', 1);
  const values = Array.from({ length: RECORDS }, (_, i) => `v${i}`);
  partition?.log.append(values);
  await using consumer = testConsumer(cluster.bootstrapServers, {
    'group.id': 'g',
    'max.poll.records': '5',
  });
  consumer.assign([T0]);
  const held = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  cluster.onCommit = () => {
    arrived.resolve();
    return held.promise;
  };
  const read: (string | null)[] = [];
  const poll = async (): Promise<void> => {
    for (const columns of await consumer.poll(5000)) read.push(...valuesOf(columns));
  };
  const ended: number[] = [];
  const commit = async (offset: number): Promise<void> => {
    await consumer.commit([{ ...T0, offset }]);
    ended.push(offset);
  };
  await poll();
  const first = commit(5);
  await arrived.promise;
  await poll();
  const second = commit(10);
  await poll();
  await poll();
  assert.deepEqual(read, values, 'polls went on, each record once');
  assert.deepEqual(ended, []);
  const third = commit(20);
  let isClosed = false;
  const closing = consumer.close().finally(() => (isClosed = true));
  assert.deepEqual(committedOffsets(cluster), []);
  assert.equal(isClosed, false, 'closing waits for what was to be committed');
  held.resolve();
  await Promise.all([first, second, third, closing]);
  assert.deepEqual(committedOffsets(cluster), [5, 10, 20]);
  assert.deepEqual(ended, [5, 10, 20]);
});
