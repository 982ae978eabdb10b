import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ConnectError } from '../errors/connect-error.ts';
import { javaClassName } from '../errors/java-names.ts';
import {
  recordedError,
  recordingLines,
  type RecordingLine,
} from '../java-recording/recording-line.ts';
import { taggedSchema } from '../java-recording/tagged-schema.ts';
import { taggedValue } from '../java-recording/tagged-value.ts';
import { projectSchema } from './schema-projector.ts';
import { valueEquals } from './value-equals.ts';

const GOLDEN = new URL('../../golden/projector.jsonl.gz', import.meta.url);

test('values are projected as Java projects them, errors included', () => {
  const cases = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());
  assert.equal(cases.length, 3000);
  const comparable = cases.filter((line) => !hasNegativeZeroKey(line));
  assert.ok(comparable.length > 2900, `${comparable.length} cases`);
  const wrong = comparable.map(difference).filter((each) => each !== null);
  assert.deepEqual(
    wrong.map((each) => inspect(each, { breakLength: Infinity })),
    [],
  );
});

/** For a `Map` of JavaScript 0 and -0 are one key. */
function hasNegativeZeroKey(line: RecordingLine): boolean {
  return /\[\["f(?:32","80000000|64","8000000000000000)"\],/.test(JSON.stringify(line['value']));
}

function difference(line: RecordingLine): unknown {
  const source = taggedSchema(line['source']);
  const target = taggedSchema(line['target']);
  assert.ok(source !== null && target !== null);
  const value = taggedValue(line['value'], source);
  const java = recordedError(line);
  try {
    const ours = projectSchema(source, value, target);
    const expected = taggedValue(line['result'], target);
    if (java !== null) return { source, value, target, java, ours };
    return valueEquals(ours, expected) ? null : { source, value, target, expected, ours };
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    const isSame = javaClassName(error) === java?.class && error.message === java.message;
    return isSame ? null : { source, value, target, java, ours: error.message };
  }
}
