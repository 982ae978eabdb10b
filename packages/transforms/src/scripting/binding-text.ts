import {
  Decimal,
  Float32,
  Float64,
  decimalText,
  type AnyRecord,
  type Header,
  type Schema,
} from '@sluice/api';
import type { BindingName, BindingSource } from './expression-sandbox.ts';

/**
 * The JSON text of what an expression can name of a record. Structs and maps are objects, INT64
 * beyond 2^53 a BigInt, dates Date, decimals their text, bytes base64.
 */
export function bindingsOf(record: AnyRecord): BindingSource {
  return (name) => JSON.stringify(bindingOf(record, name), replaceValue) ?? 'null';
}

function bindingOf(record: AnyRecord, name: BindingName): unknown {
  switch (name) {
    case 'key':
      return record.key;
    case 'value':
      return record.value;
    case 'keySchema':
      return schemaBinding(record.keySchema);
    case 'valueSchema':
      return schemaBinding(record.valueSchema);
    case 'topic':
      return record.topic;
    default:
      return headersBinding(record.headers);
  }
}

/** What of a schema expressions are likely to ask for. */
function schemaBinding(schema: Schema | null): object | null {
  if (schema === null) return null;
  return {
    type: schema.type,
    name: schema.name,
    version: schema.version,
    doc: schema.doc,
    isOptional: schema.isOptional,
    parameters: schema.parameters === null ? null : Object.fromEntries(schema.parameters),
    fields: schema.fields.map((field) => field.name),
  };
}

/** By name; of several headers of one name the last counts. */
function headersBinding(headers: readonly Header[]): object {
  return Object.fromEntries(
    headers.map(({ key, schema, value }) => [key, { value, schema: schemaBinding(schema) }]),
  );
}

/** `this` is the object that holds the member: there a Date is not yet text. */
function replaceValue(this: unknown, name: string, value: unknown): unknown {
  const raw: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, name) : value;
  if (typeof raw === 'bigint') return { '\u0000t': 'bigint', text: raw.toString() };
  if (typeof raw !== 'object' || raw === null) return value;
  if (raw instanceof Date) return { '\u0000t': 'date', millis: raw.getTime() };
  if (raw instanceof Decimal) return decimalText(raw);
  if (raw instanceof Float32 || raw instanceof Float64) return raw.value;
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString('base64');
  return raw instanceof Map ? Object.fromEntries(raw) : value;
}
