import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INT32_SCHEMA, SchemaBuilder, type Schema } from '@sluice/api';
import { SchemaCache } from './schema-cache.ts';

function schemaNamed(name: string): Schema {
  return SchemaBuilder.struct().name(name).field('a', INT32_SCHEMA).build();
}

test('what was worked out for a schema is found for the same and for an equal one', () => {
  let made = 0;
  const cache = new SchemaCache((schema) => ({ name: schema.name, number: ++made }));
  const first = schemaNamed('x');
  assert.equal(cache.get(first).number, 1);
  assert.equal(cache.get(first).number, 1);
  assert.equal(cache.get(schemaNamed('x')).number, 1);
  assert.equal(cache.get(schemaNamed('y')).number, 2);
  assert.equal(cache.get(first).number, 1);
});

test('equal schemas are remembered up to a bound, the same schema always', () => {
  let made = 0;
  const cache = new SchemaCache((schema) => ({ name: schema.name, number: ++made }));
  const first = schemaNamed('first');
  cache.get(first);
  for (let i = 0; i < 100; i++) cache.get(schemaNamed(`other${i}`));
  assert.equal(cache.get(first).number, 1);
  assert.equal(cache.get(schemaNamed('first')).number, 102);
});

test('a failure is not remembered', () => {
  let isBroken = true;
  const cache = new SchemaCache(() => {
    if (isBroken) throw new Error('not yet');
    return {};
  });
  assert.throws(() => cache.get(INT32_SCHEMA), /not yet/);
  isBroken = false;
  assert.ok(cache.get(INT32_SCHEMA));
});
