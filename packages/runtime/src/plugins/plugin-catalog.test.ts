import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConfigError, pluginAliases, type PluginDescription } from '@sluice/api';
import { discoverPlugins } from './discover-plugins.ts';
import { PluginCatalog, type PluginType } from './plugin-catalog.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-plugins-'));
});
after(() => rm(directory, { recursive: true }));

function described(className: string, type: PluginType, version = '1.0.0'): PluginDescription {
  return {
    class: className,
    aliases: pluginAliases(className, type),
    type,
    export: '.',
    name: 'plugin',
    version,
    config: [
      { name: 'size', type: 'INT', default: '5', importance: 'LOW', doc: 'How large.' },
      { name: 'file', type: 'STRING', importance: 'HIGH', doc: 'Which file.' },
    ],
  };
}

/** A catalogue of plug-ins that are in no package on disk. */
function catalogOf(...plugins: readonly PluginDescription[]): PluginCatalog {
  const manifest = { api: 1, plugins } as const;
  const packages = [{ name: 'p', directory: '/p', manifest }];
  return new PluginCatalog({ packages, problems: [], pluginPath: [], javaArchives: [] });
}

async function writePackage(
  path: string,
  name: string,
  plugins: readonly PluginDescription[],
  api: unknown = 1,
): Promise<void> {
  const connect = { api, manifest: './connect.json' };
  const files = {
    'package.json': JSON.stringify({ name, connect, exports: { '.': './index.js' } }),
    'connect.json': JSON.stringify({ api: 1, plugins }),
    'index.js': 'export const plugin = {};',
  };
  await mkdir(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
}

const FILE_SOURCE = described('org.apache.kafka.connect.file.FileStreamSourceConnector', 'source');
const FILE_SINK = described('org.apache.kafka.connect.file.FileStreamSinkConnector', 'sink');
const JSON_CONVERTER = described('org.apache.kafka.connect.json.JsonConverter', 'converter');
const HOIST = described('org.apache.kafka.connect.transforms.HoistField$Value', 'transformation');

test('R2.51 R6.05 a connector is found by its full name, its simple name and without the suffix', () => {
  const catalog = catalogOf(FILE_SOURCE, FILE_SINK);
  for (const name of [FILE_SOURCE.class, 'FileStreamSourceConnector', 'FileStreamSource'])
    assert.equal(catalog.connector(name).className, FILE_SOURCE.class);
  assert.equal(catalog.connector('FileStreamSink').type, 'sink');
});

test('an unknown connector is told in the words of Java, with the nearest and what to do', () => {
  assert.throws(
    () => catalogOf(FILE_SOURCE, FILE_SINK).connector('FileStreamSorce'),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(
        error.message,
        /^Failed to find any class that implements Connector and which name matches FileStreamSorce, available connectors are: org\.apache/,
      );
      assert.match(
        error.message,
        /Did you mean org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector\?/,
      );
      assert.match(error.message, /plugin\.path/);
      return true;
    },
  );
});

test('R6.05 an alias that two classes claim is an error that names both; the full names work', () => {
  const other = described('com.example.FileStreamSourceConnector', 'source');
  const catalog = catalogOf(FILE_SOURCE, other);
  assert.throws(
    () => catalog.connector('FileStreamSource'),
    /More than one connector matches alias FileStreamSource\..*com\.example\.FileStreamSourceConnector, org\.apache/,
  );
  assert.equal(catalog.connector(other.class).className, other.class);
});

test('R6.05 converters and transformations are found by their aliases, within their type', () => {
  const catalog = catalogOf(JSON_CONVERTER, HOIST);
  for (const name of [JSON_CONVERTER.class, 'JsonConverter', 'Json'])
    assert.equal(catalog.find('converter', name)?.className, JSON_CONVERTER.class);
  assert.equal(catalog.find('transformation', 'HoistField$Value')?.className, HOIST.class);
  assert.equal(catalog.find('transformation', 'JsonConverter'), null);
  assert.match(catalog.hint('converter', 'JsonConvertr'), /Did you mean .*JsonConverter\?/);
  assert.match(catalog.hint('converter', 'JssonConverter'), /Did you mean .*JsonConverter\?/);
  assert.doesNotMatch(catalog.hint('converter', 'a.b.AvroConverter'), /Did you mean/);
});

test("a transformation's short name means Kafka's own where another package has one like it", () => {
  const kafkas = described('org.apache.kafka.connect.transforms.Filter', 'transformation');
  const debeziums = described('io.debezium.transforms.Filter', 'transformation');
  const catalog = catalogOf(debeziums, kafkas);
  assert.equal(catalog.find('transformation', 'Filter')?.className, kafkas.class);
  assert.equal(catalog.find('transformation', debeziums.class)?.className, debeziums.class);
});

test('R6.04 the newest version wins unless another is asked for', () => {
  const old = { ...FILE_SINK, version: '1.9.0' };
  const recent = { ...FILE_SINK, version: '1.10.0' };
  const catalog = catalogOf(recent, old);
  assert.equal(catalog.connector('FileStreamSink').version, '1.10.0');
  assert.equal(catalog.connector('FileStreamSink', 'latest').version, '1.10.0');
  assert.equal(catalog.connector('FileStreamSink', '1.9.0').version, '1.9.0');
  assert.equal(catalog.connector('FileStreamSink', '[1,1.10)').version, '1.9.0');
  assert.equal(catalog.connector('FileStreamSink', '(1.9,)').version, '1.10.0');
  assert.throws(
    () => catalog.connector('FileStreamSink', '2'),
    /version range \[2,2\], available versions: \[1\.9\.0, 1\.10\.0\]/,
  );
});

test('R1.61 plug-ins are listed by type as Java lists them', () => {
  const catalog = catalogOf(JSON_CONVERTER, HOIST, FILE_SOURCE, FILE_SINK);
  assert.deepEqual(
    catalog.list().map(({ type }) => type),
    ['sink', 'source', 'transformation', 'converter'],
  );
  assert.equal(catalog.list(['sink', 'source']).length, 2);
});

test('R6.01 the catalogue has what configs of connectors name; the worker’s own kinds are not in it', async () => {
  const kinds = [
    'source',
    'sink',
    'converter',
    'header_converter',
    'transformation',
    'predicate',
    'configprovider',
    'rest_extension',
    'connector_client_config_override_policy',
  ] as const;
  const path = join(directory, 'kinds');
  const plugins = kinds.map((type) => ({ ...described(`a.Of_${type}`, 'sink'), type }));
  await writePackage(path, 'kinds', plugins);
  const found = await discoverPlugins({ workerDirectory: directory, pluginPath: [path] });
  assert.deepEqual(found.problems, []);
  const catalog = new PluginCatalog(found);
  assert.deepEqual(
    catalog.list().map(({ type }) => type),
    ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'],
  );
});

test('a config is checked from the manifest alone', () => {
  const { config, needsCode } = catalogOf(FILE_SINK).connector('FileStreamSink');
  assert.equal(needsCode, false);
  const values = config.validate({ size: 'x' });
  assert.deepEqual(
    values.map(({ name, errorMessages }) => [name, errorMessages.length]),
    [
      ['size', 1],
      ['file', 1],
    ],
  );
});

test('R6.02 plugin.path is a package, has packages installed in it, or holds such folders', async () => {
  const path = join(directory, 'path');
  await writePackage(join(path, 'node_modules', 'one'), 'one', [described('a.One', 'sink')]);
  await writePackage(join(path, 'node_modules', '@s', 'two'), '@s/two', [
    described('a.Two', 'sink'),
  ]);
  await writePackage(join(path, 'three'), 'three', [described('a.Three', 'sink')]);
  await writePackage(join(path, 'x', 'node_modules', 'four'), 'four', [
    described('a.Four', 'sink'),
  ]);
  await writePackage(join(directory, 'five'), 'five', [described('a.Five', 'sink')]);
  const pluginPath = [` ${path} `, join(directory, 'five'), ''];
  const found = await discoverPlugins({ workerDirectory: directory, pluginPath });
  assert.deepEqual(found.problems, []);
  const catalog = new PluginCatalog(found);
  assert.deepEqual(
    catalog.list().map(({ className }) => className),
    ['a.Five', 'a.Four', 'a.One', 'a.Three', 'a.Two'],
  );
  const { moduleUrl } = catalog.connector('Two').ref();
  assert.ok(moduleUrl.startsWith('file:') && moduleUrl.endsWith('/@s/two/index.js'));
});

test('R6.03 plug-ins are those that manifests name at the start; what comes later is not there', async () => {
  const path = join(directory, 'later');
  await writePackage(join(path, 'first'), 'first', [described('a.First', 'sink')]);
  const found = await discoverPlugins({ workerDirectory: directory, pluginPath: [path] });
  const catalog = new PluginCatalog(found);
  await writePackage(join(path, 'second'), 'second', [described('a.Second', 'sink')]);
  await writePackage(join(path, 'first'), 'first', []);
  assert.equal(catalog.connector('a.First').type, 'sink');
  assert.throws(() => catalog.connector('a.Second'), /Failed to find any class/);
});

test('what cannot be used is told and stops nothing', async () => {
  const path = join(directory, 'broken');
  await writePackage(join(path, 'good'), 'good', [described('a.Good', 'sink')]);
  await writePackage(join(path, 'future'), 'future', [], 9);
  await writePackage(join(path, 'torn'), 'torn', []);
  await writeFile(join(path, 'torn', 'connect.json'), '{"plugins":[{}]}');
  await mkdir(join(path, 'lib'));
  await writeFile(join(path, 'lib', 'debezium.jar'), '');
  const pluginPath = [path, join(directory, 'nowhere')];
  const { packages, problems } = await discoverPlugins({ workerDirectory: directory, pluginPath });
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['good'],
  );
  assert.equal(problems.length, 4);
  const all = problems.join('\n');
  assert.match(all, /future .*plug-in API 9, this worker has 1/);
  assert.match(all, /torn.connect\.json does not list plug-ins/);
  assert.match(all, /1 Java plug-in file.*debezium\.jar.*npm install --prefix/);
  assert.match(all, /nowhere can't be read \(ENOENT\)/);
});

test("the worker's own dependencies carry the bundled plug-ins", async () => {
  const workerDirectory = dirname(new URL('../../../cli/package.json', import.meta.url).pathname);
  const found = await discoverPlugins({ workerDirectory, pluginPath: [] });
  assert.deepEqual(found.problems, []);
  const catalog = new PluginCatalog(found);
  assert.equal(
    catalog.connector('FileStreamSource').className,
    'org.apache.kafka.connect.file.FileStreamSourceConnector',
  );
  const converter = catalog.find('converter', 'org.apache.kafka.connect.json.JsonConverter');
  const module: unknown = await import(converter?.ref().moduleUrl ?? '');
  assert.ok(Reflect.get(Object(module), converter?.ref().exportName ?? '') !== undefined);
});

test('R6.04 two versions of a package stand side by side, each with its own code', async () => {
  const places = ['1.2.0', '2.0.0'].map((version) => join(directory, `v${version}`));
  for (const [index, version] of ['1.2.0', '2.0.0'].entries())
    await writePackage(places[index] ?? '', 'same', [described('a.Same', 'sink', version)]);
  const found = await discoverPlugins({ workerDirectory: directory, pluginPath: places });
  const catalog = new PluginCatalog(found);
  assert.equal(catalog.list().length, 2);
  const urls = ['[1,2)', null].map((range) => catalog.connector('a.Same', range).ref().moduleUrl);
  assert.match(urls[0] ?? '', /v1\.2\.0\/index\.js$/);
  assert.match(urls[1] ?? '', /v2\.0\.0\/index\.js$/);
});

test('a broken package is told with its reason, and the others work', async () => {
  const [broken, good] = [join(directory, 'bad-one'), join(directory, 'good-one')];
  await writePackage(good, 'good', [described('a.Good', 'sink')]);
  await writePackage(broken, 'broken', []);
  await writeFile(join(broken, 'connect.json'), '{"plugins": [{"class": 5}]}');
  const pluginPath = [broken, join(directory, 'nowhere'), good];
  const found = await discoverPlugins({ workerDirectory: directory, pluginPath });
  const catalog = new PluginCatalog(found);
  assert.equal(catalog.connector('a.Good').className, 'a.Good');
  assert.equal(catalog.problems.length, 2);
  assert.match(catalog.problems[0] ?? '', /bad-one.*generate it again/);
  assert.match(catalog.problems[1] ?? '', /nowhere can't be read \(ENOENT\)/);
});
