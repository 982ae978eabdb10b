import { ConnectError } from './connect-error.ts';

/** Something to be made is there already. Mirrors `AlreadyExistsException`. */
export class AlreadyExistsError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.AlreadyExistsError');
  static override readonly defaultCode: string = 'CONNECT_ALREADY_EXISTS';
}
