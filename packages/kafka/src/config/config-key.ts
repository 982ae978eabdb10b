/** Types of `ConfigDef` that client keys have. Values come as text. */
export type ConfigType =
  | 'BOOLEAN'
  | 'CLASS'
  | 'DOUBLE'
  | 'INT'
  | 'LIST'
  | 'LONG'
  | 'PASSWORD'
  | 'SHORT'
  | 'STRING';

/** What a text is parsed to, by its key's type. */
export type ConfigValue = string | number | boolean | readonly string[] | null;

/** Says what is wrong with a value, in Java's words, or `null` when nothing is. */
export type ConfigRule = (value: ConfigValue, text: string) => string | null;

/**
 * Whether this client does what the key says:
 * `yes`; `no`: the user is told so when he sets it to something else than the default; `ignored`:
 * it has no meaning without a JVM (or is the same as what we do), and nobody would miss it.
 */
type ConfigSupport = 'yes' | 'no' | 'ignored';

/** One key of a client's configuration, as `ConfigDef.ConfigKey`. */
export interface ConfigKey {
  readonly type: ConfigType;
  /** `undefined`: the key must be given. */
  readonly default: ConfigValue | undefined;
  readonly rule: ConfigRule | null;
  readonly support: ConfigSupport;
}

/** Keys by name. */
export type ConfigTable = Readonly<Record<string, ConfigKey>>;

/** A key that the client honours. */
export function key(
  type: ConfigType,
  defaultValue: ConfigValue | undefined,
  rule: ConfigRule | null = null,
): ConfigKey {
  return { type, default: defaultValue, rule, support: 'yes' };
}

/** A key of Java's that the client knows but can't honour. */
export function unsupported(
  type: ConfigType,
  defaultValue: ConfigValue | undefined,
  rule: ConfigRule | null = null,
): ConfigKey {
  return { type, default: defaultValue, rule, support: 'no' };
}

/** A key without meaning here. */
export function ignored(
  type: ConfigType,
  defaultValue: ConfigValue,
  rule: ConfigRule | null = null,
): ConfigKey {
  return { type, default: defaultValue, rule, support: 'ignored' };
}

export const atLeast =
  (min: number): ConfigRule =>
  (value) =>
    typeof value === 'number' && value < min ? `Value must be at least ${min}` : null;

/** `maxText`: the largest value as Java prints it, where that differs. */
export const between =
  (min: number, max: number, maxText = String(max)): ConfigRule =>
  (value) => {
    if (typeof value !== 'number') return null;
    if (value < min) return `Value must be at least ${min}`;
    return value > max ? `Value must be no more than ${maxText}` : null;
  };

export const oneOf =
  (...allowed: readonly string[]): ConfigRule =>
  (value) =>
    typeof value === 'string' && !allowed.includes(value)
      ? `String must be one of: ${allowed.join(', ')}`
      : null;

export const oneOfIgnoringCase =
  (...allowed: readonly string[]): ConfigRule =>
  (value) =>
    typeof value === 'string' && !allowed.some((each) => each.toLowerCase() === value.toLowerCase())
      ? `String must be one of (case insensitive): ${allowed.join(', ')}`
      : null;

export const notEmpty: ConfigRule = (value) => (value === '' ? 'String must be non-empty' : null);
