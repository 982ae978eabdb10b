import { INT64_MAX } from '../data/int64.ts';
import { ConfigError } from '../errors/config-error.ts';
import type { ConfigKey, ConfigKeySpec, ConfigTypes } from './config-key.ts';
import type { ConfigValue } from './config-value.ts';
import { embeddedKey } from './embedded-key.ts';
import { ensureValid } from './ensure-valid.ts';
import { parseType } from './parse-type.ts';
import { sortedKeys } from './sorted-keys.ts';
import { validateAll } from './validate-all.ts';

/** Keys and what they mean, as an author writes them down. */
export type ConfigSpec = Readonly<Record<string, ConfigKeySpec>>;

/** The type that one key is parsed to: null only where the default is null. */
type ParsedKey<K extends ConfigKeySpec> = K extends { readonly default: null }
  ? ConfigTypes[K['type']] | null
  : ConfigTypes[K['type']];

/** The type that a whole definition is parsed to. */
export type ParsedSpec<S extends ConfigSpec> = { readonly [K in keyof S]: ParsedKey<S[K]> };

/** The parsed config of a definition: `ConfigOf<typeof CONFIG>`. */
export type ConfigOf<D> = D extends ConfigDef<infer S> ? ParsedSpec<S> : never;

/** Values by key: strings as users write them, or values of the key's own type. */
export type ConfigInput = Readonly<Record<string, unknown>>;

/**
 * The keys that a plug-in understands. Written once, as an object; the type of the parsed config
 * follows from it:
 *
 * ```ts
 * const CONFIG = new ConfigDef({
 *   file: { type: 'STRING', default: null, importance: 'HIGH', doc: 'What to read.' },
 *   'batch.size': { type: 'INT', default: 2000, importance: 'LOW', doc: 'Lines per poll.' },
 * });
 * const { file, 'batch.size': batchSize } = CONFIG.parse(props); // string | null, number
 * ```
 *
 * Immutable: `extend`, `merge` and `embed` give new definitions. Defaults are parsed and checked
 * when it is made. Mirrors `org.apache.kafka.common.config.ConfigDef`.
 */
export class ConfigDef<const S extends ConfigSpec = ConfigSpec> {
  /** Keys in the order of definition. */
  readonly keys: ReadonlyMap<string, ConfigKey>;
  /** Groups in the order in which they first appear. */
  readonly groups: readonly string[];

  /** @throws ConfigError when a default does not pass its own checks */
  constructor(spec: S) {
    const keys = Object.entries(spec).map(([name, key]) => configKey(name, key));
    this.keys = new Map(keys.map((key) => [key.name, key]));
    this.groups = [...new Set(keys.flatMap((key) => (key.group === null ? [] : [key.group])))];
  }

  /** A definition of ready-made keys. @throws ConfigError when two have one name */
  static ofKeys(keys: Iterable<ConfigKey>): ConfigDef {
    return combined<ConfigSpec>([], keys);
  }

  /**
   * All keys parsed, with defaults for those not given; unknown keys are left out.
   *
   * @throws ConfigError for the first missing or wrong value
   */
  parse(props: ConfigInput): ParsedSpec<S> {
    this.#requireDependents();
    const values: Record<string, unknown> = {};
    for (const key of this.keys.values()) {
      const value = parseKey(key, props);
      values[key.name] = typeof value === 'bigint' ? exactLong(key.name, value) : value;
    }
    // Each key was parsed to the type that the definition says.
    return values as ParsedSpec<S>;
  }

  /** Every key checked: values, errors, recommendations. Unknown keys are left out. */
  validate(props: ConfigInput): readonly ConfigValue[] {
    return validateAll(this.keys, props);
  }

  /** The default of every key that has one. */
  defaultValues(): Readonly<Record<string, unknown>> {
    const keys = [...this.keys.values()].filter((key) => key.hasDefault);
    return Object.fromEntries(keys.map((key) => [key.name, key.defaultValue]));
  }

  /** These keys and those of `spec`. @throws ConfigError when a key is there twice */
  extend<const E extends ConfigSpec>(spec: E): ConfigDef<S & E> {
    return combined<S & E>(this.keys.values(), new ConfigDef(spec).keys.values());
  }

  /** These keys and another definition's. @throws ConfigError when a key is there twice */
  merge<E extends ConfigSpec>(other: ConfigDef<E>): ConfigDef<S & E> {
    return combined<S & E>(this.keys.values(), other.keys.values());
  }

  /**
   * These keys and a child's under a prefix, such as `transforms.alias.`; its groups become
   * `group: childGroup`, its keys are counted from `startingOrder` in documentation order.
   * Mirrors `ConfigDef.embed`.
   */
  embed(prefix: string, group: string, startingOrder: number, child: ConfigDef): ConfigDef {
    const keys = child.sorted().map((key, i) => embeddedKey(prefix, group, startingOrder + i, key));
    return combined<ConfigSpec>(this.keys.values(), keys);
  }

  /** Keys in the order of documentation: by group, order, required first, importance, name. */
  sorted(): readonly ConfigKey[] {
    return sortedKeys(this.keys.values(), this.groups);
  }

  #requireDependents(): void {
    const missing = [...this.keys.values()].flatMap((key) =>
      key.dependents.filter((name) => !this.keys.has(name)),
    );
    if (missing.length > 0) {
      throw new ConfigError(
        'Some configurations in are referred in the dependents, but not defined: ' +
          [...new Set(missing)].join(','),
      );
    }
  }
}

/** Keys of two definitions in one. @throws ConfigError when a key is there twice */
function combined<T extends ConfigSpec>(
  present: Iterable<ConfigKey>,
  added: Iterable<ConfigKey>,
): ConfigDef<T> {
  const specs = new Map(Array.from(present, (key) => [key.name, specOf(key)]));
  for (const key of added) {
    if (specs.has(key.name)) {
      throw new ConfigError(`Configuration ${key.name} is defined twice.`);
    }
    specs.set(key.name, specOf(key));
  }
  // The keys are those that the type says: it was put together of theirs.
  return new ConfigDef(Object.fromEntries(specs) as T);
}

/** A key as it could have been written down. */
function specOf(key: ConfigKey): ConfigKeySpec {
  return {
    type: key.type,
    ...(key.hasDefault ? { default: key.defaultValue } : {}),
    importance: key.importance,
    doc: key.documentation,
    ...(key.validator === null ? {} : { validator: key.validator }),
    ...(key.group === null ? {} : { group: key.group }),
    orderInGroup: key.orderInGroup,
    width: key.width,
    displayName: key.displayName,
    dependents: key.dependents,
    ...(key.recommender === null ? {} : { recommender: key.recommender }),
    internal: key.internal,
    ...(key.alternativeString === null ? {} : { alternativeString: key.alternativeString }),
  };
}

function configKey(name: string, spec: ConfigKeySpec): ConfigKey {
  const hasDefault = spec.default !== undefined;
  const defaultValue = hasDefault ? parseType(name, spec.default, spec.type) : undefined;
  const validator = spec.validator ?? null;
  if (hasDefault) ensureValid({ name, type: spec.type, validator }, defaultValue);
  return {
    name,
    type: spec.type,
    hasDefault,
    defaultValue,
    validator,
    importance: spec.importance,
    documentation: spec.doc,
    group: spec.group ?? null,
    orderInGroup: spec.orderInGroup ?? -1,
    width: spec.width ?? 'NONE',
    displayName: spec.displayName ?? name,
    dependents: spec.dependents ?? [],
    recommender: spec.recommender ?? null,
    internal: spec.internal ?? false,
    alternativeString: spec.alternativeString ?? null,
  };
}

function parseKey(key: ConfigKey, props: ConfigInput): unknown {
  if (!Object.hasOwn(props, key.name)) {
    if (!key.hasDefault) throw missingRequired(key.name);
    ensureValid(key, key.defaultValue);
    return key.defaultValue;
  }
  const parsed = parseType(key.name, props[key.name], key.type);
  const isListCheck = key.validator?.description.kind === 'valid-list';
  const value = isListCheck && Array.isArray(parsed) ? [...new Set(parsed)] : parsed;
  ensureValid(key, value);
  return value;
}

/**
 * A LONG beyond the safe integers as a number, where that loses nothing. The largest LONG is the
 * exception: it means "no limit", and 2^63 does too.
 */
function exactLong(name: string, value: bigint): number {
  const number = Number(value);
  if (BigInt(number) === value || value === INT64_MAX) return number;
  throw ConfigError.ofValue(
    name,
    value,
    `Beyond ${Number.MAX_SAFE_INTEGER} only powers of two times such a number can be kept exactly`,
  );
}

function missingRequired(name: string): ConfigError {
  return new ConfigError(`Missing required configuration "${name}" which has no default value.`, {
    context: { key: name },
  });
}
