import type { PluginDefinition, Props } from '../connector.ts';

/** Values that stand behind references. Mirrors `ConfigData`. */
export interface ConfigData {
  readonly data: Readonly<Record<string, string>>;
  /** How long they hold, in milliseconds; `null` (default): as long as nobody asks again. */
  readonly ttlMs?: number | null;
}

/**
 * Looks up what `${provider:path:key}` in configs stands for: secrets, values of the environment.
 * Mirrors `org.apache.kafka.common.config.provider.ConfigProvider`.
 */
export interface ConfigProvider {
  configure(props: Props): void;
  /**
   * The values of some keys at a path (`''` when the reference has none). Keys that are not there
   * are left out: the reference then stays as it is written.
   *
   * @throws ConfigError when the path may not or cannot be read
   */
  get(path: string, keys: ReadonlySet<string>): ConfigData | Promise<ConfigData>;
  close?(): void | Promise<void>;
}

export interface ConfigProviderPlugin extends PluginDefinition<ConfigProvider> {
  readonly type: 'configprovider';
}
