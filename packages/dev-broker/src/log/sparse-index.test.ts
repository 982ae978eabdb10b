import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type IndexEntry, SparseIndex } from './sparse-index.ts';

/** Entries as a log makes them: offsets and positions grow, timestamps never fall. */
const entries = fc
  .array(fc.record({ offset: fc.integer({ min: 1, max: 50 }), time: fc.nat(20) }), {
    maxLength: 80,
  })
  .map((steps) => {
    const list: IndexEntry[] = [];
    for (const step of steps) {
      const last = list.at(-1);
      list.push({
        offset: (last?.offset ?? 0) + step.offset,
        position: (last?.position ?? 0) + 100,
        maxTimestampBefore: (last?.maxTimestampBefore ?? -1) + step.time,
      });
    }
    return list;
  });

function indexOf(list: readonly IndexEntry[]): SparseIndex {
  const index = new SparseIndex();
  for (const entry of list) index.add(entry);
  return index;
}

test('a look-up by offset finds the last entry at or below it', () => {
  fc.assert(
    fc.property(entries, fc.nat(4000), (list, offset) => {
      const expected = list.findLast((entry) => entry.offset <= offset) ?? null;
      assert.deepEqual(indexOf(list).floorByOffset(offset), expected);
    }),
  );
});

test('a look-up by time finds the last entry before which all is older', () => {
  fc.assert(
    fc.property(entries, fc.nat(1600), (list, timestamp) => {
      const expected = list.findLast((entry) => entry.maxTimestampBefore < timestamp) ?? null;
      assert.deepEqual(indexOf(list).floorByTimestamp(timestamp), expected);
    }),
  );
});

test('an index comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(entries, fc.nat(4000), (list, offset) => {
      const index = indexOf(list);
      const copy = SparseIndex.fromBytes(index.toBytes());
      assert.equal(copy.count, list.length);
      assert.deepEqual(copy.floorByOffset(offset), index.floorByOffset(offset));
      copy.add({ offset: 100_000, position: 100_000, maxTimestampBefore: 0 });
      assert.equal(copy.floorByOffset(200_000)?.offset, 100_000);
    }),
  );
});
