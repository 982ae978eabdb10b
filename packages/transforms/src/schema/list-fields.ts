import { DataError, type Field, type Schema } from '@sluice/api';

/** The fields of a struct schema. @throws DataError, with Java's words, for another type */
export function listFields(schema: Schema): readonly Field[] {
  if (schema.type === 'STRUCT') return schema.fields;
  throw new DataError('Cannot list fields on non-struct type');
}
