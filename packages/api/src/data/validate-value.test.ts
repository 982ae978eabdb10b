import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Float32, Float64 } from './boxed-float.ts';
import { Decimal } from './decimal.ts';
import { decimalSchema } from './decimal-schema.ts';
import type { Schema } from './schema.ts';
import { SchemaBuilder } from './schema-builder.ts';
import * as s from './schema-constants.ts';
import { DATE_SCHEMA, TIMESTAMP_SCHEMA } from './temporal-schemas.ts';
import { isPlainObject, validateValue } from './validate-value.ts';

const VALID: readonly (readonly [Schema, unknown])[] = [
  [s.INT8_SCHEMA, -128],
  [s.INT16_SCHEMA, 32767],
  [s.INT32_SCHEMA, -(2 ** 31)],
  [s.INT64_SCHEMA, 2n ** 62n],
  [s.FLOAT32_SCHEMA, 0.1],
  [s.FLOAT32_SCHEMA, new Float32(1)],
  [s.FLOAT64_SCHEMA, Number.NaN],
  [s.FLOAT64_SCHEMA, new Float64(1)],
  [s.BOOLEAN_SCHEMA, false],
  [s.STRING_SCHEMA, ''],
  [s.BYTES_SCHEMA, Buffer.from('x')],
  [decimalSchema(2), new Decimal(1n, 3)],
  [DATE_SCHEMA, new Date(5)],
  [s.OPTIONAL_INT8_SCHEMA, null],
  [SchemaBuilder.array(s.OPTIONAL_INT8_SCHEMA).build(), [1, null]],
  [SchemaBuilder.map(s.STRING_SCHEMA, s.INT8_SCHEMA).build(), new Map([['a', 1]])],
  [SchemaBuilder.ofType('STRUCT').build(), Object.create(null)],
];

test('values of the kind that the schema says are accepted', () => {
  for (const [schema, value] of VALID) validateValue(schema, value);
});

const INVALID: readonly (readonly [Schema, unknown, string])[] = [
  [s.INT8_SCHEMA, 128, 'class java.lang.Integer for value'],
  [s.INT16_SCHEMA, 1.5, 'class java.lang.Double for value'],
  [s.INT32_SCHEMA, 2 ** 31, 'class java.lang.Long for value'],
  [s.INT32_SCHEMA, 5n, 'class java.lang.Long for value'],
  [s.INT64_SCHEMA, 2n ** 63n, 'class java.lang.Long for value'],
  [s.FLOAT64_SCHEMA, 5n, 'class java.lang.Long for value'],
  [s.STRING_SCHEMA, 5, 'class java.lang.Integer for value'],
  [s.BYTES_SCHEMA, 'x', 'class java.lang.String for value'],
  [TIMESTAMP_SCHEMA, 5, 'class java.lang.Integer for value'],
  [
    SchemaBuilder.map(s.STRING_SCHEMA, s.INT8_SCHEMA).build(),
    {},
    'class java.util.LinkedHashMap for value',
  ],
  [SchemaBuilder.ofType('STRUCT').build(), new Map(), 'class java.util.LinkedHashMap for value'],
  [SchemaBuilder.ofType('STRUCT').build(), [], 'class java.util.ArrayList for value'],
  [
    SchemaBuilder.array(s.INT8_SCHEMA).build(),
    [1, 'x'],
    'class java.lang.String for element of array value',
  ],
  [
    SchemaBuilder.map(s.STRING_SCHEMA, s.INT8_SCHEMA).build(),
    new Map<unknown, unknown>([[1, 1]]),
    'class java.lang.Integer for key of map value',
  ],
  [
    SchemaBuilder.map(s.STRING_SCHEMA, s.INT8_SCHEMA).build(),
    new Map([['a', 'b']]),
    'class java.lang.String for value of map value',
  ],
];

test('other values are refused, with where they stand', () => {
  for (const [schema, value, text] of INVALID) {
    assert.throws(
      () => validateValue(schema, value),
      (error: Error) => error.name === 'DataError' && error.message.endsWith(text),
      `${String(schema)} ${String(value)}`,
    );
  }
});

test('the name of a schema stands in the text', () => {
  assert.throws(() => validateValue(TIMESTAMP_SCHEMA, 'x', 'f'), {
    message:
      'Invalid Java object for schema "org.apache.kafka.connect.data.Timestamp" with type INT64:' +
      ' class java.lang.String for field: "f"',
  });
});

test('an element schema that is missing is an error', () => {
  const schema = SchemaBuilder.inferred('ARRAY', null, null).build();
  assert.throws(() => validateValue(schema, [1]), {
    message: 'No schema defined for element of array value',
  });
});

test("objects of an author's own class are plain, those with a meaning are not", () => {
  class Row {
    readonly a = 1;
  }
  assert.ok(isPlainObject(new Row()));
  assert.ok(isPlainObject(Object.create(null)));
  for (const value of [[], new Map(), new Date(), new Uint8Array(), new Decimal(1n, 0), null]) {
    assert.ok(!isPlainObject(value));
  }
});
