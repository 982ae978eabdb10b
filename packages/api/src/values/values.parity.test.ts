import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ConnectSchema } from '../data/connect-schema.ts';
import type { Schema } from '../data/schema.ts';
import { FLOAT32_SCHEMA, FLOAT64_SCHEMA } from '../data/schema-constants.ts';
import { schemaEquals } from '../data/schema-equals.ts';
import { valueEquals } from '../data/value-equals.ts';
import { ConnectError } from '../errors/connect-error.ts';
import { javaClassName } from '../errors/java-names.ts';
import {
  type RecordedError,
  recordedError,
  recordingLines,
  type RecordingLine,
} from '../java-recording/recording-line.ts';
import { taggedSchema } from '../java-recording/tagged-schema.ts';
import { taggedValue } from '../java-recording/tagged-value.ts';
import {
  convertToByte,
  convertToDouble,
  convertToFloat,
  convertToInteger,
  convertToLong,
  convertToShort,
} from './convert-numbers.ts';
import { convertToDate, convertToTime, convertToTimestamp } from './convert-temporals.ts';
import {
  convertToBoolean,
  convertToDecimal,
  convertToList,
  convertToMap,
  convertToStruct,
} from './convert-to.ts';
import { convertToString } from './convert-to-string.ts';
import { inferSchema } from './infer-schema.ts';
import { parseString } from './parse-string.ts';

// The zone in which the recordings were made: Java prints and parses dates in that of its process.
process.env['TZ'] = 'UTC';

const GOLDEN = new URL('../../golden/values.jsonl.gz', import.meta.url);
const LINES = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());

const INTEGERS = /java\.lang\.(?:Byte|Short|Integer|Long)/;

type Conversion = (schema: Schema | null, value: unknown) => unknown;

const CONVERSIONS: ReadonlyMap<unknown, Conversion> = new Map<unknown, Conversion>([
  ['boolean', convertToBoolean],
  ['byte', convertToByte],
  ['short', convertToShort],
  ['integer', convertToInteger],
  ['long', convertToLong],
  ['float', convertToFloat],
  ['double', convertToDouble],
  ['string', convertToString],
  ['list', convertToList],
  ['map', convertToMap],
  ['struct', convertToStruct],
  ['date', convertToDate],
  ['time', convertToTime],
  ['timestamp', convertToTimestamp],
  ['decimal', (schema, value) => convertToDecimal(schema, value, 2)],
]);

/** Under which schema the recorded result is to be read. */
function resultSchema(line: RecordingLine, schema: Schema | null, value: unknown): Schema | null {
  switch (line['to']) {
    case 'float':
      return FLOAT32_SCHEMA;
    case 'double':
      return FLOAT64_SCHEMA;
    case 'list':
    case 'map':
    case 'struct':
      return typeof value === 'string' ? parseString(value).schema : schema;
    default:
      return null;
  }
}

function difference(line: RecordingLine): unknown {
  const schema = taggedSchema(line['schema']);
  const value = taggedValue(line['value'], schema);
  const convert = CONVERSIONS.get(line['to']);
  assert.ok(convert !== undefined);
  const java = recordedError(line);
  const input = { to: line['to'], schema: String(schema), value };
  try {
    const ours = convert(schema, value);
    if (java !== null && isTimeBeforeChrist(line, value)) return null;
    if (java !== null) return { ...input, java, ours };
    const expected = taggedValue(line['result'], resultSchema(line, schema, value));
    return valueEquals(ours, expected) ? null : { ...input, expected, ours };
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    if (java === null && isBeyondDates(line)) return null;
    if (java === null) return { ...input, java: line['result'], ours: error.message };
    return isSameError(java, error, schema) ? null : { ...input, java, ours: error.message };
  }
}

/** Java's own mistakes (a missing value that it trips over) have no text worth keeping. */
function isSameError(java: RecordedError, error: ConnectError, schema: Schema | null): boolean {
  if (!java.class.startsWith('org.apache.kafka.')) return true;
  // What a schemaless integer was in Java cannot be known, and Java prints an address for bytes.
  const known = schema === null ? error.message.replace(INTEGERS, 'integer') : error.message;
  const recorded = schema === null ? java.message.replace(INTEGERS, 'integer') : java.message;
  const isSame = known === recorded || java.message.includes('[B@');
  return javaClassName(error) === java.class && isSame;
}

/** Before the year 1 Java makes 1970 BC of the day, and then complains about it. */
function isTimeBeforeChrist(line: RecordingLine, value: unknown): boolean {
  return line['to'] === 'time' && value instanceof Date && value.getTime() < -62_135_769_600_000;
}

/** A `Date` of JavaScript reaches from the year -271821 to 275760, that of Java much farther. */
function isBeyondDates(line: RecordingLine): boolean {
  const [tag, millis]: readonly unknown[] = Array.isArray(line['result']) ? line['result'] : [];
  return tag === 't' && Math.abs(Number(millis)) > 8.64e15;
}

test('values convert as Java converts them, errors included', () => {
  const cases = LINES.filter((line) => line['op'] === 'convert');
  assert.ok(cases.length > 9000, `${cases.length} cases`);
  const wrong = cases.map(difference).filter((each) => each !== null);
  assert.deepEqual(
    wrong.map((each) => inspect(each, { breakLength: Infinity })),
    [],
  );
});

/** A schemaless integer is INT64, whatever it was in Java. */
function withInt64(schema: Schema | null): Schema | null {
  if (schema === null) return null;
  const isNarrow = schema.type === 'INT8' || schema.type === 'INT16' || schema.type === 'INT32';
  return new ConnectSchema({
    ...schema,
    type: isNarrow ? 'INT64' : schema.type,
    keySchema: withInt64(schema.keySchema),
    valueSchema: withInt64(schema.valueSchema),
  });
}

/** Structs without a schema, and integers of several widths, are none of ours. */
function isJavaOnly(line: RecordingLine): boolean {
  const text = JSON.stringify(line['value']);
  return text.includes('"st"') || (text.includes('"i64"') && /"i(?:8|16|32)"/.test(text));
}

test('schemas are inferred as Java infers them, except that whole numbers are INT64', () => {
  const cases = LINES.filter((line) => line['op'] === 'infer' && !isJavaOnly(line));
  assert.ok(cases.length > 250, `${cases.length} cases`);
  const wrong: unknown[] = [];
  for (const line of cases) {
    const value = taggedValue(line['value'], null);
    const expected = withInt64(taggedSchema(line['result']));
    if (recordedError(line) !== null) assert.throws(() => inferSchema(value));
    else if (!schemaEquals(inferSchema(value), expected)) wrong.push({ value, expected });
  }
  assert.deepEqual(
    wrong.map((each) => inspect(each, { breakLength: Infinity })),
    [],
  );
});
