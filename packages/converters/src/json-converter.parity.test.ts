import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ConnectError, javaClassName, schemaEquals, valueEquals } from '@sluice/api';
import {
  recordedError,
  type RecordedError,
  type RecordingLine,
  recordingLines,
  taggedSchema,
  taggedValue,
} from '@sluice/api/java-recording';
import { JsonConverter } from './json-converter.ts';

const GOLDEN = new URL('../golden/json-converter.jsonl.gz', import.meta.url);
const LINES = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());

/** What we read otherwise than Java, on purpose. Each stands in docs/DIFFERENCES.md. */
const DIFFERENCES: ReadonlyMap<string, (text: string, java: RecordedError | null) => boolean> =
  new Map([
    // Java reads back as 0 what it writes for these.
    ['not a number', (text) => /"(?:NaN|-?Infinity)"/.test(text)],
    // Java refuses the member names that it writes itself.
    ['half a surrogate pair', (text, java) => /\\uD[89A-F]/.test(text) && java !== null],
    ['integer beyond 64 bits', (text) => /[0-9]{19}/.test(text) && !text.includes('"type"')],
    // Java drops what comes after the value.
    ['more than one value', (text) => ['{"a":1}x', '1 2'].includes(text) || text.endsWith('5}}')],
    // A builder never equals a struct's schema in Java, so that no default is ever right.
    ['default of a struct', (text) => text.includes('"default":{"a":5}')],
    // With schema.content Java takes no bytes at all for 0.
    ['empty message', (text) => text === ''],
    ['date with a fraction', (text) => /connect.data.*"payload":(?:1\.0|1e3)}$/.test(text)],
    [
      'date beyond the year 275760',
      (text) => /Timestamp.*"payload":9{1,20}[0-9]{15,}}$/.test(text),
    ],
  ]);

function casesOf(op: string): readonly RecordingLine[] {
  return LINES.filter((line) => line['op'] === op);
}

function converterOf(line: RecordingLine): JsonConverter {
  const converter = new JsonConverter();
  const config = Object.entries(Object(line['config'])).map(([key, value]) => [key, String(value)]);
  converter.configure(Object.fromEntries(config), false);
  return converter;
}

function report(wrong: readonly unknown[]): void {
  const texts = wrong.map((each) =>
    inspect(each, { breakLength: Infinity, compact: 99, depth: 9 }),
  );
  assert.deepEqual(texts, []);
}

test('values are written byte for byte as Java writes them', () => {
  const cases = casesOf('write');
  assert.ok(cases.length > 10_000, `${cases.length} cases`);
  report(cases.map(writeDifference).filter((each) => each !== null));
});

function writeDifference(line: RecordingLine): unknown {
  const schema = taggedSchema(line['schema']);
  const value = taggedValue(line['value'], schema);
  const java = recordedError(line);
  const input = { schema: JSON.stringify(line['schema']), value, config: line['config'] };
  try {
    const bytes = converterOf(line).fromConnectData('topic', schema, value);
    const ours = bytes === null ? null : Buffer.from(bytes).toString();
    if (java !== null) return { ...input, ours, java };
    // A Map of JavaScript has no key of negative zero.
    const expected = String(line['bytes']).replaceAll('[-0.0,', '[0.0,');
    return ours?.replaceAll('[-0.0,', '[0.0,') === expected || ours === line['bytes']
      ? null
      : { ...input, ours, java: line['bytes'] };
  } catch (error) {
    return errorDifference(input, error, java, line['bytes']);
  }
}

test('messages are read as Java reads them', () => {
  const cases = casesOf('read');
  assert.ok(cases.length > 10_000, `${cases.length} cases`);
  const met = new Set<string>();
  const wrong: unknown[] = [];
  for (const line of cases) {
    const difference = readDifference(line);
    if (difference === null) continue;
    const text = Buffer.from(String(line['base64']), 'base64').toString();
    const java = recordedError(line);
    const known = [...DIFFERENCES].find(([, matches]) => matches(text, java))?.[0];
    if (known === undefined) wrong.push(difference);
    else met.add(known);
  }
  report(wrong);
  assert.deepEqual([...met].sort(), [...DIFFERENCES.keys()].sort());
});

function readDifference(line: RecordingLine): unknown {
  const bytes = Buffer.from(String(line['base64']), 'base64');
  const java = recordedError(line);
  const input = { text: bytes.toString(), config: line['config'] };
  const schema = taggedSchema(line['schema']);
  const value = taggedValue(line['value'], schema);
  try {
    const read = converterOf(line).toConnectData('topic', bytes);
    if (java !== null) return { ...input, read, java };
    const isSame = schemaEquals(read.schema, schema) && valueEquals(read.value, value);
    return isSame
      ? null
      : {
          ...input,
          ours: read.value,
          java: value,
          isSameSchema: schemaEquals(read.schema, schema),
        };
  } catch (error) {
    return errorDifference(input, error, java, value);
  }
}

function errorDifference(
  input: object,
  error: unknown,
  java: RecordedError | null,
  expected: unknown,
): unknown {
  assert.ok(error instanceof ConnectError, String(error));
  if (java === null) return { ...input, ours: error.message, expected };
  if (!java.class.startsWith('org.apache.kafka.')) return null;
  const isSame = javaClassName(error) === java.class && error.message.startsWith(java.message);
  return isSame ? null : { ...input, ours: error.message, java };
}
