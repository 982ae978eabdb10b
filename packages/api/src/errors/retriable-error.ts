import { ConnectError } from './connect-error.ts';

/** A failure that may pass: the worker makes the same call again. Mirrors `RetriableException`. */
export class RetriableError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.RetriableError');
  static override readonly defaultCode: string = 'CONNECT_RETRIABLE';

  override get isRetriable(): boolean {
    return true;
  }
}
