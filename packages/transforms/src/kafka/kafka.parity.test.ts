import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configValueToString } from '@sluice/api';
import { checkRecording, type KnownDifference } from '../../test/check-recording.ts';
import { loadPlugins, pluginOf, recordedKeys, runPluginCase } from '../../test/plugin-case.ts';
import { readRecording } from '../../test/recording.ts';

const LINES = readRecording('kafka-transforms');
const CLASSES = [...new Set(LINES.map((line) => String(line['class'])))];
const LOADED = await loadPlugins();

const KNOWN: readonly KnownDifference[] = [
  {
    why: 'HeaderFrom says which field is missing where Java fails with a NullPointerException',
    matches: (_line, wanted, made) =>
      wanted?.startsWith('java.lang.NullPointerException') === true &&
      made?.includes("DataException: Can't make a header of field") === true,
  },
  {
    why: 'Java’s IndexOutOfBoundsException is reported as an IllegalArgumentException',
    matches: (_line, wanted, made) =>
      wanted?.replace('IndexOutOfBounds', 'IllegalArgument') === made,
  },
  {
    why: 'SetSchemaMetadata works on schemas that are no structs, too',
    matches: (line, wanted) =>
      String(line['class']).includes('SetSchemaMetadata') &&
      wanted?.endsWith('Cannot list fields on non-struct type') === true,
  },
  {
    why: 'Unix timestamps after the year 275760 do not fit a JavaScript Date',
    matches: (_line, _wanted, made) => made?.includes('is beyond what a date can hold') === true,
  },
  {
    why: 'a record printed in an error text: bytes are base64, maps in their own order',
    matches: (_line, wanted, made) =>
      [wanted, made].every((text) => text?.includes('Timestamp missing on record') === true),
  },
  {
    why: 'of two values that can’t be flattened, another one comes first in Java’s hash order',
    matches: (_line, wanted, made) =>
      [wanted, made].every((text) => text?.includes('Flatten transformation was passed') === true),
  },
  {
    why: 'a map is a java.util.HashMap in error texts, whatever Java’s was',
    matches: (_line, wanted, made) =>
      wanted?.replace('java.util.LinkedHashMap', 'java.util.HashMap') === made,
  },
];

describe('Kafka’s own transformations and predicates', () => {
  for (const name of CLASSES) {
    const lines = LINES.filter((line) => line['class'] === name && line['op'] !== 'config');
    test(`${name} does what Java's does`, (t) => {
      t.diagnostic(checkRecording(lines, (line) => runPluginCase(LOADED, line), KNOWN));
    });
  }

  for (const line of LINES.filter(({ op }) => op === 'config')) {
    test(`${String(line['class'])} has Java's config keys`, () => {
      const own = pluginOf(LOADED, line).config.keys;
      for (const wanted of recordedKeys(line)) {
        const key = own.get(String(wanted.get('name')));
        assert.ok(key, `no key ${String(wanted.get('name'))}`);
        assert.equal(key.type, wanted.get('type'));
        assert.equal(key.importance, wanted.get('importance'));
        assert.equal(key.hasDefault, !wanted.get('required'));
        assert.equal(
          key.validator === null ? null : String(key.validator),
          wanted.get('validator'),
        );
        assert.equal(key.group, wanted.get('group'));
        assert.equal(key.width, wanted.get('width'));
        if (!key.hasDefault) continue;
        assert.equal(configValueToString(key.defaultValue, key.type), wanted.get('default'));
      }
    });
  }
});
