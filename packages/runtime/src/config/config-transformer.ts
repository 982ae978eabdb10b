import { ConfigError, ConnectError, nearestName, type Props } from '@sluice/api';
import { PROVIDER_REFERENCE, providerNames } from './config-origins.ts';
import type { ConfigData, ConfigProvider } from './providers/config-provider.ts';
import { EnvVarConfigProvider } from './providers/env-var-config-provider.ts';
import { DirectoryConfigProvider, FileConfigProvider } from './providers/file-config-provider.ts';

/** A config with its references replaced. */
export interface TransformedConfig {
  readonly props: Props;
  /** Per path of a provider that said so: after how many milliseconds its values may change. */
  readonly ttls: ReadonlyMap<string, number>;
}

/** What is asked of a provider at once, and who asked first. */
interface LookUp {
  readonly name: string;
  readonly path: string;
  readonly keys: Set<string>;
  readonly asking: string;
  readonly reference: string;
}

const PROVIDER_PACKAGE = 'org.apache.kafka.common.config.provider.';
const PROVIDERS: ReadonlyMap<string, (params: Props) => ConfigProvider> = new Map<
  string,
  (params: Props) => ConfigProvider
>([
  [`${PROVIDER_PACKAGE}FileConfigProvider`, (params) => new FileConfigProvider(params)],
  [`${PROVIDER_PACKAGE}DirectoryConfigProvider`, (params) => new DirectoryConfigProvider(params)],
  [`${PROVIDER_PACKAGE}EnvVarConfigProvider`, (params) => new EnvVarConfigProvider(params)],
]);

/**
 * Replaces references to config providers (R7.01): in one pass, unknown providers and keys left as
 * they stand. Mirrors `WorkerConfigTransformer`.
 */
export class ConfigTransformer {
  readonly #providers: ReadonlyMap<string, ConfigProvider>;

  constructor(providers: ReadonlyMap<string, ConfigProvider>) {
    this.#providers = providers;
  }

  /**
   * With the providers that `config.providers` of a worker names.
   *
   * @param plugins providers that packages bring, by the name used in the properties
   * @throws ConfigError when a class is missing or unknown
   */
  static ofWorker(
    props: Props,
    plugins: ReadonlyMap<string, (params: Props) => ConfigProvider> = new Map(),
  ): ConfigTransformer {
    const providers = providerNames(props).map((name): [string, ConfigProvider] => [
      name,
      providerOf(name, props, plugins),
    ]);
    return new ConfigTransformer(new Map(providers));
  }

  /**
   * @throws ConfigError when a provider can't read what is asked of it; its context holds `key` and
   *   `reference` of the first that asks
   */
  async transform(props: Props): Promise<TransformedConfig> {
    const found = await this.#lookUp(props);
    const replaced = Object.entries(props).map(([key, value]): [string, string] => [
      key,
      this.#replace(value, found.values),
    ]);
    return { props: Object.fromEntries(replaced), ttls: found.ttls };
  }

  async #lookUp(
    props: Props,
  ): Promise<{ values: ReadonlyMap<string, string>; ttls: ReadonlyMap<string, number> }> {
    const wanted = new Map<string, LookUp>();
    for (const [asking, value] of Object.entries(props))
      for (const match of value.matchAll(PROVIDER_REFERENCE)) {
        const [reference, name = '', path = '', key = ''] = match;
        if (!this.#providers.has(name)) continue;
        const place = JSON.stringify([name, path]);
        const entry = wanted.get(place) ?? { name, path, asking, reference, keys: new Set() };
        entry.keys.add(key);
        wanted.set(place, entry);
      }
    const found = new Map<string, string>();
    const ttls = new Map<string, number>();
    for (const lookUp of wanted.values()) {
      const { name, path } = lookUp;
      const answer = await this.#ask(lookUp);
      for (const [key, value] of answer?.data ?? []) found.set(placeOf(name, path, key), value);
      if (typeof answer?.ttlMs === 'number') ttls.set(path, answer.ttlMs);
    }
    return { values: found, ttls };
  }

  async #ask({ name, path, keys, asking, reference }: LookUp): Promise<ConfigData | undefined> {
    try {
      return await this.#providers.get(name)?.get(path, keys);
    } catch (error) {
      // Another error of Connect keeps its class: what reads it may try again.
      if (error instanceof ConnectError && !(error instanceof ConfigError)) throw error;
      throw new ConfigError(error instanceof Error ? error.message : String(error), {
        cause: error,
        context: { key: asking, reference },
      });
    }
  }

  #replace(value: string, found: ReadonlyMap<string, string>): string {
    return value.replace(
      PROVIDER_REFERENCE,
      (literal: string, name = '', path = '', key = '') =>
        found.get(placeOf(String(name), String(path), String(key))) ?? literal,
    );
  }
}

function placeOf(name: string, path: string, key: string): string {
  return JSON.stringify([name, path, key]);
}

function providerOf(
  name: string,
  props: Props,
  plugins: ReadonlyMap<string, (params: Props) => ConfigProvider>,
): ConfigProvider {
  const classKey = `config.providers.${name}.class`;
  const className = props[classKey]?.trim();
  if (className === undefined)
    throw new ConfigError(
      `"config.providers" names the provider "${name}", but its class is missing: set ${classKey}.`,
      { context: { key: 'config.providers' } },
    );
  const create = plugins.get(className) ?? PROVIDERS.get(className);
  if (create === undefined) {
    const known = [...PROVIDERS.keys()];
    const nearest = nearestName(className, known);
    const guess = nearest === null ? '' : ` (did you mean ${nearest}?)`;
    throw ConfigError.ofValue(
      classKey,
      className,
      `there is no such config provider here${guess}. Known are ${known.join(', ')}. ` +
        `Remove "${name}" from config.providers, or use one of these`,
    );
  }
  const prefix = `config.providers.${name}.param.`;
  const params = Object.entries(props)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  return create(Object.fromEntries(params));
}
