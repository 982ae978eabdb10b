import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaBuilderError } from '../errors/schema-builder-error.ts';
import { SchemaBuilder } from './schema-builder.ts';
import {
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from './schema-constants.ts';
import { schemaEquals } from './schema-equals.ts';
import { newStruct } from './struct.ts';
import type { Int64, ValueOf } from './typed-schema.ts';

test('a schema knows the type of its values', () => {
  const schema = SchemaBuilder.struct()
    .field('id', INT64_SCHEMA)
    .field('tags', SchemaBuilder.array(STRING_SCHEMA).build())
    .field('note', OPTIONAL_STRING_SCHEMA)
    .build();
  // Does not compile when the inferred type is another one.
  const order: {
    readonly id: Int64;
    readonly tags: readonly string[];
    readonly note: string | null;
  } = newStruct(schema, { id: 1, tags: ['a'] });
  const same: ValueOf<typeof schema> = order;
  assert.deepEqual(same, { id: 1, tags: ['a'], note: null });
});

test('optional, default, name, version and doc can be set once, or again to the same', () => {
  const twice = /^SchemaBuilderError: Invalid SchemaBuilder call: (.*) has already been set\.$/;
  assert.throws(() => SchemaBuilder.int8().optional().required(), twice);
  assert.throws(() => SchemaBuilder.int8().name('a').name('b'), twice);
  assert.throws(() => SchemaBuilder.int8().version(1).version(2), twice);
  assert.throws(() => SchemaBuilder.int8().doc('a').doc('b'), twice);
  assert.throws(() => SchemaBuilder.int8().defaultValue(1).defaultValue(2), twice);
  SchemaBuilder.int8().name('a').name('a').version(1).version(1).optional().optional();
});

test('a default has to fit what the builder holds when it is set', () => {
  const invalid = { name: 'SchemaBuilderError', message: 'Invalid default value' };
  assert.throws(() => SchemaBuilder.int8().defaultValue(300), invalid);
  assert.throws(() => SchemaBuilder.ofType('INT8').defaultValue(null), invalid);
  assert.equal(
    SchemaBuilder.ofType('INT8').optional().defaultValue(null).build().defaultValue,
    undefined,
  );
});

test('fields go into structs only, have names and schemas, and do not repeat', () => {
  assert.throws(() => SchemaBuilder.ofType('INT8').field('a', INT32_SCHEMA), {
    message: 'Cannot create fields on type INT8',
  });
  assert.throws(() => SchemaBuilder.struct().field('', INT32_SCHEMA), {
    message: 'fieldName cannot be null.',
  });
  assert.throws(() => SchemaBuilder.struct().field('a', null as never), {
    message: 'fieldSchema for field a cannot be null.',
  });
  assert.throws(() => SchemaBuilder.struct().field('a', INT32_SCHEMA).field('a', INT32_SCHEMA), {
    message: 'Cannot create field because of field name duplication a',
  });
});

test('arrays and maps need the schemas of what they hold', () => {
  assert.throws(() => SchemaBuilder.array(null as never), SchemaBuilderError);
  assert.throws(() => SchemaBuilder.map(null as never, INT32_SCHEMA), {
    message: 'keySchema cannot be null.',
  });
  assert.throws(() => SchemaBuilder.map(STRING_SCHEMA, null as never), {
    message: 'valueSchema cannot be null.',
  });
});

test('parameters keep their order, overwrite, and are null when there are none', () => {
  const schema = SchemaBuilder.int8()
    .parameter('b', '1')
    .parameter('a', '2')
    .parameter('b', '3')
    .build();
  assert.deepEqual(
    [...(schema.parameters ?? [])],
    [
      ['b', '3'],
      ['a', '2'],
    ],
  );
  assert.equal(SchemaBuilder.int8().parameters([]).build().parameters, null);
});

test('a built schema does not change with its builder', () => {
  const builder = SchemaBuilder.struct().field('a', INT32_SCHEMA).parameter('p', '1');
  const before = builder.build();
  const after = builder.field('b', INT32_SCHEMA).parameter('p', '2').build();
  assert.equal(before.fields.length, 1);
  assert.equal(before.parameters?.get('p'), '1');
  assert.equal(after.fields.length, 2);
});

test('schemas are equal by content: parameters in any order, fields in theirs', () => {
  const builder = (): SchemaBuilder<Uint8Array> => SchemaBuilder.bytes().name('n').version(1);
  const one = builder()
    .parameter('a', '1')
    .parameter('b', '2')
    .defaultValue(Uint8Array.of(1))
    .build();
  const two = builder()
    .parameter('b', '2')
    .parameter('a', '1')
    .defaultValue(Uint8Array.of(1))
    .build();
  const other = builder()
    .parameter('a', '1')
    .parameter('b', '2')
    .defaultValue(Uint8Array.of(2))
    .build();
  assert.ok(schemaEquals(one, two));
  assert.ok(!schemaEquals(one, other));
  const ab = SchemaBuilder.struct().field('a', INT32_SCHEMA).field('b', INT32_SCHEMA).build();
  const ba = SchemaBuilder.struct().field('b', INT32_SCHEMA).field('a', INT32_SCHEMA).build();
  assert.ok(!schemaEquals(ab, ba));
  assert.ok(schemaEquals(null, null));
  assert.ok(!schemaEquals(ab, null));
});

test('a schema prints as Java prints it', () => {
  assert.equal(String(SchemaBuilder.int8().build()), 'Schema{INT8}');
  assert.equal(String(SchemaBuilder.struct().name('a.B').build()), 'Schema{a.B:STRUCT}');
});
