import { DataError } from './data-error.ts';

/** A schema put together against the rules. Mirrors `SchemaBuilderException`. */
export class SchemaBuilderError extends DataError {
  static override readonly brand: symbol = Symbol.for('sluice.SchemaBuilderError');
  static override readonly defaultCode: string = 'CONNECT_SCHEMA_BUILDER';
}
