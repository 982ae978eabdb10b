import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { flattenValue } from './flatten.ts';

/** More maps of one shape than it takes to have code made for it. */
const MANY = 501;

const names = fc.constantFrom('a', 'b', 'a.b', '__proto__', 'constructor', '0', '1');
const { map: nestedMap } = fc.letrec<{ map: object; member: unknown }>((tie) => ({
  map: fc.dictionary(names, tie('member'), { maxKeys: 4, noNullPrototype: true }),
  member: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, 5, 'x', true),
    fc.array(fc.integer(), { maxLength: 2 }),
    tie('map'),
  ),
}));

test('maps become the same flat maps by the code made for their shape as without it', () => {
  fc.assert(
    fc.property(nestedMap, fc.array(nestedMap, { maxLength: 5 }), (usual, others) => {
      const flatten = configured(flattenValue, {});
      for (let i = 0; i < MANY; i++) flatten.apply(aRecord(null, usual));
      for (const map of [usual, ...others, usual]) {
        const fresh = configured(flattenValue, {});
        const expected = fresh.apply(aRecord(null, map))?.value;
        assert.deepEqual(flatten.apply(aRecord(null, map))?.value, expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('a member that turns into a map, or into something unknown, is seen', () => {
  const flatten = configured(flattenValue, { delimiter: '_' });
  for (let i = 0; i < MANY; i++) flatten.apply(aRecord(null, { a: { b: i }, c: i }));
  const usual = flatten.apply(aRecord(null, { a: { b: [1] }, c: null }));
  assert.deepEqual(usual?.value, { a_b: [1], c: null });
  const nested = flatten.apply(aRecord(null, { a: { b: { d: 1 } }, c: { e: 2 } }));
  assert.deepEqual(nested?.value, { a_b_d: 1, c_e: 2 });
  assert.throws(() => flatten.apply(aRecord(null, { a: { b: new Date(0) }, c: 1 })), DataError);
  assert.deepEqual(flatten.apply(aRecord(null, { a: { b: 1 }, c: 2 }))?.value, { a_b: 1, c: 2 });
});
