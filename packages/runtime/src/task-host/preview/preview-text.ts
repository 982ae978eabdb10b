import { javaText, type AnyRecord, type Header, type Schema } from '@sluice/api';

/** A preview is for eyes: of a longer value the beginning tells enough. */
const TEXT_LENGTH_MAX = 4_096;
const HEX_BYTES_MAX = 64;

type Shown = Readonly<Record<string, string | number | null>>;

/** A record with its fields as texts, schemas beside. */
export function recordText(record: AnyRecord): Shown {
  return {
    topic: record.topic,
    partition: record.kafkaPartition,
    ...withSchema('key', record.key, record.keySchema),
    ...withSchema('value', record.value, record.valueSchema),
    timestamp: record.timestamp,
    ...headersText(record.headers),
  };
}

/** Bytes as UTF-8 where they are that, else the first of them as hexadecimal digits. */
export function bytesText(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    return cut(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const head = Buffer.from(bytes.subarray(0, HEX_BYTES_MAX)).toString('hex');
    return `0x${head}${bytes.length > HEX_BYTES_MAX ? '…' : ''} (${bytes.length} bytes)`;
  }
}

function withSchema(what: string, value: unknown, schema: Schema | null): Shown {
  return {
    [what]: value === null ? null : cut(javaText(value, schema)),
    [`${what}_schema`]: schemaText(schema),
  };
}

function schemaText(schema: Schema | null): string | null {
  if (schema === null) return null;
  const name = schema.name === null ? schema.type : `${schema.name} (${schema.type})`;
  return schema.isOptional ? `${name}, optional` : name;
}

function headersText(headers: readonly Header[]): Shown {
  if (headers.length === 0) return {};
  const texts = headers.map(({ key, value, schema }) => `${key}=${javaText(value, schema)}`);
  return { headers: cut(texts.join(', ')) };
}

function cut(text: string): string {
  return text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX)}…`;
}
