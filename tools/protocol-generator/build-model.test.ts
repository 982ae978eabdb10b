import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildMessage } from './build-model.ts';
import type { Message } from './model.ts';
import { parseDefinition } from './parse-definition.ts';

/** A definition with these fields, valid in versions 1 to 3, flexible from 2. */
function build(fields: string, more = ''): Message | null {
  const text = `{
    // A comment, as Kafka has them.
    "type": "data", "name": "Example", "validVersions": "1-3", "flexibleVersions": "2+", ${more}
    "fields": [${fields}]
  }`;
  return buildMessage(parseDefinition('Example.json', text));
}

describe('the model of a message', () => {
  test('has the fields that its versions have, and no others', () => {
    const message = build(`
      { "name": "Gone", "type": "int8", "versions": "0" },
      { "name": "Url", "type": "string", "versions": "2+", "about": "http://x" }`);
    assert.deepEqual(
      message?.root.fields.map(({ name, versions }) => ({ name, versions })),
      [{ name: 'url', versions: { low: 2, high: 3 } }],
    );
  });

  test('finds structs by name, in place or in common, users after what they use', () => {
    const message = build(
      `{ "name": "A", "type": "[]Pair", "versions": "0+" },
       { "name": "B", "type": "Pair", "versions": "0+" }`,
      `"commonStructs": [{ "name": "Pair", "versions": "0+", "fields": [
        { "name": "Key", "type": "int32", "versions": "0+" }] }],`,
    );
    assert.deepEqual(
      message?.structs.map((struct) => struct.typeName),
      ['ExamplePair', 'Example'],
    );
  });

  test('is null for a message without versions', () => {
    const text =
      '{ "type": "request", "name": "Old", "apiKey": 4, "validVersions": "none", "fields": [] }';
    assert.equal(buildMessage(parseDefinition('Old.json', text)), null);
  });

  test('refuses what the emitters would get wrong', () => {
    const records =
      '{ "name": "R", "type": "records", "versions": "2+", "taggedVersions": "2+", "tag": 0 }';
    assert.throws(() => build(records), /records in a tagged field/);
    const partly =
      '{ "name": "P", "type": "int8", "versions": "2+", "taggedVersions": "3+", "tag": 0 }';
    assert.throws(() => build(partly), /tagged in some versions only/);
    const itself = `{ "name": "N", "type": "Node", "versions": "0+", "fields": [
      { "name": "Next", "type": "Node", "versions": "0+", "fields": [] }] }`;
    assert.throws(() => build(itself), /contains itself/);
    const nullable = `{ "name": "S", "type": "S", "versions": "0+", "nullableVersions": "2+",
      "fields": [
      { "name": "K", "type": "int8", "versions": "0+" }] }`;
    assert.throws(() => build(nullable), /nullable struct/);
  });

  test('refuses a key that it does not know, since it may change the bytes', () => {
    const odd = '{ "name": "O", "type": "int8", "versions": "0+", "encryptedVersions": "0+" }';
    assert.throws(() => build(odd), /Example\.json.*unknown keys: encryptedVersions/s);
  });
});
