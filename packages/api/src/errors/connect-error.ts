import { hasBrand, ownBrand } from './brand.ts';

/** What every {@link ConnectError} may carry beside its message. */
export interface ConnectErrorOptions {
  /** A stable code, `CONNECT_*` by convention; each class has its default. */
  readonly code?: string;
  /** What led to it. */
  readonly cause?: unknown;
  /** Where it happened: connector, task, topic, key ... Never secrets. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * The root of all errors that plug-ins throw on purpose. Mirrors
 * `org.apache.kafka.connect.errors.ConnectException`. Not retriable unless a subclass says so.
 */
export class ConnectError extends Error {
  /** Makes `instanceof` work across package copies. A subclass without one is told by its chain. */
  static readonly brand: symbol = Symbol.for('sluice.ConnectError');
  /** The code of instances that name none. */
  static readonly defaultCode: string = 'CONNECT_ERROR';

  static override [Symbol.hasInstance](value: unknown): boolean {
    const brand = ownBrand(this);
    return brand === undefined
      ? Function.prototype[Symbol.hasInstance].call(this, value)
      : hasBrand(value, brand);
  }

  readonly code: string;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(message: string, options: ConnectErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? new.target.defaultCode;
    this.context = options.context ?? {};
  }

  /** Whether the same call may succeed when made again later. */
  get isRetriable(): boolean {
    return false;
  }
}
