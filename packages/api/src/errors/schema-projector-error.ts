import { DataError } from './data-error.ts';

/** A value that cannot be projected from one schema to another. Mirrors `SchemaProjectorException`. */
export class SchemaProjectorError extends DataError {
  static override readonly brand: symbol = Symbol.for('sluice.SchemaProjectorError');
  static override readonly defaultCode: string = 'CONNECT_SCHEMA_PROJECTOR';
}
