import { ConfigError } from '../../errors/config-error.ts';

/** A login module's options, as `sasl.jaas.config` gives them. No error shows a value. */
export class JaasOptions {
  readonly loginModule: string;
  readonly #options: ReadonlyMap<string, string>;

  constructor(loginModule: string, options: ReadonlyMap<string, string>) {
    this.loginModule = loginModule;
    this.#options = options;
  }

  get names(): readonly string[] {
    return [...this.#options.keys()];
  }

  /** `null` where it is not set, or empty. */
  get(name: string): string | null {
    const value = this.#options.get(name);
    return value === undefined || value === '' ? null : value;
  }

  flag(name: string): boolean {
    return this.get(name)?.toLowerCase() === 'true';
  }

  /** Options that begin with `prefix`, without it. */
  withPrefix(prefix: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [name, value] of this.#options) {
      if (name.startsWith(prefix)) found.set(name.slice(prefix.length), value);
    }
    return found;
  }
}

export function jaasError(what: string): ConfigError {
  return new ConfigError(`Invalid value [hidden] for configuration sasl.jaas.config: ${what}`);
}
