import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCrc, readBatchHeader as readWholeBatch } from '@sluice/kafka/batch';
import fc from 'fast-check';
import { A_MOMENT, aBatch } from '../../test/a-batch.ts';
import {
  hasLogAppendTime,
  isControlBatch,
  isTransactional,
  placeBatch,
  readBatchHeader,
  stampLogAppendTime,
} from './batch-header.ts';

test('the header tells what the producer put in', () => {
  const batch = aBatch({
    values: ['a', 'b', 'c'],
    producerId: 77,
    producerEpoch: 2,
    baseSequence: 9,
  });
  assert.deepEqual(readBatchHeader(batch, 0), {
    baseOffset: 0,
    sizeInBytes: batch.length,
    leaderEpoch: -1,
    attributes: 0,
    lastOffset: 2,
    baseTimestamp: A_MOMENT,
    maxTimestamp: A_MOMENT,
    producerId: 77,
    producerEpoch: 2,
    baseSequence: 9,
    recordCount: 3,
  });
});

test('a batch that got its place still fits its checksum', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 50), fc.nat(1000), (offset, epoch) => {
      const batch = aBatch({ values: ['a', 'b'] });
      placeBatch(batch, offset, epoch);
      const header = readBatchHeader(batch, 0);
      assert.equal(header.baseOffset, offset);
      assert.equal(header.lastOffset, offset + 1);
      assert.equal(header.leaderEpoch, epoch);
      const whole = readWholeBatch(batch);
      assert.ok(whole !== null);
      checkCrc(batch, whole);
      assert.equal(whole.baseOffset, offset);
    }),
  );
});

test('a batch stamped with the time of appending carries a new checksum that fits', () => {
  const batch = aBatch();
  stampLogAppendTime(batch, A_MOMENT + 5);
  const header = readBatchHeader(batch, 0);
  assert.equal(header.maxTimestamp, A_MOMENT + 5);
  assert.equal(hasLogAppendTime(header), true);
  assert.equal(isTransactional(header), false);
  assert.equal(isControlBatch(header), false);
  const whole = readWholeBatch(batch);
  assert.ok(whole !== null);
  checkCrc(batch, whole);
});
