/** Writing into a sink and reading from a range against the methods that everybody has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Converter,
  type ConverterPlugin,
  GrowingBytes,
  type Schema,
  schemaEquals,
  type SchemaAndValue,
  valueEquals,
} from '@sluice/api';
import { anySchemaAndValue } from '../test/any-schema-and-value.ts';
import { booleanConverter } from './boolean-converter.ts';
import { byteArrayConverter } from './byte-array-converter.ts';
import { doubleConverter } from './double-converter.ts';
import { floatConverter } from './float-converter.ts';
import { integerConverter } from './integer-converter.ts';
import { jsonConverter } from './json-converter.ts';
import { longConverter } from './long-converter.ts';
import { shortConverter } from './short-converter.ts';
import { stringConverter } from './string-converter.ts';

type Props = Readonly<Record<string, string>>;

const CONVERTERS: readonly (readonly [ConverterPlugin, Props])[] = [
  [jsonConverter, {}],
  [jsonConverter, { 'schemas.enable': 'false' }],
  [stringConverter, {}],
  [stringConverter, { 'converter.encoding': 'UTF-16' }],
  [byteArrayConverter, {}],
  [booleanConverter, {}],
  [shortConverter, {}],
  [integerConverter, {}],
  [longConverter, {}],
  [floatConverter, {}],
  [doubleConverter, {}],
];

const anyValue = fc.oneof(
  anySchemaAndValue,
  fc
    .oneof(
      fc.constantFrom(null, undefined, -0, 2n ** 63n, '\ud83d', 'é'.repeat(20), 'x'.repeat(40)),
      fc.boolean(),
      fc.integer(),
      fc.double(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
      fc.object(),
    )
    .map((value): SchemaAndValue => ({ schema: null, value })),
);

function converterOf(plugin: ConverterPlugin, props: Props): Converter {
  const converter = plugin.create();
  converter.configure(props, false);
  return converter;
}

/** The bytes, or what was thrown. */
function outcome(write: () => Uint8Array | null): unknown {
  try {
    const bytes = write();
    return bytes === null ? 'tombstone' : Buffer.from(bytes).toString('hex');
  } catch (error) {
    return String(error);
  }
}

function intoSink(
  converter: Converter,
  schema: Schema | null,
  value: unknown,
  sink: GrowingBytes,
): Uint8Array | null {
  const start = sink.end;
  const isThere = converter.encodeInto?.('t', schema, value, sink, []);
  assert.notEqual(isThere, undefined);
  if (isThere === false) assert.equal(sink.end, start);
  return isThere === true ? Buffer.from(sink.bytes.subarray(start, sink.end)) : null;
}

for (const [plugin, props] of CONVERTERS) {
  const title = `${plugin.className} ${JSON.stringify(props)}`;

  test(`${title} writes into a sink what it returns otherwise, errors included`, () => {
    const converter = converterOf(plugin, props);
    fc.assert(
      fc.property(anyValue, fc.nat(40), fc.nat(40), ({ schema, value }, capacity, before) => {
        const sink = new GrowingBytes(capacity);
        sink.reserve(before);
        sink.bytes.fill(7, 0, before);
        sink.end = before;
        const returned = outcome(() => converter.fromConnectData('t', schema, value, []));
        assert.equal(
          outcome(() => intoSink(converter, schema, value, sink)),
          returned,
        );
        assert.ok(sink.bytes.subarray(0, before).every((byte) => byte === 7));
      }),
      { numRuns: 300 },
    );
  });

  test(`${title} answers with a text only where its bytes are the same`, () => {
    const converter = converterOf(plugin, props);
    if (converter.encodeText === undefined) return;
    fc.assert(
      fc.property(anyValue, ({ schema, value }) => {
        const returned = outcome(() => converter.fromConnectData('t', schema, value, []));
        const made = outcome(() => {
          const text = converter.encodeText?.('t', schema, value, []) ?? null;
          assert.ok(typeof text !== 'string' || text.isWellFormed());
          return typeof text === 'string' ? Buffer.from(text) : text;
        });
        assert.equal(made, returned);
      }),
      { numRuns: 300 },
    );
  });

  test(`${title} reads a range as it reads bytes of their own, errors included`, () => {
    const converter = converterOf(plugin, props);
    const written = anyValue.map(({ schema, value }) => {
      try {
        return converter.fromConnectData('t', schema, value, []) ?? Buffer.alloc(0);
      } catch {
        return Buffer.from('null');
      }
    });
    const bytes = fc.oneof(written, fc.uint8Array({ maxLength: 12 }));
    const around = fc.constantFrom('', '}', '"', '1', '{"schema":', '\\');
    fc.assert(
      fc.property(bytes, around, around, (message, before, after) => {
        const whole = Buffer.concat([Buffer.from(before), message, Buffer.from(after)]);
        const start = before.length;
        const end = start + message.length;
        const own = readOutcome(() => converter.toConnectData('t', message, []));
        const ranged = readOutcome(() => converter.decodeRange?.('t', whole, start, end, []));
        assert.equal(ranged.error, own.error);
        assert.ok(valueEquals(ranged.value, own.value));
        assert.ok(schemaEquals(ranged.schema, own.schema));
      }),
      { numRuns: 300 },
    );
  });
}

function readOutcome(read: () => SchemaAndValue | undefined): SchemaAndValue & { error: string } {
  try {
    const made = read();
    assert.ok(made !== undefined);
    return { ...made, error: '' };
  } catch (error) {
    return { schema: null, value: null, error: String(error) };
  }
}

test('a sink grows, keeps what it holds, and is used again', () => {
  const converter = converterOf(stringConverter, {});
  const sink = new GrowingBytes(1);
  for (let round = 0; round < 2; round++) {
    sink.end = 0;
    const texts = Array.from({ length: 100 }, (_, i) => 'aé€😀'.repeat(i));
    for (const text of texts) converter.encodeInto?.('t', null, text, sink, []);
    assert.equal(sink.bytes.toString('utf8', 0, sink.end), texts.join(''));
  }
});

test('ten million characters go into a sink', () => {
  const text = 'é'.repeat(10_000_000);
  const sink = new GrowingBytes();
  converterOf(jsonConverter, { 'schemas.enable': 'false' }).encodeInto?.('t', null, text, sink, []);
  assert.equal(sink.end, 20_000_002);
});
