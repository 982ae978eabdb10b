import {
  BOOLEAN_SCHEMA,
  BYTES_SCHEMA,
  DATE_SCHEMA,
  Decimal,
  decimalSchema,
  FLOAT32_SCHEMA,
  Float64,
  FLOAT64_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  INT8_SCHEMA,
  newStruct,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  STRING_SCHEMA,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
  type Schema,
} from '@sluice/api';

/** A schema and values that it must carry. */
export interface SampleValues {
  readonly name: string;
  /** `null`: data without a schema. */
  readonly schema: Schema | null;
  readonly values: readonly unknown[];
}

const MAX_INT64 = 2n ** 63n - 1n;
const EPOCH = new Date(0);

const PRIMITIVES: readonly SampleValues[] = [
  sample('INT8', INT8_SCHEMA, [-128, 0, 127]),
  sample('INT16', INT16_SCHEMA, [-32_768, 0, 32_767]),
  sample('INT32', INT32_SCHEMA, [-2_147_483_648, 0, 2_147_483_647]),
  sample('INT64', INT64_SCHEMA, [0, Number.MIN_SAFE_INTEGER, MAX_INT64, -MAX_INT64 - 1n]),
  sample('FLOAT32', FLOAT32_SCHEMA, [0, 1.5, Math.fround(0.1), Math.fround(3.4e38)]),
  sample('FLOAT64', FLOAT64_SCHEMA, [0, 1, 0.1, 5e-324, 1.7e308, -2.5]),
  sample('BOOLEAN', BOOLEAN_SCHEMA, [true, false]),
  sample('STRING', STRING_SCHEMA, [
    '',
    'plain',
    'löwe "quoted" \\ \n',
    '日本',
    '🦁',
    '123',
    '\u0000',
  ]),
  sample('BYTES', BYTES_SCHEMA, [new Uint8Array([]), new Uint8Array([0, 127, 128, 255])]),
];

const LOGICAL: readonly SampleValues[] = [
  sample('Decimal', decimalSchema(2), [
    new Decimal(0n, 2),
    new Decimal(-12_345n, 2),
    new Decimal(10n ** 30n, 2),
  ]),
  sample('Date', DATE_SCHEMA, [EPOCH, new Date('2024-02-29T00:00:00Z')]),
  sample('Time', TIME_SCHEMA, [EPOCH, new Date(86_399_999)]),
  sample('Timestamp', TIMESTAMP_SCHEMA, [EPOCH, new Date('1969-07-20T20:17:40.123Z')]),
];

const POINT = SchemaBuilder.struct()
  .name('org.example.Point')
  .version(3)
  .field('x', INT32_SCHEMA)
  .field('label', OPTIONAL_STRING_SCHEMA)
  .field('__proto__', OPTIONAL_INT32_SCHEMA)
  .build();
const POINTS = [newStruct(POINT, { x: 1, label: 'a' }), newStruct(POINT, { x: -1, label: null })];

const NESTED = SchemaBuilder.struct()
  .field('point', POINT)
  .field('path', SchemaBuilder.array(POINT).build())
  .field('tags', SchemaBuilder.map(STRING_SCHEMA, INT64_SCHEMA).build())
  .field('at', TIMESTAMP_SCHEMA)
  .field('amount', decimalSchema(3))
  .build();

const COLLECTIONS: readonly SampleValues[] = [
  sample('ARRAY of STRING', SchemaBuilder.array(STRING_SCHEMA).build(), [[], ['a', '', 'b']]),
  sample('ARRAY of optional INT32', SchemaBuilder.array(OPTIONAL_INT32_SCHEMA).build(), [
    [1, null],
  ]),
  sample('MAP of STRING to INT64', SchemaBuilder.map(STRING_SCHEMA, INT64_SCHEMA).build(), [
    new Map(),
    new Map<string, unknown>([
      ['a', 1],
      ['b', MAX_INT64],
    ]),
  ]),
  sample('MAP of INT32 to STRING', SchemaBuilder.map(INT32_SCHEMA, STRING_SCHEMA).build(), [
    new Map([
      [1, 'one'],
      [-2, 'minus two'],
    ]),
  ]),
  sample('STRUCT', POINT, POINTS),
  sample('nested STRUCT', NESTED, [
    newStruct(NESTED, {
      point: POINTS[0],
      path: POINTS,
      tags: new Map([['n', 5]]),
      at: EPOCH,
      amount: new Decimal(1_005n, 3),
    }),
  ]),
];

/** Every type with a schema: the extremes of its values. */
export const SCHEMA_SAMPLES: readonly SampleValues[] = [...PRIMITIVES, ...LOGICAL, ...COLLECTIONS];

/** Data without a schema. */
export const SCHEMALESS_SAMPLES: SampleValues = {
  name: 'data without a schema',
  schema: null,
  values: [
    true,
    0,
    Number.MAX_SAFE_INTEGER,
    MAX_INT64,
    1.5,
    new Float64(1),
    'text',
    '',
    [],
    [1, 'a', null],
    {},
    { id: 1, name: 'a', tags: ['x'], inner: { big: MAX_INT64, nothing: null } },
  ],
};

/** The same schema, but null is a value. */
export function optionalOf(schema: Schema): Schema {
  const builder =
    schema.type === 'ARRAY' || schema.type === 'MAP'
      ? SchemaBuilder.inferred(schema.type, schema.keySchema, schema.valueSchema)
      : SchemaBuilder.ofType(schema.type);
  if (schema.name !== null) builder.name(schema.name);
  if (schema.version !== null) builder.version(schema.version);
  for (const [key, value] of schema.parameters ?? []) builder.parameter(key, value);
  for (const field of schema.fields) builder.field(field.name, field.schema);
  return builder.optional().build();
}

function sample(name: string, schema: Schema, values: readonly unknown[]): SampleValues {
  return { name, schema, values };
}
