import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CODE } from '../errors/error-codes.ts';
import { RecordBatchBuilder } from '../batch/record-batch-builder.ts';
import { OutgoingBatch } from './outgoing-batch.ts';
import { PartitionQueue } from './partition-queue.ts';
import { sequenceAfter } from './partition-sequences.ts';
import { judge } from './produce-verdict.ts';
import { isAccepted } from './producer-state.ts';

const first = { producerId: 7, producerEpoch: 0, isTransactional: false };
const bumped = { producerId: 7, producerEpoch: 1, isTransactional: false };

function aBatch(queue: PartitionQueue, count = 3): OutgoingBatch {
  return new OutgoingBatch(queue, new RecordBatchBuilder(), 0, Array(count).fill(0));
}

function sent(queue: PartitionQueue, count = 3): OutgoingBatch {
  const batch = aBatch(queue, count);
  queue.sequences.assign(batch, first);
  batch.attempts = 1;
  return batch;
}

describe('sequences of a partition', () => {
  test('are given out one per record, without a gap', () => {
    const queue = new PartitionQueue('t', 0);
    const got = [sent(queue, 3), sent(queue, 1), sent(queue, 5)].map((b) => b.stamp.baseSequence);
    assert.deepEqual(got, [0, 3, 4]);
  });

  test('go on from 0 behind the largest one', () => {
    assert.equal(sequenceAfter(0x7fffffff, 1), 0);
    assert.equal(sequenceAfter(0x7ffffffe, 3), 1);
    assert.equal(sequenceAfter(5, 3), 8);
  });

  test('of a batch with an unknown outcome are never given out again in the same epoch', () => {
    const queue = new PartitionQueue('t', 0);
    const lost = sent(queue, 3);
    queue.sequences.failed(lost, true);
    assert.equal(queue.sequences.maySend(aBatch(queue), first), false);
    assert.equal(queue.sequences.resolve(), true, 'only a new epoch helps');
    queue.sequences.restart(bumped);
    const next = aBatch(queue);
    assert.equal(queue.sequences.maySend(next, bumped), true);
    queue.sequences.assign(next, bumped);
    assert.deepEqual([next.stamp.producerEpoch, next.stamp.baseSequence], [1, 0]);
  });

  test('are cleared up without a new epoch when the late answer says it was appended', () => {
    const queue = new PartitionQueue('t', 0);
    const late = sent(queue, 3);
    queue.sequences.failed(late, true);
    queue.sequences.acknowledged(late, 100);
    assert.equal(queue.sequences.resolve(), false);
    assert.equal(queue.sequences.maySend(aBatch(queue), first), true);
  });

  test('are given out behind the first of an epoch only when that is acknowledged', () => {
    const queue = new PartitionQueue('t', 0);
    const opening = sent(queue);
    assert.equal(queue.sequences.maySend(aBatch(queue), first), false);
    queue.sequences.acknowledged(opening, 0);
    assert.equal(queue.sequences.maySend(aBatch(queue), first), true);
    sent(queue);
    assert.equal(queue.sequences.maySend(aBatch(queue), first), true, 'then many at a time');
  });

  test('begin anew under another epoch also when an outcome of the old one is open', () => {
    const queue = new PartitionQueue('t', 0);
    queue.sequences.failed(sent(queue), true);
    assert.equal(queue.sequences.maySend(aBatch(queue), first), false);
    assert.equal(queue.sequences.maySend(aBatch(queue), bumped), true);
  });

  test('let only the oldest unfinished batch be retried', () => {
    const queue = new PartitionQueue('t', 0);
    const [a, b] = [sent(queue), sent(queue)];
    assert.equal(queue.sequences.maySend(b, first), false);
    assert.equal(queue.sequences.maySend(a, first), true);
    queue.sequences.acknowledged(a, 0);
    assert.equal(queue.sequences.maySend(b, first), true);
  });

  test('of another epoch begin only when nothing of the old one is under way', () => {
    const queue = new PartitionQueue('t', 0);
    const old = sent(queue);
    assert.equal(queue.sequences.maySend(aBatch(queue), bumped), false);
    queue.sequences.acknowledged(old, 0);
    const next = aBatch(queue);
    assert.equal(queue.sequences.maySend(next, bumped), true);
    queue.sequences.assign(next, bumped);
    assert.equal(next.stamp.baseSequence, 0);
  });

  test('of a split batch are shared out among its parts', () => {
    const queue = new PartitionQueue('t', 0);
    const [whole, behind] = [sent(queue, 5), sent(queue, 2)];
    const parts = [aBatch(queue, 2), aBatch(queue, 3)];
    queue.sequences.replace(whole, parts);
    assert.deepEqual(
      parts.map((p) => p.stamp.baseSequence),
      [0, 2],
    );
    assert.equal(behind.stamp.baseSequence, 5);
  });

  test('put back keep their order whatever the order of failing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const queue = new PartitionQueue('t', 0);
        const batches = order.map(() => sent(queue));
        for (const i of order) queue.putBack(batches.filter((_, j) => j === i));
        assert.deepEqual([...queue.batches()], batches);
      }),
    );
  });
});

describe('the verdict on an answer', () => {
  const out = CODE.OUT_OF_ORDER_SEQUENCE_NUMBER;
  const at = (code: number, logStartOffset = 0): { code: number; logStartOffset: number } => ({
    code,
    logStartOffset,
  });

  test('duplicate sequence means that an earlier attempt got through', () => {
    assert.equal(
      judge(sent(new PartitionQueue('t', 0)), at(CODE.DUPLICATE_SEQUENCE_NUMBER)),
      'duplicate',
    );
  });

  test('out of order is retried behind a batch that failed, and needs an epoch at a gap', () => {
    const queue = new PartitionQueue('t', 0);
    const [a, b] = [sent(queue), sent(queue)];
    assert.equal(judge(b, at(out)), 'retry');
    assert.equal(judge(a, at(out)), 'retry-with-new-epoch');
  });

  test('out of order after a lost answer is never guessed at: the leader is asked', () => {
    const queue = new PartitionQueue('t', 0);
    const open = sent(queue, 180);
    open.isOutcomeOpen = true;
    assert.equal(judge(open, at(out)), 'ask');
    const accepted = (lastSequence: number, producerEpoch = 0): boolean =>
      isAccepted(open.stamp, open.count, { lastSequence, producerEpoch });
    assert.deepEqual(
      [179, 180, 5000].map((last) => accepted(last)),
      [true, true, true],
    );
    assert.deepEqual(
      [-1, 0, 178].map((last) => accepted(last)),
      [false, false, false],
    );
    assert.equal(accepted(179, 1), false, 'another epoch says nothing');
  });

  test('sequences that went on from 0 are compared the right way round', () => {
    const stamp = { ...first, baseSequence: 0x7ffffffe, isTransactional: false };
    assert.equal(isAccepted(stamp, 4, { producerEpoch: 0, lastSequence: 1 }), true);
    assert.equal(isAccepted(stamp, 4, { producerEpoch: 0, lastSequence: 0 }), false);
    assert.equal(isAccepted(stamp, 4, { producerEpoch: 0, lastSequence: 0x7fffffff }), false);
  });

  test('an unknown producer needs an epoch, unless the answer tells nothing of the log', () => {
    const batch = sent(new PartitionQueue('t', 0));
    assert.equal(judge(batch, at(CODE.UNKNOWN_PRODUCER_ID, -1)), 'retry');
    assert.equal(judge(batch, at(CODE.UNKNOWN_PRODUCER_ID, 50)), 'retry-with-new-epoch');
  });

  test('a batch that is too large is split, a single record fails', () => {
    assert.equal(judge(sent(new PartitionQueue('t', 0), 2), at(CODE.MESSAGE_TOO_LARGE)), 'split');
    assert.equal(judge(sent(new PartitionQueue('t', 0), 1), at(CODE.MESSAGE_TOO_LARGE)), 'failed');
  });

  test('without a sequence only retriable errors are retried', () => {
    const plain = aBatch(new PartitionQueue('t', 0));
    assert.equal(judge(plain, at(CODE.NOT_LEADER_OR_FOLLOWER)), 'retry');
    assert.equal(judge(plain, at(out)), 'failed');
    assert.equal(judge(plain, at(CODE.TOPIC_AUTHORIZATION_FAILED)), 'failed');
  });
});
