// Goal: `config/validate` answers what Java answers, whole. Method: Java's answers to some 1,740 configs,
// recorded by `tools/java-parity/config`, are replayed over the plug-ins that both have. Texts of
// documentation are our own and not compared; where we differ on purpose stands in DIFFERENCES.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ConfigDef, ConfigValue, Props } from '@sluice/api';
import type { ConfigInfos, ConnectorConfigInput } from '@sluice/rest';
import { ConfigTransformer } from '../src/config/config-transformer.ts';
import { ConnectorValidator } from '../src/control-plane/validation/connector-validator.ts';
import { overridePolicy } from '../src/control-plane/validation/override-policy.ts';
import { discoverPlugins } from '../src/plugins/discover-plugins.ts';
import { PluginCatalog } from '../src/plugins/plugin-catalog.ts';
import type { PluginRef } from '../src/task-host/contract.ts';

interface Entry {
  readonly name?: string;
}
interface PluginLine {
  readonly op: 'plugin';
  readonly class: string;
  readonly keys: readonly number[];
}
interface ValidateLine {
  readonly op: 'validate';
  readonly policy: string;
  readonly props: ConnectorConfigInput;
  readonly answer?: Omit<ConfigInfos, 'configs'> & { readonly configs: readonly number[] };
  readonly error?: { readonly class: string; readonly message: string };
}
type Line = PluginLine | ValidateLine | { readonly op: 'entry'; readonly entry: Entry };

/** Where we differ from Java, and why; each has to differ in some case. */
const DIFFERENCES: readonly {
  readonly reason: string;
  readonly cases: number;
  readonly applies: (props: ConnectorConfigInput) => boolean;
}[] = [
  {
    reason: "MirrorMaker's connectors are not here yet",
    cases: 27,
    applies: (props) => props['connector.class']?.includes('Mirror') === true,
  },
  {
    reason: 'Java answers with a part of the keys; ours is a 400 that names the versions there are',
    cases: 3,
    applies: (props) => ['', 'dog', '[1,2)'].includes(props['connector.plugin.version'] ?? '4.3.1'),
  },
  {
    reason: 'Java forgets the error when the null stands at a key of the connector itself',
    cases: 1,
    applies: (props) => props['topic'] === null,
  },
  {
    reason: 'short names of inner classes are found here',
    cases: 1,
    applies: (props) => props['transforms.a.type'] === 'HoistField$Value',
  },
  {
    reason: 'interfaces and classes of the JDK are no classes here: they are not found',
    cases: 46,
    applies: (props) => Object.values(props).some((value) => NO_CLASSES.has(value ?? '')),
  },
  {
    reason: "Java shows the text of a NullPointerException of its own where a pattern isn't given",
    cases: 34,
    applies: (props) => isPatternMissing(props),
  },
  {
    reason: 'a predicate that is not there is told at once, in Java when a task starts',
    cases: 2,
    applies: (props) => ['q', ''].includes(props['transforms.a.predicate'] ?? 'p'),
  },
];
const NO_CLASSES = new Set([
  'java.lang.String',
  'org.apache.kafka.connect.storage.Converter',
  'org.apache.kafka.connect.transforms.Transformation',
]);

const GOLDEN = new URL('../golden/config-validate.jsonl.gz', import.meta.url);
const LINES = gunzipSync(readFileSync(GOLDEN))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line): Line => JSON.parse(line));
const ENTRIES = LINES.flatMap((line) => (line.op === 'entry' ? [line.entry] : []));
const PLUGINS = LINES.filter((line) => line.op === 'plugin');
const CASES = LINES.filter((line) => line.op === 'validate');
const ALLOWLIST = ['linger.ms', 'fetch.min.bytes'];

test('R6.07 R6.08 R6.10 config/validate answers as Java does, whole, case by case', async () => {
  assert.ok(CASES.length > 1_700, `${CASES.length} cases`);
  const catalog = await javasCatalog();
  const known = new Map(DIFFERENCES.map(({ reason }) => [reason, 0]));
  const wrong: string[] = [];
  for (const line of CASES) {
    const [ours, java] = [await answerOf(line, catalog), expected(line)];
    if (JSON.stringify(ours) === JSON.stringify(java)) continue;
    const difference = DIFFERENCES.find(({ applies }) => applies(line.props));
    if (difference !== undefined)
      known.set(difference.reason, (known.get(difference.reason) ?? 0) + 1);
    else wrong.push(JSON.stringify({ policy: line.policy, props: line.props, ours, java }));
  }
  assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} of ${CASES.length} differ`);
  assert.deepEqual(known, new Map(DIFFERENCES.map(({ reason, cases }) => [reason, cases])));
});

/** Our plug-ins as far as Java has them too, with the keys that Java has: others would be shown. */
async function javasCatalog(): Promise<PluginCatalog> {
  const workerDirectory = fileURLToPath(new URL('../../cli/', import.meta.url));
  const { packages } = await discoverPlugins({ workerDirectory, pluginPath: [] });
  const keysOf = new Map(
    PLUGINS.map((line) => [line.class, new Set(line.keys.map((key) => ENTRIES[key]?.name))]),
  );
  const common = packages.map((found) => ({
    ...found,
    manifest: {
      ...found.manifest,
      plugins: found.manifest.plugins.flatMap((plugin) => {
        const keys = keysOf.get(plugin.class);
        if (keys === undefined) return [];
        return [{ ...plugin, config: plugin.config.filter(({ name }) => keys.has(name)) }];
      }),
    },
  }));
  assert.equal(common.flatMap(({ manifest }) => manifest.plugins).length > 40, true);
  return new PluginCatalog({
    packages: common,
    problems: [],
    pluginPath: [],
    javaArchives: [],
  });
}

function isPatternMissing(props: ConnectorConfigInput): boolean {
  return Object.entries(props).some(([key, value]) => {
    const [, prefix, kind] = /^(.*\.)(type)$/.exec(key) ?? [];
    if (kind === undefined) return false;
    const pattern = value?.endsWith('.RegexRouter') === true ? 'regex' : 'pattern';
    return /(RegexRouter|TopicNameMatches)$/.test(value ?? '') && !(`${prefix}${pattern}` in props);
  });
}

async function answerOf(line: ValidateLine, catalog: PluginCatalog): Promise<unknown> {
  const converter = catalog.find('converter', 'JsonConverter');
  const header = catalog.find('header_converter', 'SimpleHeaderConverter');
  assert.ok(converter !== null && header !== null);
  const validator = new ConnectorValidator({
    catalog,
    converters: {
      'key.converter': converter,
      'value.converter': converter,
      'header.converter': header,
    },
    transformer: new ConfigTransformer(new Map()),
    policy: overridePolicy(line.policy, ALLOWLIST),
    validateInCode,
  });
  try {
    const infos = await validator.validate(line.props);
    return { ...infos, configs: infos.configs.map(comparable) };
  } catch (error) {
    return { error: error instanceof Error ? withoutList(error.message) : error };
  }
}

function expected(line: ValidateLine): unknown {
  if (line.answer === undefined) return { error: withoutList(line.error?.message ?? '') };
  return { ...line.answer, configs: line.answer.configs.map((number) => ENTRIES[number]) };
}

/** Without what we add for people: documentation of our own, names that might be meant. */
function comparable(info: ConfigInfos['configs'][number]): unknown {
  const value = info.value === null ? null : { ...info.value, errors: plain(info.value.errors) };
  if (info.definition === null) return { definition: null, value };
  const { documentation: _, ...definition } = info.definition;
  return { definition, value };
}

function plain(errors: readonly string[]): readonly string[] {
  return errors.map((error) => error.replace(/(?<=could not be found\.) (Did|Known) .*$/, ''));
}

/** Java lists its plug-ins as it prints objects. */
function withoutList(message: string): string {
  return message.replace(/(?<=available connectors are: ).*$/, '...');
}

async function validateInCode(ref: PluginRef, props: Props): Promise<readonly ConfigValue[]> {
  const module: Record<string, { readonly config: ConfigDef }> = await import(ref.moduleUrl);
  const plugin = module[ref.exportName];
  assert.ok(plugin !== undefined);
  return plugin.config.validate(props);
}
