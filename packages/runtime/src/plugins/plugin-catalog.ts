import {
  ConfigError,
  describedConfig,
  needsCode,
  type ConfigDef,
  type PluginType as DescribedType,
} from '@sluice/api';
import type { PluginRef } from '../task-host/contract.ts';
import type { Discovery } from './discover-plugins.ts';
import type { ManifestPlugin } from './manifest.ts';
import { missingPluginAdvice, type SearchedPlaces } from './missing-plugin.ts';
import { nearestClass, simpleName } from './nearest-class.ts';
import { moduleUrlOf, type PluginPackage } from './plugin-package.ts';
import { compareVersions } from './plugin-version.ts';
import { VersionRange } from './version-range.ts';

/** The kinds of plug-in that REST lists, in the order in which it does (R1.61). */
export const PLUGIN_TYPES = [
  'sink',
  'source',
  'transformation',
  'predicate',
  'converter',
  'header_converter',
] as const satisfies readonly DescribedType[];
export type PluginType = (typeof PLUGIN_TYPES)[number];

/** What people call them. */
const KIND_WORDS: Readonly<Record<PluginType, string>> = {
  sink: 'connector',
  source: 'connector',
  transformation: 'transformation',
  predicate: 'predicate',
  converter: 'converter',
  header_converter: 'header converter',
};

/** A plug-in that this worker can run. */
export interface Plugin {
  readonly className: string;
  readonly type: PluginType;
  readonly version: string;
  /** Other names that mean it, unless another plug-in claims them too. */
  readonly aliases: readonly string[];
  /** The package it comes from. */
  readonly packageName: string;
  /** Where that package is: two versions of one package are in two places. */
  readonly packageDirectory: string;
  /** Its keys as the manifest tells them. */
  readonly config: ConfigDef;
  /** Whether validating a config needs the plug-in's code. */
  readonly needsCode: boolean;
  /** Where its code is. @throws ConnectError when the package is not completely installed */
  ref(): PluginRef;
}

const CONNECTOR_SUFFIX = 'Connector';

/**
 * All plug-ins of a worker, found by any of their names. The set is fixed at the start (R6.03).
 */
export class PluginCatalog {
  /** What could not be used, each with its reason. */
  readonly problems: readonly string[];
  readonly #places: SearchedPlaces;
  readonly #plugins: readonly Plugin[];
  readonly #byName: ReadonlyMap<PluginType, ReadonlyMap<string, readonly Plugin[]>>;

  constructor(discovery: Discovery) {
    this.problems = discovery.problems;
    this.#places = discovery;
    this.#plugins = discovery.packages
      .flatMap((found) =>
        found.manifest.plugins.flatMap((plugin) => describedPlugin(found, plugin)),
      )
      .sort(inListOrder);
    this.#byName = new Map(PLUGIN_TYPES.map((type) => [type, this.#namesOfType(type)]));
  }

  /** All plug-ins of these types: sinks first, by class name, newest version last. */
  list(types: readonly PluginType[] = PLUGIN_TYPES): readonly Plugin[] {
    return this.#plugins.filter((plugin) => types.includes(plugin.type));
  }

  /**
   * The connector of that name or alias, the newest of the versions asked for (Maven's syntax).
   *
   * @throws ConfigError when there is none (naming the nearest) or when the name is ambiguous
   */
  connector(name: string, version: string | null = null): Plugin {
    const names = [name, `${name}${CONNECTOR_SUFFIX}`];
    const found = new Set(
      (['source', 'sink'] as const).flatMap((type) =>
        names.flatMap((each) => this.#byName.get(type)?.get(each) ?? []),
      ),
    );
    if (found.size === 0) throw this.#unknownConnector(name);
    return only([...found], name, 'connector', version);
  }

  /**
   * The plug-in of that type and name or alias; `null` when there is none.
   *
   * @throws ConfigError when the name is ambiguous or has no such version
   */
  find(type: PluginType, name: string, version: string | null = null): Plugin | null {
    const found = this.#byName.get(type)?.get(name) ?? [];
    return found.length === 0 ? null : only(found, name, type, version);
  }

  /**
   * As `find`, for a connector: of several versions of one class, and without one being asked for,
   * that of the connector's own package is meant (R6.16).
   */
  findBeside(
    connector: Plugin,
    type: PluginType,
    name: string,
    version: string | null = null,
  ): Plugin | null {
    const found = this.find(type, name, version);
    if (found === null || VersionRange.parse(version) !== null) return found;
    const { packageDirectory } = connector;
    return (
      this.#plugins.find(
        (each) =>
          each.type === type &&
          each.className === found.className &&
          each.packageDirectory === packageDirectory,
      ) ?? found
    );
  }

  /** As `find`, of the first of several types that knows the name. */
  findAny(types: readonly PluginType[], name: string): Plugin | null {
    for (const type of types) {
      const found = this.find(type, name);
      if (found !== null) return found;
    }
    return null;
  }

  /** What to say beside "Class X could not be found.": the nearest, what there is, what to do. */
  hint(type: PluginType, name: string): string {
    const plugins = this.list([type]);
    const nearest = nearestClass(name, plugins);
    const guess = nearest === null ? '' : ` Did you mean ${nearest}?`;
    const known = [...new Set(plugins.map(({ className }) => simpleName(className)))].join(', ');
    // A slip of the pen needs no more than the right name.
    const isSlip = nearest !== null;
    const advice = isSlip ? '' : missingPluginAdvice(name, KIND_WORDS[type], this.#places);
    return `${guess} Known here: ${known === '' ? 'none' : known}.${advice}`;
  }

  /** A class that is of several types has the short names of each under all of them, as in Java. */
  #namesOfType(type: PluginType): ReadonlyMap<string, readonly Plugin[]> {
    const names = new Map<string, Plugin[]>();
    for (const plugin of this.list([type])) {
      const same = this.#plugins.filter(({ className }) => className === plugin.className);
      const aliases = same.flatMap((each) => each.aliases);
      for (const name of new Set([plugin.className, ...aliases]))
        names.set(name, [...(names.get(name) ?? []), plugin]);
    }
    return names;
  }

  #unknownConnector(name: string): ConfigError {
    const plugins = this.list(['sink', 'source']);
    const nearest = nearestClass(name, plugins);
    const guess = nearest === null ? '' : ` Did you mean ${nearest}?`;
    const available = plugins.map(({ className }) => className).join(', ');
    return new ConfigError(
      `Failed to find any class that implements Connector and which name matches ${name}, ` +
        `available connectors are: ${available}.${guess}` +
        missingPluginAdvice(name, 'connector', this.#places),
      { code: 'CONNECT_UNKNOWN_CONNECTOR' },
    );
  }
}

/** None for types that this worker has no use for. */
function describedPlugin(found: PluginPackage, description: ManifestPlugin): Plugin[] {
  const type = PLUGIN_TYPES.find((known) => known === description.type);
  return type === undefined ? [] : [new DescribedPlugin(found, description, type)];
}

class DescribedPlugin implements Plugin {
  readonly className: string;
  readonly type: PluginType;
  readonly version: string;
  readonly packageName: string;
  readonly packageDirectory: string;
  readonly aliases: readonly string[];
  readonly #package: PluginPackage;
  readonly #description: ManifestPlugin;
  #config: ConfigDef | null = null;

  constructor(found: PluginPackage, description: ManifestPlugin, type: PluginType) {
    this.className = description.class;
    this.type = type;
    this.version = description.version;
    this.packageName = found.name;
    this.packageDirectory = found.directory;
    this.aliases = description.aliases;
    this.#package = found;
    this.#description = description;
  }

  get config(): ConfigDef {
    // Made when first asked for: most plug-ins of a worker never are.
    this.#config ??= describedConfig(this.#description);
    return this.#config;
  }

  get needsCode(): boolean {
    return needsCode(this.#description) || this.#description.hasOwnValidation === true;
  }

  ref(): PluginRef {
    return {
      moduleUrl: moduleUrlOf(this.#package, this.#description.export),
      exportName: this.#description.name,
      className: this.className,
      version: this.version,
    };
  }
}

/** The one that was meant: of one class, in the version asked for, else the newest. */
function only(
  found: readonly Plugin[],
  name: string,
  kind: string,
  version: string | null,
): Plugin {
  const classes = [...new Set(found.map(({ className }) => className))];
  const meant = kind === 'connector' ? name : (kafkasOwn(classes) ?? name);
  const exact = found.filter(({ className }) => className === meant);
  if (classes.length > 1 && exact.length === 0)
    throw new ConfigError(
      `More than one ${kind} matches alias ${name}. Please use full package and class name ` +
        `instead. Classes found: ${classes.join(', ')}`,
      { code: 'CONNECT_AMBIGUOUS_PLUGIN' },
    );
  const candidates = exact.length > 0 ? exact : found;
  const range = VersionRange.parse(version);
  const newest = candidates
    .filter((plugin) => range === null || range.includes(plugin.version))
    .sort((a, b) => compareVersions(a.version, b.version))
    .at(-1);
  if (newest === undefined)
    throw new ConfigError(
      `Plugin ${candidates[0]?.className ?? name} not found that matches the version range ` +
        `${String(range)}, available versions: [${candidates.map((plugin) => plugin.version).join(', ')}]`,
      { code: 'CONNECT_PLUGIN_VERSION' },
    );
  return newest;
}

/**
 * Of several classes with one short name, Kafka's own: a Java worker without the others knows only that
 * one, and configs that say `Filter` must not change their meaning because more comes along here.
 */
function kafkasOwn(classes: readonly string[]): string | null {
  const [first, ...others] = classes.filter((name) => name.startsWith('org.apache.kafka.'));
  return classes.length > 1 && first !== undefined && others.length === 0 ? first : null;
}

function inListOrder(a: Plugin, b: Plugin): number {
  const byType = PLUGIN_TYPES.indexOf(a.type) - PLUGIN_TYPES.indexOf(b.type);
  if (byType !== 0) return byType;
  if (a.className !== b.className) return a.className < b.className ? -1 : 1;
  return compareVersions(a.version, b.version);
}
