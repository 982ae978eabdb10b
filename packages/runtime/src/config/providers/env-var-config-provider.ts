import { ConfigError, type Props } from '@sluice/api';
import type { ConfigData, ConfigProvider } from './config-provider.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `${env:NAME}`. Mirrors `EnvVarConfigProvider` (R7.04). */
export class EnvVarConfigProvider implements ConfigProvider {
  readonly #environment: Environment;
  readonly #allowed: RegExp;

  constructor(params: Props, environment: Environment = process.env) {
    this.#environment = environment;
    const pattern = params['allowlist.pattern'] ?? '.*';
    try {
      this.#allowed = new RegExp(`^(?:${pattern})$`);
    } catch (error) {
      throw ConfigError.ofValue('allowlist.pattern', pattern, `not a pattern: ${String(error)}`);
    }
  }

  get(path: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    if (path !== '')
      return Promise.reject(
        new ConfigError(`Environment variables have no path: write \${env:NAME}, not "${path}".`),
      );
    const data = new Map<string, string>();
    for (const key of keys) {
      const value = this.#allowed.test(key) ? this.#environment[key] : undefined;
      if (value !== undefined) data.set(key, value);
    }
    return Promise.resolve({ data, ttlMs: null });
  }
}
