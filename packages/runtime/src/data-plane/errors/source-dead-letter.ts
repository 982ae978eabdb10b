import { javaText, type Schema, type SourceRecord } from '@sluice/api';
import type { RecordHeader } from '@sluice/kafka';
import { offsetJson } from '../../storage/offset-json.ts';
import type { TaskConverters } from '../source/convert.ts';

/** What stands in a dead letter of a source record. */
export interface SourceLetter {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/**
 * A source record that failed, as bytes: made by the task's own converters where these can, else its
 * text, so that it is never lost only because a converter is what failed.
 */
export function sourceLetter(record: SourceRecord, converters: TaskConverters): SourceLetter {
  const { topic, keySchema, key, valueSchema, value } = record;
  const headers = headersOf(record, converters);
  return {
    key: bytesOf(keySchema, key, () =>
      converters.key.fromConnectData(topic, keySchema, key, headers),
    ),
    value: bytesOf(valueSchema, value, () =>
      converters.value.fromConnectData(topic, valueSchema, value, headers),
    ),
    headers,
  };
}

/** Where the record came from, as the offset store writes it. */
export function sourceCoordinates(record: SourceRecord): {
  readonly partition: string;
  readonly offset: string;
} {
  return {
    partition: textOr(() => offsetJson(record.sourcePartition)),
    offset: textOr(() => offsetJson(record.sourceOffset)),
  };
}

function headersOf(record: SourceRecord, { header }: TaskConverters): readonly RecordHeader[] {
  return record.headers.map(({ key, schema, value }) => ({
    key,
    value: bytesOf(schema, value, () => header.fromConnectHeader(record.topic, key, schema, value)),
  }));
}

function bytesOf(
  schema: Schema | null,
  value: unknown,
  convert: () => Uint8Array | null,
): Uint8Array | null {
  try {
    return convert();
  } catch {
    // The converter may be what has failed: the text is what is left.
    return value === null
      ? null
      : Buffer.from(
          textOr(() => javaText(value, schema)),
          'utf8',
        );
  }
}

function textOr(text: () => string): string {
  try {
    return text();
  } catch (error) {
    // Too deep, or of a kind that no offset may have: the letter is worth more than this part.
    return `(no text: ${String(error)})`;
  }
}
