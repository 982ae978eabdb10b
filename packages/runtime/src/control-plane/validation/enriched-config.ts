import {
  ConfigDef,
  ConfigError,
  type ConfigKey,
  type ConfigKeySpec,
  type ConfigValue,
  type Recommender,
} from '@sluice/api';
import type { ConnectorConfigInput } from '@sluice/rest';
import { TRANSFORMATION_KEYS, aliasKeys } from '../../config/alias-keys.ts';
import {
  SINK_CONNECTOR_CONFIG,
  SOURCE_CONNECTOR_CONFIG,
} from '../../config/connector-config-def.ts';
import { offering } from '../../config/connector-validators.ts';
import type { Plugin, PluginCatalog, PluginType } from '../../plugins/plugin-catalog.ts';

/** The worker's own converters, which connectors without one use. */
export interface WorkerConverters {
  readonly 'key.converter': Plugin;
  readonly 'value.converter': Plugin;
  readonly 'header.converter': Plugin;
}

/** A plug-in under a prefix whose config can only be checked by its code. */
export interface CodeCheck {
  readonly prefix: string;
  readonly plugin: Plugin;
}

/** The framework's keys for one connector, with those of its transformations and predicates. */
export interface EnrichedConfig {
  readonly def: ConfigDef;
  /** The config with the class names that the aliases in it mean. */
  readonly props: ConnectorConfigInput;
  /** The classes that were found, by key. */
  readonly resolved: Readonly<Record<string, string>>;
  /** What is wrong with a key before its definition is asked, by key. */
  readonly errors: ReadonlyMap<string, string>;
  /** Classes that are there but of another kind, by key: they are shown, with an error. */
  readonly wrongClasses: ReadonlyMap<string, string>;
  readonly codeChecks: readonly CodeCheck[];
}

const CONVERTER_TYPES: Readonly<Record<keyof WorkerConverters, PluginType>> = {
  'key.converter': 'converter',
  'value.converter': 'converter',
  'header.converter': 'header_converter',
};

/**
 * The definition that a connector's config is checked against. Mirrors `ConnectorConfig.enrich`
 * and `EnrichedConnectorConfig`.
 *
 * @param unusable transformations and predicates that can't be made, with the reason, by the key of
 * their class: they bring no keys of their own
 */
export function enrichedConfig(
  connector: Plugin,
  props: ConnectorConfigInput,
  catalog: PluginCatalog,
  converters: WorkerConverters,
  unusable: ReadonlyMap<string, string>,
): EnrichedConfig {
  const base = connector.type === 'source' ? SOURCE_CONNECTOR_CONFIG : SINK_CONNECTOR_CONFIG;
  const enrichment = new Enrichment(props, catalog, unusable);
  enrichment.converterDefaults(base, connector, converters);
  enrichment.aliases('transforms', 'Transformation');
  enrichment.aliases('predicates', 'Predicate');
  enrichment.predicateReferences();
  return enrichment.result();
}

class Enrichment {
  readonly #given: ConnectorConfigInput;
  readonly #catalog: PluginCatalog;
  readonly #unusable: ReadonlyMap<string, string>;
  readonly #keys = new Map<string, ConfigKey>();
  readonly #resolved: Record<string, string> = {};
  readonly #errors = new Map<string, string>();
  readonly #codeChecks: CodeCheck[] = [];
  /** Keys that name a class which is there, but is of another kind. */
  readonly #wrongClasses = new Map<string, string>();

  constructor(
    given: ConnectorConfigInput,
    catalog: PluginCatalog,
    unusable: ReadonlyMap<string, string>,
  ) {
    this.#given = given;
    this.#catalog = catalog;
    this.#unusable = unusable;
  }

  result(): EnrichedConfig {
    return {
      def: ConfigDef.ofKeys(this.#keys.values()),
      props: { ...this.#given, ...this.#resolved },
      resolved: this.#resolved,
      errors: this.#errors,
      wrongClasses: this.#wrongClasses,
      codeChecks: this.#codeChecks,
    };
  }

  /** Keys whose default and recommendations depend on the worker and on what is installed. */
  converterDefaults(base: ConfigDef, connector: Plugin, converters: WorkerConverters): void {
    for (const key of base.keys.values()) this.#keys.set(key.name, key);
    this.#change('connector.plugin.version', {
      defaultValue: connector.version,
      recommender: offering([connector.version]),
    });
    for (const name of CONVERTER_KEYS) {
      const type = CONVERTER_TYPES[name];
      const isGiven = (this.#given[name] ?? null) !== null;
      const version = `${name}.plugin.version`;
      const chosen =
        this.#resolveClass(name, type, connector) ?? (isGiven ? null : converters[name]);
      this.#change(name, {
        defaultValue: converters[name].className,
        recommender: offering(this.#catalog.list([type]).map(({ className }) => className)),
      });
      this.#change(version, {
        defaultValue: chosen?.version ?? null,
        recommender:
          chosen === null && !this.#wrongClasses.has(name)
            ? NOT_SHOWN
            : offering(chosen === null ? [] : [chosen.version]),
      });
    }
  }

  aliases(list: 'transforms' | 'predicates', kind: 'Transformation' | 'Predicate'): void {
    const type = kind === 'Transformation' ? 'transformation' : 'predicate';
    const recommender = offering(this.#catalog.list([type]).map(({ className }) => className));
    for (const alias of aliasesIn(this.#given, list)) {
      const prefix = `${list}.${alias}.`;
      const group = `${kind === 'Transformation' ? 'Transforms' : 'Predicates'}: ${alias}`;
      const plugin = this.#resolveClass(`${prefix}type`, type);
      const version = plugin?.version ?? null;
      this.#add(prefix, aliasKeys({ kind, group, alias, version, recommender }));
      const problem = this.#unusable.get(`${prefix}type`);
      if (problem !== undefined) this.#errors.set(`${prefix}type`, problem);
      if (plugin === null || problem !== undefined) continue;
      const own =
        kind === 'Transformation' ? merged(plugin.config, TRANSFORMATION_KEYS) : plugin.config;
      for (const key of new ConfigDef({}).embed(prefix, group, 2, own).keys.values())
        this.#keys.set(key.name, key);
      if (plugin.needsCode) this.#codeChecks.push({ prefix, plugin });
    }
  }

  /** A predicate that is named has to be there, and `negate` needs one (R2.61). */
  predicateReferences(): void {
    const predicates = aliasesIn(this.#given, 'predicates');
    for (const alias of aliasesIn(this.#given, 'transforms')) {
      const key = `transforms.${alias}.predicate`;
      const negate = `transforms.${alias}.negate`;
      const predicate = this.#given[key] ?? null;
      if (predicate !== null && !predicates.has(predicate))
        this.#errors.set(
          key,
          `Invalid value ${predicate} for configuration ${key}: there is no such name in ` +
            `"predicates" (${[...predicates].join(', ') || 'which is empty'})`,
        );
      if (predicate === null && (this.#given[negate] ?? null) !== null)
        this.#errors.set(
          `transforms.${alias}.type`,
          `Config '${negate}' was provided but there is no config '${key}' defining a predicate ` +
            'to be negated.',
        );
    }
  }

  /** The plug-in that a class key names; null when it names none, with an error if it should. */
  #resolveClass(key: string, type: PluginType, beside: Plugin | null = null): Plugin | null {
    const name = this.#given[key]?.trim() ?? null;
    if (name === null) return null;
    const versionKey = key.endsWith('.type') ? key.slice(0, -'type'.length) : `${key}.`;
    try {
      const version = this.#given[`${versionKey}plugin.version`] ?? null;
      const plugin =
        beside === null
          ? this.#catalog.find(type, name, version)
          : this.#catalog.findBeside(beside, type, name, version);
      if (plugin !== null) {
        this.#resolved[key] = plugin.className;
        return plugin;
      }
      this.#errors.set(key, this.#classError(key, name, type));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#errors.set(key, error.message);
    }
    return null;
  }

  /** Why a class can't be used: it is of another kind, only has inner classes, or is not there. */
  #classError(key: string, name: string, type: PluginType): string {
    const all = this.#catalog.list();
    const inner = [`${name}$Key`, `${name}$Value`].filter((each) =>
      all.some(({ className, type: kind }) => className === each && kind === type),
    );
    const isThere = all.some(
      ({ className }) => className === name || className.startsWith(`${name}$`),
    );
    if (inner.length > 0 || isThere) this.#wrongClasses.set(key, name);
    if (inner.length > 0)
      return `This class is abstract and cannot be created. Did you mean ${inner.join(', ')}?`;
    if (isThere) return `Class class ${name} does not implement the ${INTERFACES[type]} interface`;
    const missing = ConfigError.ofValue(key, name, `Class ${name} could not be found.`).message;
    return missing + this.#catalog.hint(type, name);
  }

  #add(prefix: string, specs: Readonly<Record<string, ConfigKeySpec>>): void {
    const named = Object.entries(specs).map(([name, spec]) => [prefix + name, spec]);
    const def = new ConfigDef(Object.fromEntries(named));
    for (const key of def.keys.values()) this.#keys.set(key.name, key);
  }

  #change(name: string, change: Partial<ConfigKey>): void {
    const key = this.#keys.get(name);
    if (key !== undefined) this.#keys.set(name, { ...key, ...change });
  }
}

/** Java's names of what a class of that type implements. */
const INTERFACES: Readonly<Record<PluginType, string>> = {
  source: 'SourceConnector',
  sink: 'SinkConnector',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
  transformation: 'Transformation',
  predicate: 'Predicate',
};

/** For a version of which nothing can be said, because the class is not there. */
const NOT_SHOWN: Recommender = { validValues: () => [], visible: () => false };

/** The three keys that name converters, in the order in which Java shows what they bring. */
export const CONVERTER_KEYS = ['header.converter', 'key.converter', 'value.converter'] as const;

/** The names in a list of aliases, without doubles. */
export function aliasesIn(props: ConnectorConfigInput, list: string): ReadonlySet<string> {
  const text = props[list]?.trim() ?? '';
  return new Set(text === '' ? [] : text.split(',').map((alias) => alias.trim()));
}

/** The definition's answer for every key, class errors in place of what it says of them. */
export function validateEnriched(enriched: EnrichedConfig): readonly ConfigValue[] {
  const { def, errors, wrongClasses } = enriched;
  const isLeftOut = (key: string): boolean => errors.has(key) && !isUsable(key);
  const isUsable = (key: string): boolean =>
    def.keys.get(key)?.type !== 'CLASS' || Object.hasOwn(enriched.resolved, key);
  const props = Object.fromEntries(
    Object.entries(enriched.props).filter(([key]) => !isLeftOut(key)),
  );
  return def.validate(props).map((value) => {
    const error = errors.get(value.name);
    if (error === undefined) return value;
    // A class that is not there was not parsed: no value, and no complaint that it is missing.
    return isUsable(value.name)
      ? { ...value, errorMessages: [...value.errorMessages, error] }
      : { ...value, value: wrongClasses.get(value.name) ?? null, errorMessages: [error] };
  });
}

/** A plug-in's own keys win over the framework's of the same name. */
function merged(own: ConfigDef, framework: ConfigDef): ConfigDef {
  const added = [...framework.keys.values()].filter(({ name }) => !own.keys.has(name));
  return ConfigDef.ofKeys([...own.keys.values(), ...added]);
}
