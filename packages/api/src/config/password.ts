const PASSWORD = Symbol.for('sluice.Password');
const HIDDEN = '[hidden]';

/**
 * A secret (Invariant 10). Every text form of it is `[hidden]`; only {@link Password.value} gives it away.
 * Mirrors `org.apache.kafka.common.config.types.Password`.
 */
export class Password {
  /** What a password prints as. */
  static readonly HIDDEN: string = HIDDEN;
  readonly #value: string;

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, PASSWORD) === true;
  }

  constructor(value: string) {
    this.#value = value;
  }

  get [PASSWORD](): true {
    return true;
  }

  /** The secret itself: never log it. */
  value(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
