import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { schemaEquals } from '../data/schema-equals.ts';
import { valueEquals } from '../data/value-equals.ts';
import { recordedError, recordingLines } from '../java-recording/recording-line.ts';
import { taggedSchema } from '../java-recording/tagged-schema.ts';
import { taggedValue } from '../java-recording/tagged-value.ts';
import { parseString } from './parse-string.ts';

// The zone in which the recordings were made: Java prints and parses dates in that of its process.
process.env['TZ'] = 'UTC';

const GOLDEN = new URL('../../golden/parse-string.jsonl.gz', import.meta.url);

test('texts stand for what Java takes them for', () => {
  const lines = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());
  assert.ok(lines.length >= 5000, `${lines.length} cases`);
  const wrong: unknown[] = [];
  for (const line of lines) {
    assert.equal(recordedError(line), null);
    const schema = taggedSchema(line['schema']);
    const value = taggedValue(line['value'], schema);
    const parsed = parseString(String(line['text']));
    if (!schemaEquals(parsed.schema, schema) || !valueEquals(parsed.value, value)) {
      wrong.push({
        text: line['text'],
        java: [String(schema), value],
        ours: [String(parsed.schema), parsed.value],
      });
    }
  }
  assert.deepEqual(
    wrong.map((each) => inspect(each, { breakLength: Infinity })),
    [],
  );
});
