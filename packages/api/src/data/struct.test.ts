import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../errors/data-error.ts';
import { javaText } from '../text/java-text.ts';
import { SchemaBuilder } from './schema-builder.ts';
import {
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from './schema-constants.ts';
import { assembledFactory, generatedFactory } from './struct-factory.ts';
import { assembledMaker } from './struct-type.ts';
import { getOwn, newStruct, setOwn, structGet, structTypeOf } from './struct.ts';

const HOSTILE = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  '__defineGetter__',
  '"]:0,evil(),["',
  '\u2028',
  '\\',
  "'",
  '`${x}`',
  '0',
  'é',
  ' ',
];

test('a struct has exactly the fields of its schema, in their order', () => {
  const schema = SchemaBuilder.struct()
    .field('b', INT32_SCHEMA)
    .field('a', OPTIONAL_STRING_SCHEMA)
    .field('d', SchemaBuilder.int32().defaultValue(7).build())
    .build();
  const struct = newStruct(schema, { b: 1 });
  assert.deepEqual(struct, { b: 1, a: null, d: 7 });
  assert.deepEqual(Object.keys(struct), ['b', 'a', 'd']);
});

test('names that mean something to JavaScript are fields like any other', () => {
  let builder = SchemaBuilder.ofType('STRUCT');
  for (const name of HOSTILE) builder = builder.field(name, STRING_SCHEMA) as SchemaBuilder;
  const schema = builder.build();
  const values = {};
  for (const name of HOSTILE) setOwn(values, name, `value of ${name}`);
  const struct = newStruct(schema, values as Record<string, unknown>);
  assert.ok(typeof struct === 'object' && struct !== null);
  assert.equal(Object.getPrototypeOf(struct), Object.prototype);
  for (const name of HOSTILE) {
    assert.equal(getOwn(struct, name), `value of ${name}`);
    assert.equal(structGet(schema, struct, name), `value of ${name}`);
  }
  assert.equal(getOwn({}, '__proto__'), undefined);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('a missing field never shows something of the prototype', () => {
  const schema = SchemaBuilder.struct().field('constructor', OPTIONAL_STRING_SCHEMA).build();
  assert.equal(structGet(schema, {}, 'constructor'), null);
  assert.deepEqual(newStruct(schema, {}), { constructor: null });
});

test('generated and assembled makers make equal structs of any names', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom(...HOSTILE))), (names) => {
      const values = names.map((_, index) => index);
      const generated = generatedFactory(names)?.(values);
      assert.deepEqual(generated, assembledFactory(names)(values));
      for (const [index, name] of names.entries())
        assert.equal(getOwn(generated ?? {}, name), index);
    }),
  );
});

test("wrong values and unknown names are refused with Java's texts", () => {
  const schema = SchemaBuilder.struct().name('Order').field('id', INT64_SCHEMA).build();
  assert.throws(() => newStruct(schema, { id: 1, nme: 2 } as never), {
    name: 'DataError',
    message: 'nme is not a valid field name',
  });
  assert.throws(() => newStruct(schema, { id: 'x' } as never), {
    message:
      'Invalid Java object for schema with type INT64: class java.lang.String for field: "id"',
  });
  assert.throws(() => newStruct(schema, {}), {
    message: 'Invalid value: null used for required field: "id", schema type: INT64',
  });
  assert.throws(() => newStruct(schema, { id: 2 ** 53 }), DataError);
  assert.throws(() => structGet(schema, {}, 'x'), { message: 'x is not a valid field name' });
  assert.throws(() => structTypeOf(INT32_SCHEMA), DataError);
});

test('null where a default stands in: refused for required fields, read as the default else', () => {
  const required = SchemaBuilder.struct()
    .field('a', SchemaBuilder.int32().defaultValue(7).build())
    .build();
  assert.throws(() => newStruct(required, { a: null } as never), DataError);
  const optional = SchemaBuilder.struct()
    .field('a', SchemaBuilder.int32().optional().defaultValue(7).build())
    .build();
  const struct = newStruct(optional, {});
  assert.equal(struct.a, null);
  assert.equal(structGet(optional, struct, 'a'), 7);
});

test('a 64-bit integer is kept in its canonical form', () => {
  const schema = SchemaBuilder.struct().field('a', INT64_SCHEMA).build();
  assert.equal(newStruct(schema, { a: 5n }).a, 5);
  assert.equal(newStruct(schema, { a: 2n ** 63n - 1n }).a, 9223372036854775807n);
  assert.throws(() => newStruct(schema, { a: 2n ** 63n }), DataError);
});

test('a struct prints as Java prints it, without its nulls', () => {
  const inner = SchemaBuilder.struct().field('f', SchemaBuilder.float32().build()).build();
  const schema = SchemaBuilder.struct()
    .field('a', INT32_SCHEMA)
    .field('b', OPTIONAL_STRING_SCHEMA)
    .field('c', inner)
    .field('m', SchemaBuilder.map(STRING_SCHEMA, SchemaBuilder.float64().build()).build())
    .build();
  const struct = newStruct(schema, { a: 1, c: { f: 0.1 }, m: new Map([['k', 1]]) });
  assert.equal(javaText(struct, schema), 'Struct{a=1,c=Struct{f=0.1},m={k=1.0}}');
});

test('checked structs are the same, by generated code and by the loop', () => {
  const types = ['INT32', 'INT64', 'FLOAT64', 'FLOAT32', 'STRING', 'BOOLEAN', 'BYTES'] as const;
  const field = fc.record({
    name: fc.constantFrom('a', 'b', ...HOSTILE),
    type: fc.constantFrom(...types),
    isOptional: fc.boolean(),
  });
  const value = fc.oneof(
    fc.constantFrom(null, undefined, -0, 0, 2 ** 31, 2 ** 53, 5n, 2n ** 60n, true, 'x', []),
    fc.double(),
    fc.integer(),
  );
  const fields = fc.uniqueArray(field, { maxLength: 6, selector: ({ name }) => name });
  fc.assert(
    fc.property(fields, fc.array(value, { minLength: 6, maxLength: 6 }), (specs, given) => {
      let builder = SchemaBuilder.ofType('STRUCT');
      for (const { name, type, isOptional } of specs) {
        const member = SchemaBuilder.ofType(type);
        if (isOptional) member.optional();
        builder = builder.field(name, member.build()) as SchemaBuilder;
      }
      const schema = builder.build();
      const values: Record<string, unknown> = {};
      for (const [i, { name }] of specs.entries()) setOwn(values, name, given[i]);
      const outcome = (make: () => unknown): unknown => {
        try {
          return make();
        } catch (error) {
          return String(error);
        }
      };
      const names = schema.fields.map(({ name }) => name);
      const loop = assembledMaker(schema.fields, assembledFactory(names));
      assert.deepEqual(
        outcome(() => newStruct(schema, values)),
        outcome(() => loop(values)),
      );
    }),
    { numRuns: 1000 },
  );
});

test('an unknown name is refused, however many names there are', () => {
  const schema = SchemaBuilder.struct()
    .field('a', INT32_SCHEMA)
    .field('b', OPTIONAL_STRING_SCHEMA)
    .build();
  const other: Record<string, unknown> = { a: 1, c: 'x' };
  assert.throws(() => newStruct(schema, other), { message: 'c is not a valid field name' });
});

test('an integer has no negative zero', () => {
  const schema = SchemaBuilder.struct().field('a', INT32_SCHEMA).field('b', INT64_SCHEMA).build();
  const { a, b } = newStruct(schema, { a: -0, b: -0 });
  assert.deepEqual([a, b], [0, 0]);
});
