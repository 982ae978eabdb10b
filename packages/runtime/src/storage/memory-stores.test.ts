import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryConfigBackingStore } from './memory-config-backing-store.ts';
import { MemoryStatusBackingStore } from './memory-status-backing-store.ts';
import type { StoredState, StoredStatus } from './status-backing-store.ts';

function status(state: StoredState): StoredStatus {
  return { state, workerId: 'w:8083', generation: 0, trace: null, version: null };
}

test('states are kept per connector and task; what is destroyed is forgotten', () => {
  const store = new MemoryStatusBackingStore();
  store.putConnector('c', status('RUNNING'));
  store.putTask({ connector: 'c', task: 10 }, status('RUNNING'));
  store.putTask({ connector: 'c', task: 2 }, status('FAILED'));
  assert.deepEqual(
    store.tasks('c').map((each) => [each.task, each.status.state]),
    [
      [2, 'FAILED'],
      [10, 'RUNNING'],
    ],
  );
  store.putTask({ connector: 'c', task: 2 }, status('DESTROYED'));
  assert.equal(store.task({ connector: 'c', task: 2 }), null);
  store.putConnector('c', status('DESTROYED'));
  assert.deepEqual(store.connectors(), []);
});

test('the first report of a topic is kept until the topics are reset', () => {
  const store = new MemoryStatusBackingStore();
  store.putTopic('c', { topic: 't', task: 0, discoverTimestampMs: 1 });
  store.putTopic('c', { topic: 't', task: 1, discoverTimestampMs: 2 });
  assert.deepEqual(store.topics('c'), [{ topic: 't', task: 0, discoverTimestampMs: 1 }]);
  store.resetTopics('c');
  assert.deepEqual(store.topics('c'), []);
});

test('a new config keeps the target and the task configs of the old one', () => {
  const store = new MemoryConfigBackingStore();
  store.putConnectorConfig('c', { a: '1' }, 'STOPPED');
  store.putTaskConfigs('c', [{ t: '0' }]);
  store.putConnectorConfig('c', { a: '2' }, null);
  assert.deepEqual(store.connector('c'), {
    config: { a: '2' },
    target: 'STOPPED',
    taskConfigs: [{ t: '0' }],
  });
  store.putTarget('c', 'STARTED');
  store.removeTaskConfigs('c');
  assert.deepEqual(store.connector('c'), {
    config: { a: '2' },
    target: 'STARTED',
    taskConfigs: [],
  });
  store.removeConnector('c');
  store.putTarget('c', 'PAUSED');
  assert.equal(store.connector('c'), null);
});
