import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configValueToString } from '@sluice/api';
import { checkRecording, type KnownDifference } from '../../test/check-recording.ts';
import { loadPlugins, pluginOf, recordedKeys, runPluginCase } from '../../test/plugin-case.ts';
import { readRecording } from '../../test/recording.ts';

const LINES = readRecording('debezium-transforms');
const CLASSES = [...new Set(LINES.map((line) => String(line['class'])))];
const LOADED = await loadPlugins();

const KNOWN: readonly KnownDifference[] = [
  {
    why: 'a wrong config is told in the error, where Debezium logs it and throws one sentence',
    matches: (_line, wanted, made) =>
      wanted?.endsWith('ConnectException: Unable to validate config.') === true &&
      /ConnectException: Unable to validate|ConfigException: Invalid value/.test(made ?? ''),
  },
  {
    why: 'DebeziumException and IllegalStateException are reported as ConnectException',
    matches: (_line, wanted, made) =>
      messageOf(wanted) === messageOf(made) &&
      /^(?:io\.debezium\.DebeziumException|java\.lang\.IllegalStateException)/.test(wanted ?? ''),
  },
  {
    why: 'a header of fields to drop that is no list is named, where Java fails with a cast',
    matches: (_line, wanted, made) =>
      wanted?.startsWith('java.lang.ClassCastException') === true &&
      made?.includes('has to hold a list of field names to drop') === true,
  },
  {
    why: 'a null routing column is named, where Java fails with a NullPointerException',
    matches: (_line, wanted, made) =>
      wanted?.startsWith('java.lang.NullPointerException') === true &&
      made?.includes("Can't route an outbox event") === true,
  },
  {
    why: 'an outbox payload that is a JSON array stays text; Java gives the text an array’s schema',
    matches: ({ record, config }) =>
      JSON.stringify(record).includes('["s","[1,2]"]') &&
      JSON.stringify(config).includes('"table.expand.json.payload":"true"'),
  },
];

function messageOf(error: string | null): string | null {
  return error === null ? null : error.slice(error.indexOf(': '));
}

describe('Debezium’s transformations', () => {
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
        assert.equal(key.group, wanted.get('group'));
        assert.equal(key.width, wanted.get('width'));
        assert.equal(
          configValueToString(key.defaultValue, key.type),
          wanted.get('default') ?? null,
        );
      }
    });
  }
});
