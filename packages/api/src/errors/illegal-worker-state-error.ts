import { ConnectError } from './connect-error.ts';

/** A call that the worker's present state forbids. Mirrors `IllegalWorkerStateException`. */
export class IllegalWorkerStateError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.IllegalWorkerStateError');
  static override readonly defaultCode: string = 'CONNECT_ILLEGAL_WORKER_STATE';
}
