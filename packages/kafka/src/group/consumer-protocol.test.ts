import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts';

const name = fc.string({
  unit: fc.constantFrom('a', 'b', '-', '.', '_'),
  minLength: 1,
  maxLength: 9,
});
const partitions = fc.uniqueArray(
  fc.record({ topic: name, partition: fc.integer({ min: 0, max: 99 }) }),
  { selector: ({ topic, partition }) => `${topic} ${partition}`, maxLength: 20 },
);
const sorted = (list: readonly { readonly topic: string; readonly partition: number }[]) =>
  list.map(({ topic, partition }) => `${topic} ${partition}`).toSorted();

describe('the consumer protocol', () => {
  test('subscriptions come back as they were', () => {
    const subscription = fc.record({
      topics: fc.uniqueArray(name, { maxLength: 5 }),
      userData: fc.option(
        fc.uint8Array({ maxLength: 9 }).map((each) => Buffer.from(each)),
        { nil: null },
      ),
      ownedPartitions: partitions,
      generationId: fc.integer({ min: -1, max: 99 }),
      rackId: fc.option(name, { nil: null }),
    });
    fc.assert(
      fc.property(subscription, (written) => {
        const read = decodeSubscription(encodeSubscription(written));
        assert.deepEqual(read.topics, written.topics.toSorted());
        assert.deepEqual(read.userData, written.userData);
        assert.deepEqual(sorted(read.ownedPartitions), sorted(written.ownedPartitions));
        assert.equal(read.generationId, written.generationId);
        assert.equal(read.rackId, written.rackId);
      }),
    );
  });

  test('assignments come back as they were, and no bytes are none', () => {
    fc.assert(
      fc.property(partitions, (written) => {
        assert.deepEqual(sorted(decodeAssignment(encodeAssignment(written))), sorted(written));
      }),
    );
    assert.deepEqual(decodeAssignment(Buffer.alloc(0)), []);
  });

  test('a version 0 subscription of an old member is read, and a newer one as far as known', () => {
    const old = Buffer.from('000000000001000174ffffffff', 'hex');
    assert.deepEqual(decodeSubscription(old), {
      topics: ['t'],
      userData: null,
      ownedPartitions: [],
      generationId: -1,
      rackId: null,
    });
    const known = encodeSubscription({ ...decodeSubscription(old), generationId: 4 });
    const newer = Buffer.concat([known, Buffer.from('later')]);
    newer.writeInt16BE(9, 0);
    assert.equal(decodeSubscription(newer).generationId, 4);
  });
});
