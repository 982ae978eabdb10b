/** What a provider gives for one path. */
export interface ConfigData {
  /** Values by key; a key that is not known is missing. */
  readonly data: ReadonlyMap<string, string>;
  /** After how many milliseconds to ask again; `null`: it does not change. */
  readonly ttlMs: number | null;
}

/**
 * Gives values for references such as `${file:/path:key}`. Mirrors
 * `org.apache.kafka.common.config.provider.ConfigProvider`.
 */
export interface ConfigProvider {
  /** @param path what stands between the first and the second colon; empty with one colon */
  get(path: string, keys: ReadonlySet<string>): Promise<ConfigData>;
}
