import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import {
  describePlugin,
  getOwn,
  type ConfigDef,
  type ConfigKey,
  type ConfigValue,
  type PluginType,
  type Props,
} from '@sluice/api';
import type { Check } from './check.ts';
import { leftOpen, openHandles } from './open-handles.ts';
import { watchedProps } from './watched-props.ts';
import { isWorkerKey, WORKER_PROPS } from './worker-keys.ts';

/** A config that the plug-in has to refuse. */
export interface InvalidConfig {
  /** Laid over the valid config; `null` takes a key out. */
  readonly props: Readonly<Record<string, string | null>>;
  /** The key that the error must stand at. */
  readonly key: string;
}

/** What authors of any plug-in may tell. */
export interface PluginSuiteOptions {
  /** Configs that must be refused beyond what the kit tries by itself. */
  readonly invalid?: readonly InvalidConfig[];
  /** The package's `connect.json`, to be compared with the code. */
  readonly manifest?: URL;
  /** Keys that the plug-in reads without declaring them, such as `/^http\.header\./`. */
  readonly undeclaredKeys?: RegExp;
}

/** What the checks that all plug-ins share need to know. */
export interface PluginDriver extends PluginSuiteOptions {
  readonly plugin: {
    readonly className: string;
    readonly version: string;
    readonly type: PluginType;
    readonly config: ConfigDef;
    create(): unknown;
  };
  /** Hands a valid config to `use`, with what it needs in place. */
  withProps(use: (props: Props) => void | Promise<void>): Promise<void>;
  /** All checks of a config, on an instance that was never started. */
  validate(props: Props): readonly ConfigValue[] | Promise<readonly ConfigValue[]>;
  /** Has the plug-in read its config as it does at work. */
  readConfig(props: Props): void | Promise<void>;
}

const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;
/** Types whose text form can be wrong. */
const STRICT_TYPES: ReadonlySet<string> = new Set(['BOOLEAN', 'INT', 'SHORT', 'LONG', 'DOUBLE']);
const WRONG_TEXT = 'certainly not this';
/** How long a check of a config may take to close what it opened. */
const CLOSE_TIMEOUT_MS = 6_000;

/** What every plug-in must do, whatever its type. */
export const pluginChecks: readonly Check<PluginDriver>[] = [
  {
    id: 'identity',
    title: 'it has a class name and a version',
    run({ plugin }) {
      assert.match(plugin.className, CLASS_NAME, 'className has to look like a Java class name');
      assert.match(plugin.version, /^\S+$/, 'version must be neither empty nor hold spaces');
    },
  },
  {
    id: 'config-documented',
    title: 'every key of its config says what it is for, and dependents are keys too',
    run({ plugin: { config } }) {
      for (const key of config.keys.values()) {
        assert.notEqual(key.documentation.trim(), '', `the key ${key.name} has no doc`);
        for (const name of key.dependents)
          assert.ok(config.keys.has(name), `${key.name} names the dependent ${name}, no key`);
      }
    },
  },
  {
    id: 'config-accepted',
    title: 'a valid config passes, among the keys that the worker adds',
    run: (driver) =>
      driver.withProps(async (props) => {
        const values = await driver.validate(Object.freeze({ ...WORKER_PROPS, ...props }));
        const errors = values.flatMap(({ errorMessages }) => errorMessages);
        assert.deepEqual(errors, [], 'the valid config is refused');
        for (const key of driver.plugin.config.keys.keys())
          assert.ok(hasKey(values, key), `validate() says nothing of the key ${key}`);
      }),
  },
  {
    id: 'config-declared',
    title: 'it reads no key that its ConfigDef does not declare',
    run: (driver) =>
      driver.withProps(async (props) => {
        const { plugin, undeclaredKeys = null } = driver;
        const strange = Object.keys(props).filter(
          (key) => !plugin.config.keys.has(key) && !isWorkerKey(key) && !undeclaredKeys?.test(key),
        );
        assert.deepEqual(strange, [], 'the valid config has keys that are not declared');
        const watched = watchedProps(props, plugin.config, undeclaredKeys);
        await driver.validate(watched.props);
        await driver.readConfig(watched.props);
        assert.deepEqual([...watched.undeclared], [], 'keys are read that are not declared');
      }),
  },
  {
    id: 'config-refused',
    title: 'missing and malformed values are refused, each at its own key, none by a crash',
    run: (driver) =>
      driver.withProps(async (props) => {
        for (const { props: changes, key } of invalidConfigs(driver)) {
          const values = await driver.validate(laidOver(props, changes));
          const own = values.find(({ name }) => name === key);
          const asked = JSON.stringify(changes);
          assert.ok((own?.errorMessages.length ?? 0) > 0, `no error at ${key} for ${asked}`);
        }
      }),
  },
  {
    id: 'config-pure',
    title: 'checking a config changes nothing, leaves nothing open and gives the same twice',
    run: (driver) =>
      driver.withProps(async (props) => {
        // The first call may load modules, which is no leak.
        await driver.validate(props);
        const given = { ...props };
        const before = openHandles();
        const once = await driver.validate(given);
        const twice = await driver.validate(given);
        assert.deepEqual(given, { ...props }, 'validate() changed the config');
        assert.deepEqual(twice, once, 'the same config is judged differently the second time');
        const open = await leftOpen(before, CLOSE_TIMEOUT_MS);
        assert.deepEqual(open, [], 'validate() left something open');
      }),
  },
  {
    id: 'manifest',
    title: "the package's manifest says what the code says",
    missing: ({ manifest }) => (manifest === undefined ? 'give "manifest" to compare' : null),
    async run({ plugin, manifest }) {
      if (manifest === undefined) return;
      const told: unknown = JSON.parse(await readFile(manifest, 'utf8'));
      const plugins: unknown = getOwn(Object(told), 'plugins');
      assert.ok(Array.isArray(plugins), 'the manifest has no list "plugins"');
      const own: unknown = plugins.find((entry: unknown) => isEntryOf(plugin, entry));
      assert.ok(own !== undefined, `the manifest does not list ${plugin.className}`);
      const place = { export: text(own, 'export'), name: text(own, 'name') };
      const expected = { ...describePlugin(plugin, place), ...ownValidation(plugin) };
      assert.deepEqual(own, JSON.parse(JSON.stringify(expected)), 'generate the manifest again');
    },
  },
];

function hasKey(values: readonly ConfigValue[], key: string): boolean {
  return values.some(({ name }) => name === key);
}

/** What the ConfigDef itself says must be refused, and what the author adds. */
function invalidConfigs(driver: PluginDriver): readonly InvalidConfig[] {
  const keys = [...driver.plugin.config.keys.values()];
  return [...keys.flatMap(wrongValues), ...(driver.invalid ?? [])];
}

function wrongValues(key: ConfigKey): readonly InvalidConfig[] {
  const { name } = key;
  return [
    ...(key.hasDefault ? [] : [{ props: { [name]: null }, key: name }]),
    ...(STRICT_TYPES.has(key.type) ? [{ props: { [name]: WRONG_TEXT }, key: name }] : []),
  ];
}

/** A config with changes; `null` takes a key out. */
export function laidOver(props: Props, changes: InvalidConfig['props']): Props {
  const entries = Object.entries({ ...props, ...changes });
  return Object.freeze(
    Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null)),
  );
}

function isEntryOf(plugin: PluginDriver['plugin'], entry: unknown): boolean {
  return text(entry, 'class') === plugin.className && text(entry, 'type') === plugin.type;
}

function text(value: unknown, field: string): string {
  const member = getOwn(Object(value), field);
  return typeof member === 'string' ? member : '';
}

/** As the generator of manifests notes it: a connector with checks of its own. */
function ownValidation(plugin: PluginDriver['plugin']): object {
  if (plugin.type !== 'source' && plugin.type !== 'sink') return {};
  const made = plugin.create();
  return typeof made === 'object' && made !== null && 'validate' in made
    ? { hasOwnValidation: true }
    : {};
}
