import fc from 'fast-check';
import {
  DATE_SCHEMA,
  Decimal,
  decimalSchema,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  INT8_SCHEMA,
  BOOLEAN_SCHEMA,
  BYTES_SCHEMA,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  type Schema,
  SchemaBuilder,
  STRING_SCHEMA,
  structTypeOf,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '@sluice/api';

/** A schema and a way to make values of it. */
interface Described {
  readonly schema: Schema;
  readonly value: fc.Arbitrary<unknown>;
}

const NAMES = ['a', 'b', 'c', '__proto__', 'constructor', '0', 'é', '"', 'schema', 'payload'];
const DAY = 86_400_000;

const int64 = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));

/** JSON has no negative zero: Java does not read one back either. */
const double = fc.double().map((value) => value + 0);

const SCALARS: readonly Described[] = [
  { schema: INT8_SCHEMA, value: fc.integer({ min: -128, max: 127 }) },
  { schema: INT16_SCHEMA, value: fc.integer({ min: -32768, max: 32767 }) },
  { schema: INT32_SCHEMA, value: fc.integer() },
  { schema: INT64_SCHEMA, value: int64 },
  { schema: FLOAT32_SCHEMA, value: fc.float().map((value) => value + 0) },
  { schema: FLOAT64_SCHEMA, value: double },
  { schema: BOOLEAN_SCHEMA, value: fc.boolean() },
  { schema: STRING_SCHEMA, value: fc.string({ unit: 'binary' }) },
  { schema: BYTES_SCHEMA, value: fc.uint8Array() },
  { schema: decimalSchema(3), value: fc.bigInt().map((unscaled) => new Decimal(unscaled, 3)) },
  {
    schema: DATE_SCHEMA,
    value: fc.integer({ min: -1e6, max: 1e7 }).map((days) => new Date(days * DAY)),
  },
  { schema: TIME_SCHEMA, value: fc.nat(DAY).map((millis) => new Date(millis)) },
  { schema: TIMESTAMP_SCHEMA, value: fc.date({ noInvalidDate: true }) },
];

function arrayOf({ schema, value }: Described): Described {
  return { schema: SchemaBuilder.array(schema).build(), value: fc.array(value, { maxLength: 3 }) };
}

function mapOf({ schema, value }: Described): Described {
  const key = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...NAMES));
  const entries = fc.array(fc.tuple(key, value), { maxLength: 3 });
  return {
    schema: SchemaBuilder.map(STRING_SCHEMA, schema).build(),
    value: entries.map((pairs) => new Map(pairs)),
  };
}

function pairsOf({ schema, value }: Described): Described {
  const entries = fc.array(fc.tuple(fc.integer(), value), { maxLength: 3 });
  return {
    schema: SchemaBuilder.map(INT32_SCHEMA, schema).build(),
    value: entries.map((pairs) => new Map(pairs)),
  };
}

function structOf(fields: readonly (readonly [string, Described])[]): Described {
  let builder = SchemaBuilder.ofType('STRUCT').name('S');
  for (const [name, { schema }] of fields) builder = builder.field(name, schema) as SchemaBuilder;
  const schema = builder.build();
  const type = structTypeOf(schema);
  const members = fc.tuple(...fields.map(([, { value }]) => value));
  return { schema, value: members.map((values) => type.fromTrusted(values)) };
}

function optional({ schema, value }: Described): Described {
  const { parameters, ...rest } = schema;
  let builder = copyOf(schema).optional();
  if (parameters !== null) builder = builder.parameters(parameters);
  const made = builder.name(rest.name).version(rest.version).build();
  return { schema: made, value: fc.option(value) };
}

function copyOf(schema: Schema): SchemaBuilder {
  if (schema.type === 'ARRAY') return SchemaBuilder.inferred('ARRAY', null, schema.valueSchema);
  if (schema.type === 'MAP')
    return SchemaBuilder.inferred('MAP', schema.keySchema, schema.valueSchema);
  let builder = SchemaBuilder.ofType(schema.type);
  for (const field of schema.fields)
    builder = builder.field(field.name, field.schema) as SchemaBuilder;
  return builder;
}

const { described } = fc.letrec<{ described: Described }>((tie) => {
  const inner = tie('described');
  const fields = fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), inner), {
    maxLength: 4,
    selector: ([name]) => name,
  });
  return {
    described: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...SCALARS),
      fc.constantFrom(...SCALARS).map(optional),
      inner.map(arrayOf),
      inner.map(mapOf),
      inner.map(pairsOf),
      fields.map(structOf),
      fields.map(structOf).map(optional),
    ),
  };
});

/** Any schema with a value of it, hostile names included. */
export const anySchemaAndValue: fc.Arbitrary<{ readonly schema: Schema; readonly value: unknown }> =
  described.chain(({ schema, value }) => value.map((each) => ({ schema, value: each })));
