import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import { TopicSubscription } from './topic-subscription.ts';

const metadata = new ClusterMetadata({
  clusterId: 'c',
  controllerId: 1,
  brokers: new Map([[1, { id: 1, host: 'h', port: 1, rack: null }]]),
  topics: new Map(
    ['orders', 'orders-eu', 'my-orders', '__consumer_offsets'].map((name) => [
      name,
      { name, topicId: name, isInternal: name.startsWith('__'), partitions: [] },
    ]),
  ),
  topicErrors: new Map(),
});

describe('a subscription', () => {
  test('by names is what it says, existing or not, each once', () => {
    const subscription = new TopicSubscription(['a', 'b', 'a'], true);
    assert.deepEqual(subscription.topics(ClusterMetadata.empty), ['a', 'b']);
    assert.ok(subscription.includes('a') && !subscription.includes('c'));
  });

  test('by pattern has to match the whole name, as in Java, and knows nothing before the first metadata', () => {
    const subscription = new TopicSubscription(/orders|orders-.*/gy, true);
    assert.equal(subscription.topics(ClusterMetadata.empty), null);
    for (let times = 0; times < 3; times++) {
      assert.deepEqual(subscription.topics(metadata), ['orders', 'orders-eu']);
    }
    assert.ok(!subscription.includes('my-orders'));
  });

  test('by pattern leaves out Kafka’s own topics unless told otherwise', () => {
    assert.ok(!new TopicSubscription(/.*/, true).topics(metadata)?.includes('__consumer_offsets'));
    assert.ok(new TopicSubscription(/.*/, false).topics(metadata)?.includes('__consumer_offsets'));
  });
});
