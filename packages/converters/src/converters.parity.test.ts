import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  ConnectError,
  javaClassName,
  type Schema,
  type SchemaAndValue,
  schemaEquals,
  valueEquals,
} from '@sluice/api';
import {
  recordedError,
  type RecordingLine,
  recordingLines,
  taggedSchema,
  taggedValue,
} from '@sluice/api/java-recording';
import { booleanConverter } from './boolean-converter.ts';
import { byteArrayConverter } from './byte-array-converter.ts';
import { doubleConverter } from './double-converter.ts';
import { floatConverter } from './float-converter.ts';
import { integerConverter } from './integer-converter.ts';
import { longConverter } from './long-converter.ts';
import { shortConverter } from './short-converter.ts';
import { SimpleHeaderConverter } from './simple-header-converter.ts';
import { StringConverter } from './string-converter.ts';

// The zone in which the recordings were made: Java prints and parses dates in that of its process.
process.env['TZ'] = 'UTC';

const GOLDEN = new URL('../golden/converters.jsonl.gz', import.meta.url);
const LINES = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());

interface Subject {
  write(schema: Schema | null, value: unknown): Uint8Array | null;
  read(bytes: Uint8Array | null): SchemaAndValue;
}

const PLUGINS = [
  byteArrayConverter,
  booleanConverter,
  shortConverter,
  integerConverter,
  longConverter,
  floatConverter,
  doubleConverter,
];

function subjectOf(name: string): Subject {
  const [simpleName, encoding] = name.split(' ');
  if (simpleName === 'SimpleHeaderConverter') {
    const converter = new SimpleHeaderConverter();
    return {
      write: (schema, value) => converter.fromConnectHeader('topic', 'key', schema, value),
      read: (bytes) => converter.toConnectHeader('topic', 'key', bytes),
    };
  }
  const plugin = PLUGINS.find(({ className }) => className.endsWith(`.${simpleName}`));
  const converter = plugin?.create() ?? new StringConverter();
  converter.configure(encoding === undefined ? {} : { 'converter.encoding': encoding }, false);
  return {
    write: (schema, value) => converter.fromConnectData('topic', schema, value, []),
    read: (bytes) => converter.toConnectData('topic', bytes, []),
  };
}

function bytesOf(text: unknown): Buffer | null {
  return typeof text === 'string' ? Buffer.from(text, 'base64') : null;
}

/** What we do otherwise than Java, on purpose. Each stands in docs/DIFFERENCES.md. */
const DIFFERENCES: ReadonlyMap<string, (line: RecordingLine, schema: Schema | null) => boolean> =
  new Map<string, (line: RecordingLine, schema: Schema | null) => boolean>([
    // Java writes a question mark for half a surrogate pair.
    [
      'half a surrogate pair',
      (line) => /\\ud83d(?!\\ude00)|(?<!\\ud83d)\\ude00/.test(escaped(line)),
    ],
    // Java looks at the class of a number, we at whether its value fits.
    [
      'number of another width',
      (line) => {
        const isNumeric = /(?:Short|Integer|Long|Float|Double)Converter/.test(
          String(line['converter']),
        );
        return isNumeric && /^\["[if]\d/.test(escaped(line));
      },
    ],
    ['date beyond the year 275760', (line) => /"t","-?[0-9]{16,}/.test(escaped(line))],
  ]);

function escaped(line: RecordingLine): string {
  return JSON.stringify(line['value']).replace(/[\ud800-\udfff]/g, (half) => {
    return `\\u${half.charCodeAt(0).toString(16)}`;
  });
}

test('every other converter writes what Java writes', () => {
  const cases = LINES.filter((line) => line['op'] === 'write');
  assert.ok(cases.length > 5000, `${cases.length} cases`);
  const wrong: unknown[] = [];
  for (const line of cases) {
    const schema = taggedSchema(line['schema']);
    const difference = writeDifference(line, schema);
    const isKnown = [...DIFFERENCES.values()].some((matches) => matches(line, schema));
    if (difference !== null && !isKnown) wrong.push(difference);
  }
  report(wrong);
});

function writeDifference(line: RecordingLine, schema: Schema | null): unknown {
  const value = taggedValue(line['value'], schema);
  const java = recordedError(line);
  const input = { converter: line['converter'], schema: String(schema), value };
  try {
    const ours = subjectOf(String(line['converter'])).write(schema, value);
    if (java !== null) return { ...input, ours, java };
    const expected = bytesOf(line['bytes']);
    const texts = {
      ours: ours === null ? null : Buffer.from(ours).toString(),
      java: String(expected),
    };
    return valueEquals(ours, expected) ? null : { ...input, ...texts };
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    if (java === null)
      return { ...input, ours: error.message, java: String(bytesOf(line['bytes'])) };
    if (!java.class.startsWith('org.apache.kafka.')) return null;
    const isSame =
      javaClassName(error) === java.class && plain(error.message).startsWith(plain(java.message));
    return isSame ? null : { ...input, ours: error.message, java };
  }
}

/** What a schemaless integer was in Java cannot be known. */
function plain(message: string): string {
  return message.replace(/java\.lang\.(?:Byte|Short|Integer|Long)/, 'integer');
}

test('every other converter reads what Java reads', () => {
  const cases = LINES.filter((line) => line['op'] === 'read');
  assert.ok(cases.length > 1500, `${cases.length} cases`);
  report(cases.map(readDifference).filter((each) => each !== null));
});

function readDifference(line: RecordingLine): unknown {
  const java = recordedError(line);
  const input = { converter: line['converter'], bytes: bytesOf(line['bytes']) };
  const schema = taggedSchema(line['schema']);
  const value = taggedValue(line['value'], schema);
  try {
    const read = subjectOf(String(line['converter'])).read(bytesOf(line['bytes']));
    if (java !== null) return { ...input, read, java };
    const isSame = schemaEquals(read.schema, schema) && valueEquals(read.value, value);
    if (isSame || areBothMalformed(read.value, value)) return null;
    return { ...input, ours: read.value, java: value };
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    const isSame = javaClassName(error) === java?.class && error.message.startsWith(java.message);
    return isSame ? null : { ...input, ours: error.message, java };
  }
}

/** Malformed bytes are replaced, but not always by as many characters. */
function areBothMalformed(ours: unknown, java: unknown): boolean {
  return [ours, java].every((text) => typeof text === 'string' && text.includes('\ufffd'));
}

function report(wrong: readonly unknown[]): void {
  const texts = wrong.map((each) => inspect(each, { breakLength: Infinity, compact: 99 }));
  assert.deepEqual(texts, []);
}
