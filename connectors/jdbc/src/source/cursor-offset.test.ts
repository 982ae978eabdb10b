import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromSourceOffset, NO_OFFSET, toSourceOffset } from './cursor-offset.ts';

test('an offset reads as Java writes it', () => {
  const offset = fromSourceOffset({ timestamp: 1_600_000_000_123, timestamp_nanos: 123_456_789 });
  assert.deepEqual(offset, { incrementing: null, timestamp: 1_600_000_000_123_456_789n });
  assert.deepEqual(fromSourceOffset({ incrementing: 42 }), { incrementing: 42, timestamp: null });
});

test('an offset of the time before nanoseconds keeps its milliseconds', () => {
  assert.equal(
    fromSourceOffset({ timestamp: 1_600_000_000_123 }).timestamp,
    1_600_000_000_123_000_000n,
  );
});

test('only fields that are used are written', () => {
  assert.deepEqual(toSourceOffset(NO_OFFSET), {});
  assert.deepEqual(toSourceOffset({ incrementing: 3, timestamp: null }), { incrementing: 3 });
});

test('times before 1970 have a fraction that counts forward, as java.sql.Timestamp has', () => {
  assert.deepEqual(toSourceOffset({ incrementing: null, timestamp: -1n }), {
    timestamp: -1,
    timestamp_nanos: 999_999_999,
  });
});

test('what is written is read again, to the nanosecond', () => {
  const id = fc.oneof(fc.constant(null), fc.maxSafeInteger());
  const time = fc.oneof(fc.constant(null), fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }));
  fc.assert(
    fc.property(id, time, (incrementing, timestamp) => {
      const offset = { incrementing, timestamp };
      assert.deepEqual(fromSourceOffset(toSourceOffset(offset)), offset);
    }),
  );
});

test('a field that is no whole number is refused with what to do', () => {
  assert.throws(() => fromSourceOffset({ incrementing: 'x' }), /incrementing="x".*PATCH/);
  assert.throws(() => fromSourceOffset({ timestamp: 1.5 }), /timestamp=1\.5/);
});
