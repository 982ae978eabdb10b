import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  newStruct,
  validateValue,
  type SinkRecord,
  type TransformationPlugin,
} from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { castValue } from '../kafka/cast.ts';
import { headerFromValue } from '../kafka/header-from.ts';
import { insertFieldValue } from '../kafka/insert-field.ts';
import { maskFieldValue } from '../kafka/mask-field.ts';
import { replaceFieldValue } from '../kafka/replace-field.ts';
import { timestampConverterValue } from '../kafka/timestamp-converter.ts';
import { valueToKey } from '../kafka/value-to-key.ts';

const ADDRESS = SchemaBuilder.struct()
  .optional()
  .name('Address')
  .field('city', OPTIONAL_STRING_SCHEMA)
  .field('zip.code', INT32_SCHEMA)
  .field('since', INT64_SCHEMA)
  .build();
const CUSTOMER = SchemaBuilder.struct().field('id', INT32_SCHEMA).field('address', ADDRESS).build();

const ADDRESS_VALUE = { city: 'Delft', 'zip.code': 2611, since: 1_700_000_000_000 };
const VALUE = { id: 1, address: ADDRESS_VALUE };

/** The transformed record, whose value has to fit its schema. */
function transformed(
  plugin: TransformationPlugin,
  props: Readonly<Record<string, string>>,
  record: SinkRecord,
): SinkRecord {
  const made = configured(plugin, { 'field.syntax.version': 'V2', ...props }).apply(record);
  assert.ok(made);
  if (made.valueSchema !== null) validateValue(made.valueSchema, made.value);
  if (made.keySchema !== null) validateValue(made.keySchema, made.key);
  return made;
}

const struct = aRecord(CUSTOMER, newStruct(CUSTOMER, VALUE));
const structWithNull = aRecord(CUSTOMER, newStruct(CUSTOMER, { id: 1, address: null }));
const map = aRecord(null, VALUE);

/** What is made of the map; what is made of the struct has to be the same. */
function both(plugin: TransformationPlugin, props: Readonly<Record<string, string>>): unknown {
  const ofMap = transformed(plugin, props, map).value;
  assert.deepEqual({ ...Object(transformed(plugin, props, struct).value) }, ofMap);
  return ofMap;
}

describe('nested fields (KIP-821) in transformations that Java leaves at the top level', () => {
  test('Cast casts a field of an inner struct', () => {
    const props = { spec: 'address.`zip.code`:string,id:int64' };
    assert.deepEqual(both(castValue, props), {
      id: 1,
      address: { ...ADDRESS_VALUE, 'zip.code': '2611' },
    });
    const schema = transformed(castValue, props, struct).valueSchema?.field('address')?.schema;
    assert.equal(schema?.name, 'Address');
    assert.equal(schema.isOptional, true);
    assert.equal(schema.field('zip.code')?.schema.type, 'STRING');
  });

  test('MaskField masks a field of an inner struct', () => {
    assert.deepEqual(both(maskFieldValue, { fields: 'address.city' }), {
      id: 1,
      address: { ...ADDRESS_VALUE, city: '' },
    });
  });

  test('ReplaceField drops, keeps and renames inside of a struct', () => {
    const dropped = both(replaceFieldValue, { exclude: 'address.`zip.code`,address.since' });
    assert.deepEqual(dropped, { id: 1, address: { city: 'Delft' } });
    const kept = both(replaceFieldValue, { include: 'address.city' });
    assert.deepEqual(kept, { address: { city: 'Delft' } });
    const renamed = both(replaceFieldValue, { renames: 'address.city:town' });
    const { city, ...rest } = ADDRESS_VALUE;
    assert.deepEqual(renamed, { id: 1, address: { ...rest, town: city } });
  });

  test('TimestampConverter converts a field of an inner struct', () => {
    const props = { field: 'address.since', 'target.type': 'string', format: 'yyyy-MM-dd' };
    assert.deepEqual(both(timestampConverterValue, props), {
      id: 1,
      address: { ...ADDRESS_VALUE, since: '2023-11-14' },
    });
  });

  test('InsertField inserts into a struct, and makes one that is not there', () => {
    assert.deepEqual(both(insertFieldValue, { 'topic.field': 'address.topic' }), {
      id: 1,
      address: { ...ADDRESS_VALUE, topic: 'orders' },
    });
    const props = { 'topic.field': 'kafka.topic', 'offset.field': 'kafka.offset!' };
    assert.deepEqual(both(insertFieldValue, props), {
      ...VALUE,
      kafka: { topic: 'orders', offset: 7 },
    });
  });

  test('HeaderFrom moves a field out of a struct', () => {
    const props = { fields: 'address.city', headers: 'city', operation: 'move' };
    const made = transformed(headerFromValue, props, struct);
    assert.deepEqual(made.headers, [
      { key: 'city', schema: OPTIONAL_STRING_SCHEMA, value: 'Delft' },
    ]);
    assert.deepEqual(both(headerFromValue, props), {
      id: 1,
      address: { 'zip.code': 2611, since: 1_700_000_000_000 },
    });
  });

  test('ValueToKey names the fields of the key by their paths', () => {
    for (const record of [struct, map]) {
      const { key } = transformed(valueToKey, { fields: 'address.city,id' }, record);
      assert.deepEqual({ ...Object(key) }, { 'address.city': 'Delft', id: 1 });
    }
  });

  test('a struct on the way that is null stays null', () => {
    const cases: readonly (readonly [TransformationPlugin, Readonly<Record<string, string>>])[] = [
      [castValue, { spec: 'address.city:int32' }],
      [maskFieldValue, { fields: 'address.city' }],
      [replaceFieldValue, { exclude: 'address.city' }],
      [insertFieldValue, { 'topic.field': 'address.topic' }],
      [timestampConverterValue, { field: 'address.since', 'target.type': 'Timestamp' }],
    ];
    for (const [plugin, props] of cases) {
      const made = transformed(plugin, props, structWithNull);
      assert.deepEqual({ ...Object(made.value) }, { id: 1, address: null }, plugin.className);
    }
  });

  test('under V1 a dot is a part of the name', () => {
    const props = { fields: 'address.city', 'field.syntax.version': 'V1' };
    const made = configured(maskFieldValue, props).apply(map);
    assert.deepEqual(made?.value, { ...VALUE, 'address.city': null });
  });
});
