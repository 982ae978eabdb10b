/** Parsed values by key; a key that could not be parsed is null. */
export type ParsedConfig = Readonly<Record<string, unknown>>;

/**
 * Offers values for a key, and says whether it matters at present, from all parsed values.
 * Mirrors `ConfigDef.Recommender`. Both may throw a ConfigError, which lands in the key's errors.
 */
export interface Recommender {
  validValues(name: string, config: ParsedConfig): readonly unknown[];
  visible(name: string, config: ParsedConfig): boolean;
}
