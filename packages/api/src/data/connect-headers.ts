import { DataError } from '../errors/data-error.ts';
import type { Header } from './headers.ts';
import type { Schema } from './schema.ts';
import { schemaEquals } from './schema-equals.ts';
import { validateValue } from './validate-value.ts';
import { valueEquals } from './value-equals.ts';

/**
 * Headers are an ordered list in which keys may repeat; each operation gives a new list.
 * Mirrors `org.apache.kafka.connect.header.ConnectHeaders`.
 */
type Headers = readonly Header[];

/**
 * One header, checked against its schema; without a schema any value will do.
 *
 * @throws DataError when the key is missing or the value does not fit the schema
 */
export function newHeader(key: string, value: unknown, schema: Schema | null = null): Header {
  if (typeof key !== 'string') throw new DataError('The header key may not be null');
  if (schema !== null) validateValue(schema, value);
  return { key, schema, value: value ?? null };
}

/** The headers with one more at the end. */
export function addHeader(
  headers: Headers,
  key: string,
  value: unknown,
  schema: Schema | null = null,
): Headers {
  return [...headers, newHeader(key, value, schema)];
}

/** The last header of that key, or `null`. */
export function lastHeader(headers: Headers, key: string): Header | null {
  return headers.findLast((header) => header.key === key) ?? null;
}

/** All headers of that key, in order. */
export function headersWithKey(headers: Headers, key: string): Headers {
  return headers.filter((header) => header.key === key);
}

/** The headers without those of that key. */
export function removeHeaders(headers: Headers, key: string): Headers {
  return headers.filter((header) => header.key !== key);
}

/** Keeps only the last header of each key, or of the one key given. */
export function retainLatestHeaders(headers: Headers, key?: string): Headers {
  const seen = new Set<string>();
  return headers
    .toReversed()
    .filter((header) => {
      if (key !== undefined && header.key !== key) return true;
      if (seen.has(header.key)) return false;
      seen.add(header.key);
      return true;
    })
    .toReversed();
}

/**
 * Each header replaced by what `transform` makes of it (`null` drops it); with `key`, only the
 * headers of that key are given to `transform`.
 */
export function applyToHeaders(
  headers: Headers,
  transform: (header: Header) => Header | null,
  key?: string,
): Headers {
  return headers.flatMap((header) => {
    if (key !== undefined && header.key !== key) return [header];
    const made = transform(header);
    return made === null ? [] : [newHeader(made.key, made.value, made.schema)];
  });
}

/** Whether two lists hold equal headers in the same order. */
export function headersEqual(a: Headers, b: Headers): boolean {
  return (
    a.length === b.length &&
    a.every((header, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        header.key === other.key &&
        schemaEquals(header.schema, other.schema) &&
        valueEquals(header.value, other.value)
      );
    })
  );
}
