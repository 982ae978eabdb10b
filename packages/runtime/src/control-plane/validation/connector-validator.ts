import {
  type ClientConfigOverridePolicy,
  javaHashOrder,
  type ConfigDef,
  type ConfigValue,
  type Props,
} from '@sluice/api';
import { badRequest, type ConfigInfos, type ConnectorConfigInput } from '@sluice/rest';
import type { ConfigTransformer } from '../../config/config-transformer.ts';
import type { Plugin, PluginCatalog } from '../../plugins/plugin-catalog.ts';
import { configInfo } from './config-infos.ts';
import {
  CONVERTER_KEYS,
  enrichedConfig,
  validateEnriched,
  type CodeCheck,
  type WorkerConverters,
} from './enriched-config.ts';
import { overrideInfos } from './client-overrides.ts';
import { topicErrors } from './topic-checks.ts';
import {
  found,
  namedSteps,
  unusablePlugins,
  type NamedPlugin,
  type ValidateInCode,
} from './unusable-plugins.ts';

/** What validation needs of a worker. */
export interface ConnectorValidatorOptions {
  readonly catalog: PluginCatalog;
  readonly converters: WorkerConverters;
  readonly transformer: ConfigTransformer;
  readonly policy: ClientConfigOverridePolicy;
  /** Runs a plug-in's own checks where plug-in code runs. */
  readonly validateInCode: ValidateInCode;
}

const NULL_VALUE = 'Null value can not be supplied as the configuration value.';

/**
 * The validation pipeline (R6.07): the framework's keys enriched by transformations and
 * predicates, the connector's own, converters set on the connector, client overrides. Mirrors
 * `AbstractHerder.validateConnectorConfig`.
 */
export class ConnectorValidator {
  readonly #options: ConnectorValidatorOptions;

  constructor(options: ConnectorValidatorOptions) {
    this.#options = options;
  }

  /**
   * @throws RestError 400 when the config names no connector, or one that is not there
   * @throws ConfigError when a config provider can't give what is asked of it
   */
  async validate(config: ConnectorConfigInput): Promise<ConfigInfos> {
    const connector = this.connectorOf(config);
    const given = await this.#resolved(config);
    const { catalog, converters, validateInCode } = this.#options;
    const steps = await unusablePlugins(namedSteps(given, catalog), given, validateInCode);
    const enriched = enrichedConfig(connector, given, catalog, converters, steps);
    const named = this.#givenConverters(given, connector);
    const unusable = await unusablePlugins(named, given, validateInCode);
    const usable = named.filter(({ key }) => !unusable.has(key));
    const checked = withErrors(validateEnriched(enriched), listsOf(unusable));
    const framework = await this.#withCodeChecks(
      withErrors(checked, connector.type === 'sink' ? topicErrors(given) : null),
      enriched.codeChecks,
      given,
    );
    const own = await this.#ownValues(connector, given);
    const parts = [
      part(enriched.def, framework),
      part(connector.config, own),
      { groups: [], configs: overrideInfos(connector, config, this.#options.policy) },
      ...(await this.#converterParts(given, usable)),
    ];
    const configs = withNullErrors(joined(parts), config);
    const groups = parts.flatMap(({ groups: each }) => each);
    return {
      name: config['connector.class'] ?? '',
      error_count: configs.reduce((sum, { value }) => sum + (value?.errors.length ?? 0), 0),
      groups: [...new Set(groups)],
      configs,
    };
  }

  /**
   * The connector that a config names.
   *
   * @throws RestError 400 when it names none, or one that is not there
   */
  connectorOf(config: ConnectorConfigInput): Plugin {
    const name = config['connector.class'] ?? null;
    if (name === null)
      throw badRequest(`Connector config ${javaMap(config)} contains no connector type`);
    try {
      const version = config['connector.plugin.version'] ?? null;
      return this.#options.catalog.connector(name, version);
    } catch (error) {
      throw badRequest(error instanceof Error ? error.message : String(error));
    }
  }

  /** References to config providers are resolved for checking; the answer shows what they give. */
  async #resolved(config: ConnectorConfigInput): Promise<ConnectorConfigInput> {
    return { ...config, ...(await this.#options.transformer.transform(textsOf(config))).props };
  }

  /** Code never sees a null: of such a key only the definition can say what is wrong. */
  async #ownValues(plugin: Plugin, given: ConnectorConfigInput): Promise<readonly ConfigValue[]> {
    if (!plugin.needsCode) return plugin.config.validate(given);
    const values = await this.#options.validateInCode(plugin.ref(), textsOf(given));
    const nulls = new Set(Object.keys(given).filter((key) => given[key] === null));
    if (nulls.size === 0) return values;
    const defined = new Map(plugin.config.validate(given).map((value) => [value.name, value]));
    return values.map((value) => (nulls.has(value.name) ? defined.get(value.name) : null) ?? value);
  }

  /** Adds what the code of transformations and predicates says of their own keys. */
  async #withCodeChecks(
    values: readonly ConfigValue[],
    checks: readonly CodeCheck[],
    given: ConnectorConfigInput,
  ): Promise<readonly ConfigValue[]> {
    const found = new Map<string, ConfigValue>();
    for (const { prefix, plugin } of checks) {
      for (const value of await this.#ownValues(plugin, underPrefix(given, prefix)))
        found.set(prefix + value.name, value);
    }
    return values.map((value) => {
      const checked = found.get(value.name);
      return checked === undefined ? value : withCodeErrors(value, checked);
    });
  }

  /** The converters that the connector itself sets; the worker's were checked before. */
  #givenConverters(given: ConnectorConfigInput, connector: Plugin): readonly NamedConverter[] {
    const { catalog } = this.#options;
    return CONVERTER_KEYS.flatMap((key) => {
      const name = given[key] ?? null;
      if (name === null) return [];
      const type = key === 'header.converter' ? 'header_converter' : 'converter';
      const version = given[`${key}.plugin.version`] ?? null;
      const plugin = found(() => catalog.findBeside(connector, type, name.trim(), version));
      return plugin === null ? [] : [{ key, plugin }];
    });
  }

  async #converterParts(
    given: ConnectorConfigInput,
    named: readonly NamedConverter[],
  ): Promise<readonly Part[]> {
    const parts: Part[] = [];
    for (const { key, plugin } of named) {
      const prefix = `${key}.`;
      const side = key.slice(0, key.indexOf('.'));
      const props = { ...underPrefix(given, prefix), 'converter.type': side };
      const ordered = inHashOrder(await this.#ownValues(plugin, props));
      const groups = ordered.map(({ name: each }) => plugin.config.keys.get(each)?.group ?? null);
      parts.push({
        ...part(plugin.config, ordered, prefix),
        groups: groups.filter((group) => group !== null),
      });
    }
    return parts;
  }
}

type NamedConverter = NamedPlugin<(typeof CONVERTER_KEYS)[number]>;

/** Java shows a converter's keys as its hash map happens to order them, and their groups with them. */
function inHashOrder(values: readonly ConfigValue[]): readonly ConfigValue[] {
  const order = javaHashOrder(values.map(({ name }) => name));
  return [...values].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

interface Part {
  readonly groups: readonly string[];
  readonly configs: ConfigInfos['configs'];
}

function part(def: ConfigDef, values: readonly ConfigValue[], prefix = ''): Part {
  const configs = values.map((value) => configInfo(def.keys.get(value.name), value, prefix));
  return { groups: def.groups, configs };
}

/** Where a connector defines a key that the framework has too, its own definition stands. */
function joined(parts: readonly Part[]): ConfigInfos['configs'] {
  const byName = new Map<string, ConfigInfos['configs'][number]>();
  for (const { configs } of parts)
    for (const info of configs) byName.set(info.definition?.name ?? info.value?.name ?? '', info);
  return [...byName.values()];
}

/** A null is no value for any key, known or not. */
function withNullErrors(
  configs: ConfigInfos['configs'],
  config: ConnectorConfigInput,
): ConfigInfos['configs'] {
  const nulls = new Set(Object.keys(config).filter((key) => config[key] === null));
  if (nulls.size === 0) return configs;
  const known = configs.map((info) => {
    const { value } = info;
    if (value === null || !nulls.delete(value.name)) return info;
    return { ...info, value: { ...value, errors: [...value.errors, NULL_VALUE] } };
  });
  const unknown = [...nulls].map((name) =>
    configInfo(undefined, {
      name,
      value: null,
      recommendedValues: [],
      errorMessages: [NULL_VALUE],
      visible: true,
    }),
  );
  return [...unknown, ...known];
}

/**
 * What code says of a key below a prefix, added to what its definition says. Both complain of a value
 * that can't be parsed; only the definition knows the key's whole name there, as Java does.
 */
function withCodeErrors(defined: ConfigValue, checked: ConfigValue): ConfigValue {
  const [first] = defined.errorMessages;
  const isParsing = first?.includes(defined.name) === true;
  const [, ...afterFirst] = checked.errorMessages;
  const errorMessages = isParsing ? [first, ...afterFirst] : checked.errorMessages;
  return { ...checked, name: defined.name, errorMessages };
}

function withErrors(
  values: readonly ConfigValue[],
  errors: ReadonlyMap<string, readonly string[]> | null,
): readonly ConfigValue[] {
  if (errors === null) return values;
  return values.map((value) => ({
    ...value,
    errorMessages: [...value.errorMessages, ...(errors.get(value.name) ?? [])],
  }));
}

function listsOf(errors: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  return new Map([...errors].map(([key, error]) => [key, [error]]));
}

function underPrefix(config: ConnectorConfigInput, prefix: string): ConnectorConfigInput {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix) && key.length > prefix.length)
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function textsOf(config: ConnectorConfigInput): Props {
  return Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** As Java prints a map; passwords can't be told apart here, so only the keys of other values. */
function javaMap(config: ConnectorConfigInput): string {
  return `{${Object.entries(config)
    .map(([key, value]) => (isShown(key) ? `${key}=${value}` : `${key}=[hidden]`))
    .join(', ')}}`;
}

/** Which definition a key has is not known without a class: show only what can be no secret. */
function isShown(key: string): boolean {
  return ['name', 'connector.class', 'tasks.max', 'topics', 'topic'].includes(key);
}
