import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  ConnectError,
  getOwn,
  headersEqual,
  javaClassName,
  newSinkRecord,
  newSourceRecord,
  schemaEquals,
  valueEquals,
  type AnyRecord,
  type Header,
} from '@sluice/api';
import {
  recordedError,
  recordingLines,
  taggedSchema,
  taggedValue,
  type RecordingLine,
} from '@sluice/api/java-recording';

/** The cases of one of this package's recordings. */
export function readRecording(name: string): readonly RecordingLine[] {
  const file = new URL(`../golden/${name}.jsonl.gz`, import.meta.url);
  return recordingLines(gunzipSync(readFileSync(file)).toString());
}

/** A config as the recorder wrote it. */
export function recordedConfig(line: RecordingLine): Readonly<Record<string, string>> {
  const entries = Object.entries(Object(line['config']));
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

/** A record as the recorder wrote it, frozen all the way down. */
export function recordedRecord(node: unknown): AnyRecord {
  const part = (name: string): unknown => getOwn(Object(node), name) ?? null;
  const keySchema = taggedSchema(part('keySchema'));
  const valueSchema = taggedSchema(part('valueSchema'));
  const timestamp = part('timestamp');
  const shared = {
    topic: String(part('topic')),
    keySchema,
    key: taggedValue(part('key'), keySchema),
    valueSchema,
    value: taggedValue(part('value'), valueSchema),
    timestamp: timestamp === null ? null : Number(timestamp),
    headers: recordedHeaders(part('headers')),
  };
  const partition = part('partition');
  const record =
    part('sink') === true
      ? newSinkRecord({
          ...shared,
          kafkaPartition: Number(partition),
          kafkaOffset: 42,
          timestampType: 'CreateTime',
        })
      : newSourceRecord({
          ...shared,
          kafkaPartition: partition === null ? null : Number(partition),
          sourcePartition: { p: 'x' },
          sourceOffset: { o: 1 },
        });
  return deepFreeze(record);
}

function recordedHeaders(node: unknown): readonly Header[] {
  const items: readonly unknown[] = Array.isArray(node) ? node : [];
  return items.map((item) => {
    const [key, schemaNode, value]: readonly unknown[] = Array.isArray(item) ? item : [];
    const schema = taggedSchema(schemaNode);
    return { key: String(key), schema, value: taggedValue(value, schema) };
  });
}

/** Makes every change to a value fail. Bytes can't be frozen and stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key of Reflect.ownKeys(value)) deepFreeze(Reflect.get(value, key));
  return value;
}

/** What differs between two records, or `null`. */
export function recordDifference(made: AnyRecord, wanted: AnyRecord): string | null {
  if (made.topic !== wanted.topic) return `topic ${made.topic}, not ${wanted.topic}`;
  if (made.kafkaPartition !== wanted.kafkaPartition) return 'partition';
  if (made.timestamp !== wanted.timestamp) return 'timestamp';
  if (!schemaEquals(made.keySchema, wanted.keySchema)) return 'key schema';
  if (!schemaEquals(made.valueSchema, wanted.valueSchema)) return 'value schema';
  if (!valueEquals(made.key, wanted.key)) return 'key';
  if (!valueEquals(made.value, wanted.value)) return 'value';
  return headersEqual(made.headers, wanted.headers) ? null : 'headers';
}

/** An error as a recording has it: `class: message`. */
export function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${javaClassName(error)}: ${message}`;
}

/** The error that Java answered with in the same form, or `null`. */
export function wantedError(line: RecordingLine): string | null {
  const error = recordedError(line);
  return error === null ? null : `${error.class}: ${error.message}`;
}

/** Whether an error is one that says what is wrong: not a slip of this package's code. */
export function isDeliberate(error: unknown): boolean {
  return error instanceof ConnectError || error instanceof RangeError;
}
