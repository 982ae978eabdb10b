import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criteriaOf, type CriteriaSyntax, type CursorColumns } from './criteria.ts';

const SYNTAX: CriteriaSyntax = {
  column: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: (position) => `$${position}`,
  timestampCell: (nanos) => `t${nanos}`,
};
const AT = { incrementing: 7, timestamp: 5n };

function criteria(columns: Partial<CursorColumns>, from = AT): readonly unknown[] {
  const { sql, binds } = criteriaOf(
    { incrementing: null, timestamps: [], ...columns },
    from,
    9n,
    SYNTAX,
  );
  return [sql, ...binds];
}

test('bulk mode asks for all', () => {
  assert.deepEqual(criteria({}), ['']);
});

test('an incrementing column asks for what is above, and without an offset for 0 and up', () => {
  const sql = ' WHERE "id" > $1 ORDER BY "id" ASC';
  assert.deepEqual(criteria({ incrementing: 'id' }), [sql, 7n]);
  const { binds } = criteriaOf(
    { incrementing: 'id', timestamps: [] },
    { incrementing: null, timestamp: null },
    0n,
    SYNTAX,
  );
  assert.deepEqual(binds, [-1n]);
});

test('timestamps ask for what lies between, the first that is not null counting', () => {
  assert.deepEqual(criteria({ timestamps: ['a'] }), [
    ' WHERE "a" > $1 AND "a" < $2 ORDER BY "a" ASC',
    't5',
    't9',
  ]);
  assert.deepEqual(criteria({ timestamps: ['a', 'b'] }), [
    ' WHERE COALESCE("a","b") > $1 AND COALESCE("a","b") < $2 ORDER BY COALESCE("a","b") ASC',
    't5',
    't9',
  ]);
});

test('both: later times, or the same time and a higher id', () => {
  assert.deepEqual(criteria({ incrementing: 'id', timestamps: ['a'] }), [
    ' WHERE "a" < $1 AND (("a" = $2 AND "id" > $3) OR "a" > $4) ORDER BY "a","id" ASC',
    't9',
    't5',
    7n,
    't5',
  ]);
});

test('a name can be nothing but a name', () => {
  assert.deepEqual(
    criteria({ incrementing: 'id" = 1; DROP TABLE t; --' })[0],
    [' WHERE "id"" = 1; DROP TABLE t; --" > $1 ORDER BY "id"" = 1; DROP TABLE t; --" ASC'].join(''),
  );
});
