import { ConfigError } from '../errors/config-error.ts';
import type { KafkaLogger } from '../logger.ts';
import type { ConfigKey, ConfigTable, ConfigType, ConfigValue } from './config-key.ts';

/**
 * Java's ranges of the whole-number types. Longs are numbers here: what is beyond 2^53 is cut to
 * it.
 */
const WHOLE: Readonly<Partial<Record<ConfigType, readonly [bigint, bigint]>>> = {
  SHORT: [-32_768n, 32_767n],
  INT: [-2_147_483_648n, 2_147_483_647n],
  LONG: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

/** The parsed configuration of one client: every key of its table has a value. */
export class ConfigValues {
  readonly #values: ReadonlyMap<string, ConfigValue>;
  readonly #given: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, ConfigValue>, given: ReadonlySet<string>) {
    this.#values = values;
    this.#given = given;
  }

  /** Whether the user set it. */
  isGiven(key: string): boolean {
    return this.#given.has(key);
  }
  number(key: string): number {
    const value = this.#values.get(key);
    if (typeof value === 'number') return value;
    throw noSuch(key, 'number');
  }
  nullableNumber(key: string): number | null {
    const value = this.#values.get(key);
    if (typeof value === 'number' || value === null) return value;
    throw noSuch(key, 'number');
  }
  boolean(key: string): boolean {
    const value = this.#values.get(key);
    if (typeof value === 'boolean') return value;
    throw noSuch(key, 'boolean');
  }
  string(key: string): string {
    const value = this.#values.get(key);
    if (typeof value === 'string') return value;
    throw noSuch(key, 'string');
  }
  nullableString(key: string): string | null {
    const value = this.#values.get(key);
    if (typeof value === 'string' || value === null) return value;
    throw noSuch(key, 'string');
  }
  list(key: string): readonly string[] {
    const value = this.#values.get(key);
    if (typeof value === 'object' && value !== null) return value;
    throw noSuch(key, 'list');
  }
}

/**
 * Parses a client's properties, as `AbstractConfig` does. Keys that the client does not know or
 * can't honour are told to the logger, by name.
 *
 * @throws ConfigError in Java's wording
 */
export function parseConfig(
  client: string,
  table: ConfigTable,
  properties: Readonly<Record<string, string>>,
  logger: KafkaLogger,
): ConfigValues {
  const values = new Map<string, ConfigValue>();
  const given = new Set<string>();
  for (const [name, key] of Object.entries(table)) {
    const text = properties[name];
    if (text !== undefined) given.add(name);
    values.set(name, text === undefined ? defaultOf(name, key) : parseValue(name, key, text));
  }
  for (const name of Object.keys(properties)) {
    if (table[name] === undefined) {
      logger.warn(`The ${client} was given the key "${name}", which is not one of its keys`);
    }
  }
  for (const name of given) {
    const key = table[name];
    if (key?.support !== 'no' || equals(values.get(name), key.default)) continue;
    logger.warn(
      `The ${client} was given the key "${name}", which is known from Java's client ` +
        'but has no effect here',
    );
  }
  return new ConfigValues(values, given);
}

function defaultOf(name: string, key: ConfigKey): ConfigValue {
  if (key.default !== undefined) return key.default;
  throw new ConfigError(`Missing required configuration "${name}" which has no default value.`);
}

function parseValue(name: string, key: ConfigKey, text: string): ConfigValue {
  const value = parseType(name, key.type, text);
  const problem = key.rule?.(value, text) ?? null;
  if (problem !== null) throw invalid(name, key.type, text, problem);
  return value;
}

function parseType(name: string, type: ConfigType, text: string): ConfigValue {
  const trimmed = text.trim();
  switch (type) {
    case 'BOOLEAN': {
      const lower = trimmed.toLowerCase();
      if (lower === 'true' || lower === 'false') return lower === 'true';
      throw invalid(name, type, text, 'Expected value to be either true or false');
    }
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return parseWhole(name, type, trimmed, text);
    case 'DOUBLE': {
      const value = trimmed === '' ? Number.NaN : Number(trimmed);
      if (!Number.isNaN(value)) return value;
      throw invalid(name, type, text, 'Not a number of type DOUBLE');
    }
    case 'LIST':
      return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
    case 'CLASS':
    case 'STRING':
      return trimmed;
    case 'PASSWORD':
      return text;
    default:
      return type satisfies never;
  }
}

function parseWhole(name: string, type: ConfigType, trimmed: string, text: string): number {
  const range = WHOLE[type];
  const value = /^[+-]?\d+$/.test(trimmed) ? BigInt(trimmed.replace(/^\+/, '')) : null;
  if (range === undefined || value === null || value < range[0] || value > range[1]) {
    throw invalid(name, type, text, `Not a number of type ${type}`);
  }
  return Math.max(Math.min(Number(value), Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
}

function invalid(name: string, type: ConfigType, text: string, problem: string): ConfigError {
  const shown = type === 'PASSWORD' ? '[hidden]' : text;
  return new ConfigError(`Invalid value ${shown} for configuration ${name}: ${problem}`);
}

function equals(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function noSuch(key: string, type: string): Error {
  return new TypeError(`The configuration has no ${type} "${key}"`);
}
