import { ConnectError } from '@sluice/api';
import { isRetriableError } from '../data-plane/errors/retriable.ts';
import { toError } from '../data-plane/errors/thrown.ts';
import { RENDERED_TRACE, renderTrace } from '../logging/render-trace.ts';

/** An error on its way between threads: cloning would lose its class and its causes' classes. */
export interface ThrownMessage {
  readonly message: string;
  readonly code: string;
  readonly isRetriable: boolean;
  /** As renderTrace gives it, causes included. */
  readonly trace: string;
}

/** Takes down what was thrown, for the other thread. */
export function toThrownMessage(thrown: unknown): ThrownMessage {
  const error = toError(thrown);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'CONNECT_ERROR';
  return {
    message: error.message,
    code,
    isRetriable: isRetriableError(error),
    trace: renderTrace(error),
  };
}

/** An error that was thrown in another thread; its trace is the one from there. */
export class ForeignThreadError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.ForeignThreadError');
  readonly #thrown: ThrownMessage;

  constructor(thrown: ThrownMessage) {
    super(thrown.message, { code: thrown.code });
    this.#thrown = thrown;
  }

  override get isRetriable(): boolean {
    return this.#thrown.isRetriable;
  }

  get [RENDERED_TRACE](): string {
    return this.#thrown.trace;
  }
}
