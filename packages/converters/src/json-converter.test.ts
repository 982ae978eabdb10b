import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ConfigError,
  DataError,
  Decimal,
  decimalSchema,
  float64,
  getOwn,
  INT32_SCHEMA,
  INT64_SCHEMA,
  newStruct,
  OPTIONAL_STRING_SCHEMA,
  type Schema,
  SchemaBuilder,
  schemaEquals,
  STRING_SCHEMA,
  TIMESTAMP_SCHEMA,
  valueEquals,
} from '@sluice/api';
import { anySchemaAndValue } from '../test/any-schema-and-value.ts';
import { JsonConverter } from './json-converter.ts';

function converterOf(config: Readonly<Record<string, string>> = {}): JsonConverter {
  const converter = new JsonConverter();
  converter.configure(config, false);
  return converter;
}

function written(converter: JsonConverter, schema: Schema | null, value: unknown): string {
  return Buffer.from(converter.fromConnectData('t', schema, value) ?? 'tombstone').toString();
}

function read(converter: JsonConverter, text: string): ReturnType<JsonConverter['toConnectData']> {
  return converter.toConnectData('t', Buffer.from(text));
}

const PLAIN = { 'schemas.enable': 'false' };

test('a tombstone is no bytes, a null of an optional schema is JSON null', () => {
  assert.equal(converterOf().fromConnectData('t', null, null), null);
  assert.equal(written(converterOf(PLAIN), OPTIONAL_STRING_SCHEMA, null), 'null');
  assert.deepEqual(converterOf().toConnectData('t', null), { schema: null, value: null });
});

test('any value of any schema survives a round trip in its envelope', () => {
  const converter = converterOf();
  fc.assert(
    fc.property(anySchemaAndValue, ({ schema, value }) => {
      const bytes = converter.fromConnectData('t', schema, value);
      const back = converter.toConnectData('t', bytes);
      assert.ok(schemaEquals(back.schema, schema), String(bytes));
      assert.ok(valueEquals(back.value, value), String(bytes));
      // Read again, now with the schema known by its bytes.
      assert.ok(valueEquals(converter.toConnectData('t', bytes).value, value));
    }),
    { numRuns: 1000 },
  );
});

test('decimals survive as numbers too, with their own scale', () => {
  const converter = converterOf({ 'decimal.format': 'numeric' });
  fc.assert(
    fc.property(fc.bigInt(), fc.integer({ min: -20, max: 60 }), (unscaled, scale) => {
      const schema = decimalSchema(scale);
      const bytes = converter.fromConnectData('t', schema, new Decimal(unscaled, scale));
      assert.ok(
        valueEquals(converter.toConnectData('t', bytes).value, new Decimal(unscaled, scale)),
      );
    }),
  );
});

test('an envelope is the same in any spelling', () => {
  const converter = converterOf();
  for (const text of [
    '{"schema":{"type":"int64","optional":false},"payload":5}',
    ' {"payload" : 5, "schema": { "optional":false, "type":"int64" } }\n',
    '\ufeff{"sch\\u0065ma":{"type":"int64"},"payload":5}',
  ]) {
    const { schema, value } = read(converter, text);
    assert.ok(schemaEquals(schema, INT64_SCHEMA));
    assert.equal(value, 5);
  }
});

test('a message that only begins like the last one is read for what it is', () => {
  const converter = converterOf();
  const head = '{"schema":{"type":"int64","optional":false},"payload":';
  assert.equal(read(converter, `${head}1}`).value, 1);
  assert.throws(() => read(converter, `${head}1,"more":2}`), DataError);
  assert.throws(() => read(converter, `${head}1}}`), DataError);
  assert.throws(() => read(converter, `${head}}`), DataError);
  assert.throws(() => read(converter, head), DataError);
  assert.equal(read(converter, `${head}9223372036854775807}`).value, 9223372036854775807n);
  assert.equal(read(converter, '{"schema":{"type":"string"},"payload":"}"}').value, '}');
});

test('a cached schema does not keep the message that it came with', () => {
  const converter = converterOf();
  const bytes = converter.fromConnectData('t', STRING_SCHEMA, 'x');
  assert.ok(bytes !== null);
  assert.equal(converter.toConnectData('t', bytes).value, 'x');
  const copy = Buffer.from(bytes);
  bytes.fill(0);
  assert.equal(converter.toConnectData('t', copy).value, 'x');
});

test('more schemas than the cache holds are read and written all the same', () => {
  const converter = converterOf({ 'schemas.cache.size': '2' });
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 10; i++) {
      const schema = SchemaBuilder.struct().name(`s${i}`).field('a', INT32_SCHEMA).build();
      const bytes = converter.fromConnectData('t', schema, newStruct(schema, { a: i }));
      assert.equal(converter.toConnectData('t', bytes).schema?.name, `s${i}`);
    }
  }
});

test('names that mean something to JavaScript are fields and members like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', '1', '0', '"', '\u2028'];
  let builder = SchemaBuilder.ofType('STRUCT');
  for (const name of names) builder = builder.field(name, STRING_SCHEMA) as SchemaBuilder;
  const schema = builder.build();
  const struct = newStruct(
    schema,
    JSON.parse(JSON.stringify(names.map((n) => [n, n])), (_k, v) => v).reduce(
      (all: object, [k, v]: [string, string]) =>
        Object.defineProperty(all, k, {
          value: v,
          enumerable: true,
          configurable: true,
          writable: true,
        }),
      {},
    ),
  );
  const text = written(converterOf(PLAIN), schema, struct);
  assert.equal(
    text,
    '{"__proto__":"__proto__","constructor":"constructor","toString":"toString","1":"1","0":"0","\\"":"\\"","\u2028":"\u2028"}',
  );
  const back = converterOf().toConnectData('t', converterOf().fromConnectData('t', schema, struct));
  assert.ok(valueEquals(back.value, struct));
  const plain = read(converterOf(PLAIN), text).value;
  assert.ok(typeof plain === 'object' && plain !== null);
  for (const name of names) assert.equal(getOwn(plain, name), name);
  assert.equal(Reflect.get({}, '__proto__'), Object.prototype);
});

test('a struct with something that is no field is refused, not cut short', () => {
  const schema = SchemaBuilder.struct().field('a', INT32_SCHEMA).build();
  for (const config of [{}, PLAIN]) {
    assert.throws(() => written(converterOf(config), schema, { a: 1, b: 2 }), {
      message: 'b is not a valid field name',
    });
  }
});

test("wrong values have Java's texts", () => {
  const converter = converterOf(PLAIN);
  const cases: readonly (readonly [Schema, unknown, string])[] = [
    [INT32_SCHEMA, 'x', 'Invalid type for INT32: class java.lang.String'],
    [INT32_SCHEMA, 1.5, 'Invalid type for INT32: class java.lang.Double'],
    [STRING_SCHEMA, 5, 'Invalid type for STRING: class java.lang.Integer'],
    [
      TIMESTAMP_SCHEMA,
      5,
      'Invalid type for Timestamp, expected Date but was class java.lang.Integer',
    ],
    [
      decimalSchema(2),
      5,
      'Invalid type for Decimal, expected BigDecimal but was class java.lang.Integer',
    ],
    [
      INT32_SCHEMA,
      null,
      'Conversion error: null value for field that is required and has no default value',
    ],
  ];
  for (const [schema, value, message] of cases) {
    assert.throws(() => written(converter, schema, value), { name: 'DataError', message });
  }
});

test('integers survive exactly, with and without a schema', () => {
  const converter = converterOf(PLAIN);
  for (const text of [
    '9007199254740993',
    '-9223372036854775808',
    '123456789012345678901234567890',
  ]) {
    assert.equal(
      written(converter, null, read(converter, `{"a":[${text}]}`).value),
      `{"a":[${text}]}`,
    );
  }
  assert.equal(
    written(converter, null, read(converter, '[1.0,1,1e3,-0.0]').value),
    '[1.0,1,1000.0,0.0]',
  );
});

test('hostile bytes are an error, whatever they are', () => {
  const nested = '['.repeat(100_000);
  const hostile = [
    '',
    '{',
    '\u0000',
    '"\ud83d',
    nested,
    `{"schema":${nested}`,
    '{"schema":{"a":"\\',
    `{"schema":{"type":"array","items":${'{"type":"array","items":'.repeat(2000)}`,
    '{"schema":{"type":"int32"},"payload":"\u0001"}',
    '{"schema":{"type":"bytes"},"payload":"%"}',
  ];
  for (const text of hostile) {
    assert.throws(() => read(converterOf(), text), DataError, text.slice(0, 40));
    if (text !== '' && !text.includes('payload')) {
      assert.throws(() => read(converterOf(PLAIN), text), DataError, text.slice(0, 40));
    }
  }
  for (const bytes of [[0x22, 0xff, 0x22], [0xc3], [0x22, 0xed, 0xa0, 0x80, 0x22]]) {
    assert.throws(() => converterOf(PLAIN).toConnectData('t', Buffer.from(bytes)), DataError);
    assert.throws(() => converterOf().toConnectData('t', Buffer.from(bytes)), DataError);
  }
  // A replacement character that really stands there is none of these.
  assert.equal(read(converterOf(PLAIN), '"\ufffd"').value, '\ufffd');
});

test('random bytes are a value or an error, never anything else', () => {
  const converters = [converterOf(), converterOf(PLAIN)];
  const head = Buffer.from('{"schema":{"type":"string"},"payload":');
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.uint8Array().map((tail) => Buffer.concat([head, tail, Buffer.from('}')])),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.nat(1), (message, which) => {
      try {
        converters[which]?.toConnectData('t', message);
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('days and times before 1970 and after 9999 survive', () => {
  const converter = converterOf();
  for (const iso of [
    '0001-01-01T00:00:00.001Z',
    '1969-12-31T23:59:59.999Z',
    '+012345-01-01T00:00:00Z',
  ]) {
    const bytes = converter.fromConnectData('t', TIMESTAMP_SCHEMA, new Date(iso));
    assert.deepEqual(converter.toConnectData('t', bytes).value, new Date(iso));
  }
  assert.throws(() => written(converter, TIMESTAMP_SCHEMA, new Date(Number.NaN)), DataError);
  const far =
    '{"schema":{"type":"int64","name":"org.apache.kafka.connect.data.Timestamp"},"payload":8640000000000001}';
  assert.throws(() => read(converter, far), DataError);
});

test('a member that came as the schema does not say is read as Java reads it', () => {
  const schema =
    '{"type":"struct","fields":[{"type":"int32","field":"a"},{"type":"boolean","field":"b"}]}';
  const { value } = read(converterOf(), `{"schema":${schema},"payload":{"a":"x","b":1}}`);
  assert.deepEqual(value, { a: 0, b: false });
});

test('a schema in the config reads messages without an envelope', () => {
  const converter = converterOf({ 'schema.content': '{"type":"int64"}' });
  assert.equal(read(converter, '9007199254740993').value, 9007199254740993n);
  assert.throws(() => converterOf({ 'schema.content': '{' }), DataError);
  assert.throws(() => converterOf({ 'decimal.format': 'x' }), ConfigError);
});

test('schemaless floats keep their kind through the converter', () => {
  const converter = converterOf(PLAIN);
  assert.equal(
    written(converter, null, { a: float64(1), b: 0.5, c: 3 }),
    '{"a":1.0,"b":0.5,"c":3}',
  );
});
