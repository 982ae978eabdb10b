import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configValueToString } from '@sluice/api';
import { checkRecording, type KnownDifference } from '../../test/check-recording.ts';
import { loadPlugins, pluginOf, recordedKeys, runPluginCase } from '../../test/plugin-case.ts';
import { readRecording } from '../../test/recording.ts';

const LINES = readRecording('mongodb-transforms');
const LOADED = await loadPlugins();

/** What Debezium 3.5 fails with where it trips over arrays in arrays, or over code with a scope. */
const ACCIDENT =
  /NullPointer|ClassCast|name duplication _0|Can't find field: _|not supported for sub schema/;

const KNOWN: readonly KnownDifference[] = [
  {
    why: 'a wrong config is told in the error, where Debezium logs it and throws one sentence',
    matches: (_line, wanted, made) =>
      wanted?.endsWith('ConnectException: Unable to validate config.') === true &&
      made?.includes('ConfigException: Invalid value') === true,
  },
  {
    why: 'an array of several types is told by its field and their names',
    matches: (_line, wanted, made) =>
      /different Bson types|for element of array field/.test(wanted ?? '') &&
      made?.includes('Array elements with different Bson types') === true,
  },
  {
    why: 'documents that Debezium 3.5 fails on by accident become what their neighbours become',
    matches: (_line, wanted, made) => made === null && ACCIDENT.test(wanted ?? ''),
  },
  {
    why: 'a document that can’t be read is told as such',
    matches: (_line, wanted, made) =>
      /org\.bson\.|(?:min|sym) is not a valid field name|Not a struct schema/.test(wanted ?? '') &&
      made?.includes('MongoDB document') === true,
  },
  {
    why: 'the schema of an empty array in an array of documents keeps the dots in its name',
    matches: ({ config, record }, wanted, made) =>
      wanted === null &&
      made === null &&
      JSON.stringify(config).includes('"field.name.adjustment.mode":"avro"') &&
      JSON.stringify(record).includes(String.raw`\"e\": []`),
  },
];

test('ExtractNewDocumentState does what Java’s does', (t) => {
  const lines = LINES.filter(({ op }) => op !== 'config');
  t.diagnostic(checkRecording(lines, (line) => runPluginCase(LOADED, line), KNOWN));
});

test('ExtractNewDocumentState has Java’s config keys', () => {
  const [line] = LINES.filter(({ op }) => op === 'config');
  assert.ok(line);
  const own = pluginOf(LOADED, line).config.keys;
  const keys = recordedKeys(line);
  assert.ok(keys.length > 5);
  for (const wanted of keys) {
    const key = own.get(String(wanted.get('name')));
    assert.ok(key, `no key ${String(wanted.get('name'))}`);
    for (const part of ['type', 'importance', 'group', 'width'] as const) {
      assert.equal(key[part], wanted.get(part), `${key.name} ${part}`);
    }
    assert.equal(configValueToString(key.defaultValue, key.type), wanted.get('default') ?? null);
  }
});
