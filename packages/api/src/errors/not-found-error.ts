import { ConnectError } from './connect-error.ts';

/** Something asked for by name is not there. Mirrors `NotFoundException`. */
export class NotFoundError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.NotFoundError');
  static override readonly defaultCode: string = 'CONNECT_NOT_FOUND';
}
