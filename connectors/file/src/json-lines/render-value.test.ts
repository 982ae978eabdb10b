import {
  DATE_SCHEMA,
  Decimal,
  decimalSchema,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  newStruct,
  parseJson,
  SchemaBuilder,
  STRING_SCHEMA,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { renderValue } from './render-value.ts';

describe('renderValue', () => {
  it('writes a struct in the order of its fields, with every digit', () => {
    const schema = SchemaBuilder.struct()
      .field('id', INT64_SCHEMA)
      .field('ratio', FLOAT64_SCHEMA)
      .field('price', decimalSchema(2))
      .field('name', STRING_SCHEMA)
      .build();
    const value = newStruct(schema, {
      id: 9223372036854775807n,
      ratio: 1,
      price: new Decimal(12345678901234567890n, 2),
      name: 'a "b"\n',
    });
    assert.equal(
      renderValue(value, schema),
      '{"id":9223372036854775807,"ratio":1.0,"price":123456789012345678.90,"name":"a \\"b\\"\\n"}',
    );
  });

  it('writes dates and times as ISO 8601', () => {
    const when = new Date(Date.UTC(2012, 0, 2));
    assert.equal(renderValue(when, DATE_SCHEMA), '"2012-01-02"');
    assert.equal(renderValue(when, TIMESTAMP_SCHEMA), '"2012-01-02T00:00:00.000Z"');
    assert.equal(renderValue(new Date(45_000_001), TIME_SCHEMA), '"12:30:00.001"');
    assert.equal(renderValue({ at: when }, null), '{"at":"2012-01-02T00:00:00.000Z"}');
  });

  it('writes maps as objects, or as pairs when their keys are no strings', () => {
    const byName = SchemaBuilder.map(STRING_SCHEMA, FLOAT32_SCHEMA).build();
    assert.equal(renderValue(new Map([['a', 0.1]]), byName), '{"a":0.1}');
    const byNumber = SchemaBuilder.map(INT32_SCHEMA, STRING_SCHEMA).build();
    assert.equal(renderValue(new Map([[1, 'x']]), byNumber), '[[1,"x"]]');
  });

  it('writes bytes as base64, a tombstone as null', () => {
    assert.equal(renderValue(Uint8Array.of(1, 2, 3), null), '"AQID"');
    assert.equal(renderValue(null, null), 'null');
  });

  it('writes what parseJson read, on one line, so that it reads the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const read = parseJson(JSON.stringify(value));
        const line = renderValue(read, null);
        assert.ok(!/[\n\r]/.test(line));
        assert.deepEqual(parseJson(line), read);
      }),
      { numRuns: 1000 },
    );
  });
});
