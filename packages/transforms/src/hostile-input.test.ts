import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  newStruct,
  setOwn,
  validateValue,
  type AnyRecord,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { aRecord, configured } from '../test/build-record.ts';
import { isDeliberate } from '../test/recording.ts';
import { castValue } from './kafka/cast.ts';
import { extractFieldValue } from './kafka/extract-field.ts';
import { flattenValue } from './kafka/flatten.ts';
import { headerFromValue } from './kafka/header-from.ts';
import { hoistFieldValue } from './kafka/hoist-field.ts';
import { insertFieldValue } from './kafka/insert-field.ts';
import { maskFieldValue } from './kafka/mask-field.ts';
import { replaceFieldValue } from './kafka/replace-field.ts';
import { valueToKey } from './kafka/value-to-key.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'a',
  '"];throw 1;//',
  "'+process.exit(1)+'",
  '\u2028',
  '${x}',
  '\\',
  '0',
];

type Case = readonly [TransformationPlugin, (name: string) => Readonly<Record<string, string>>];

const CASES: readonly Case[] = [
  [castValue, (name) => ({ spec: `${name}:string` })],
  [extractFieldValue, (name) => ({ field: name })],
  [flattenValue, () => ({})],
  [headerFromValue, (name) => ({ fields: name, headers: 'h', operation: 'move' })],
  [hoistFieldValue, (name) => ({ field: name })],
  [insertFieldValue, (name) => ({ 'topic.field': name })],
  [maskFieldValue, (name) => ({ fields: name })],
  [replaceFieldValue, (name) => ({ exclude: name })],
  [replaceFieldValue, (name) => ({ renames: `a:${name}` })],
  [valueToKey, (name) => ({ fields: name })],
];

const name = fc.constantFrom(...NAMES);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 8 });
const leaf = fc.oneof(fc.constant(null), fc.integer(), fc.string());

function mapOf(keys: readonly string[], value: (key: string) => unknown): object {
  const map = {};
  for (const key of keys) setOwn(map, key, value(key));
  return map;
}

function schemaOf(keys: readonly string[]): Schema {
  const builder = SchemaBuilder.struct().field('id', INT64_SCHEMA);
  for (const key of keys) builder.field(key, OPTIONAL_STRING_SCHEMA);
  return builder.build();
}

/** Applies, and lets only errors pass that say what is wrong. */
function tryApply(transformation: Transformation, record: AnyRecord): AnyRecord | null {
  try {
    return transformation.apply(record);
  } catch (error) {
    assert.ok(isDeliberate(error), String(error));
    return null;
  }
}

test('hostile names of members change nothing but their own maps', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CASES),
      names,
      name,
      leaf,
      ([plugin, props], keys, own, value) => {
        const transformation = configured(plugin, props(own));
        const record = aRecord(
          null,
          mapOf(keys, () => value),
        );
        const made = tryApply(transformation, record);
        const output = made?.value;
        if (typeof output === 'object' && output !== null) {
          assert.equal(Object.getPrototypeOf(output), Object.prototype);
        }
        assert.equal(Object.hasOwn(Object.prototype, 'topic'), false);
        assert.equal(Reflect.get({}, 'a'), undefined);
      },
    ),
    { numRuns: 2000 },
  );
});

test('structs with hostile field names come out as their schemas say', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CASES), names, name, ([plugin, props], keys, own) => {
      const schema = schemaOf(keys.filter((key) => key !== 'id'));
      const values = mapOf([...keys, 'id'], (key) => (key === 'id' ? 5 : `v ${key}`));
      const record = aRecord(schema, newStruct(schema, { ...values }));
      const made = tryApply(configured(plugin, props(own)), record);
      if (made?.valueSchema) validateValue(made.valueSchema, made.value);
      if (made?.keySchema) validateValue(made.keySchema, made.key);
    }),
    { numRuns: 2000 },
  );
});

test('a stream of maps gives the same with and without the code made for their shape', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CASES),
      names,
      name,
      leaf,
      ([plugin, props], keys, own, value) => {
        const record = aRecord(
          null,
          mapOf(keys, () => value),
        );
        const transformation = configured(plugin, props(own));
        const first = tryApply(transformation, record);
        for (let i = 0; i < 600; i++) tryApply(transformation, record);
        const later = tryApply(transformation, record);
        assert.deepEqual(later?.value, first?.value);
        assert.deepEqual(later?.headers, first?.headers);
      },
    ),
    { numRuns: 60 },
  );
});
