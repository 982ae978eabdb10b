import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaderEpochs } from './leader-epochs.ts';

test('an epoch ends where the next one begins', () => {
  const epochs = new LeaderEpochs([
    { epoch: 1, startOffset: 0 },
    { epoch: 3, startOffset: 10 },
  ]);
  assert.deepEqual(epochs.endOf(0, 20), { epoch: 0, endOffset: 0 });
  assert.deepEqual(epochs.endOf(1, 20), { epoch: 1, endOffset: 10 });
  assert.deepEqual(epochs.endOf(2, 20), { epoch: 1, endOffset: 10 });
  assert.deepEqual(epochs.endOf(3, 20), { epoch: 3, endOffset: 20 });
  assert.deepEqual(epochs.endOf(4, 20), { epoch: -1, endOffset: -1 });
});

test('an epoch in which nothing was written leaves no trace once the next begins', () => {
  const epochs = new LeaderEpochs();
  epochs.note(0, 0);
  epochs.note(1, 5);
  epochs.note(2, 5);
  epochs.note(2, 9);
  assert.deepEqual(epochs.starts, [
    { epoch: 0, startOffset: 0 },
    { epoch: 2, startOffset: 5 },
  ]);
  assert.deepEqual([epochs.epochAt(4), epochs.epochAt(5)], [0, 2]);
});
