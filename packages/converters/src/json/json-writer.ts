import { escapeAsJava, type Schema } from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';
import { compileJsonTextWriter, type JsonWriter } from './json-text-writer.ts';
import { compileJsonable, NotPlain } from './jsonable.ts';

/**
 * Compiles a schema to a function that writes its values as JSON. Values are brought into a form
 * that `JSON.stringify` writes as Java does: natively that is three times faster than putting the
 * text together. Where JavaScript would reorder the members (names that look like indexes), the
 * text is put together.
 */
export function compileJsonWriter(schema: Schema | null, format: JsonFormat): JsonWriter {
  const writeText = compileJsonTextWriter(schema, format);
  const toJsonable = schema === null ? null : compileJsonable(schema, format);
  if (toJsonable === null) return writeText;
  return (value) => {
    try {
      return escapeAsJava(JSON.stringify(toJsonable(value)));
    } catch (error) {
      if (!(error instanceof NotPlain)) throw error;
      return writeText(value);
    }
  };
}
