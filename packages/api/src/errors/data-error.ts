import { ConnectError } from './connect-error.ts';

/** Data that a schema, converter or transformation cannot accept. Mirrors `DataException`. */
export class DataError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.DataError');
  static override readonly defaultCode: string = 'CONNECT_DATA';
}
