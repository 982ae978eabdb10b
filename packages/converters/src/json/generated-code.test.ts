import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { getOwn, valueEquals } from '@sluice/api';
import { anySchemaAndValue } from '../../test/any-schema-and-value.ts';
import { JsonConverter } from '../json-converter.ts';
import { compileJsonable, NotPlain } from './jsonable.ts';
import { compileJsonReader } from './json-reader.ts';
import { assembledStruct } from './struct-jsonable.ts';
import { assembledReader } from './struct-reader.ts';

const FORMAT = { isDecimalNumeric: false, replacesNullWithDefault: true };
const structs = anySchemaAndValue.filter(({ schema, value }) => {
  return schema.type === 'STRUCT' && value !== null;
});

test('generated code and the loop give structs the same JSON', () => {
  fc.assert(
    fc.property(structs, ({ schema, value }) => {
      const generated = compileJsonable(schema, FORMAT);
      if (generated === null) return;
      const members = schema.fields.map((field) => {
        return (
          compileJsonable(field.schema, FORMAT) ?? assert.fail('a struct has what its fields have')
        );
      });
      const run = (convert: (value: never) => unknown): unknown => {
        try {
          return JSON.stringify(convert(value as never));
        } catch (error) {
          assert.ok(error instanceof NotPlain, String(error));
          return 'not plain';
        }
      };
      assert.equal(run(generated), run(assembledStruct(schema, members)));
    }),
  );
});

test('generated code and the loop read the same structs', () => {
  const converter = new JsonConverter();
  converter.configure({ 'schemas.enable': 'false' }, false);
  fc.assert(
    fc.property(structs, ({ schema, value }) => {
      const json = JSON.parse(String(converter.fromConnectData('t', schema, value)));
      const members = schema.fields.map((field) => compileJsonReader(field.schema, FORMAT));
      const read = (call: () => unknown): unknown => {
        try {
          return call();
        } catch (error) {
          return String(error);
        }
      };
      const generated = read(() => compileJsonReader(schema, FORMAT)(json));
      const assembled = read(() => assembledReader(schema, members)(json));
      assert.ok(valueEquals(generated, assembled));
    }),
  );
});

test('where code must not be generated, the converter works all the same', () => {
  const program = `
    import { SchemaBuilder, STRING_SCHEMA, INT64_SCHEMA, newStruct } from '@sluice/api';
    import { JsonConverter } from '@sluice/converters';
    const schema = SchemaBuilder.struct().field('a', INT64_SCHEMA).field('__proto__', STRING_SCHEMA).build();
    const converter = new JsonConverter();
    const value = newStruct(schema, JSON.parse('{"a":1,"__proto__":"x"}'));
    const back = converter.toConnectData('t', converter.fromConnectData('t', schema, value));
    console.log(JSON.stringify(back.value));
  `;
  const output = execFileSync(
    process.execPath,
    [
      '--disallow-code-generation-from-strings',
      '--conditions=@sluice/source',
      '--input-type=module',
      '--eval',
      program,
    ],
    { cwd: new URL('../..', import.meta.url), encoding: 'utf8' },
  );
  assert.equal(getOwn(JSON.parse(output), '__proto__'), 'x');
  assert.equal(output.trim(), '{"a":1,"__proto__":"x"}');
});
