import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { configValueToString, describePlugin, type PluginManifest } from '@sluice/api';
import { recordingLines } from '@sluice/api/java-recording';
import { plugins } from './plugins.ts';

const MANIFEST = new URL('../connect.json', import.meta.url);
const PACKAGE = new URL('../package.json', import.meta.url);

async function manifest(): Promise<PluginManifest> {
  const described = plugins.map(async (place) => {
    return describePlugin(await place.load(), { export: place.export, name: place.name });
  });
  return { api: 1, plugins: await Promise.all(described) };
}

test('connect.json says what the code says', async () => {
  const expected = JSON.parse(JSON.stringify(await manifest()));
  assert.deepEqual(JSON.parse(await readFile(MANIFEST, 'utf8')), expected);
});

test('every export that the manifest names is an export of the package', async () => {
  const { exports } = JSON.parse(await readFile(PACKAGE, 'utf8'));
  for (const place of plugins) assert.ok(Object.hasOwn(exports, place.export), place.export);
});

test('every plug-in creates a converter that can be configured', async () => {
  for (const place of plugins) {
    const plugin = await place.load();
    if (plugin.type === 'converter') plugin.create().configure({}, true);
    else plugin.create().configure({});
  }
});

test('every config has the keys of Java: types, defaults, groups, order, validators', async () => {
  const golden = await readFile(new URL('../golden/converters.jsonl.gz', import.meta.url));
  const lines = recordingLines(gunzipSync(golden).toString());
  const java = new Map(
    lines.filter((line) => line['op'] === 'config').map((line) => [line['class'], line['keys']]),
  );
  assert.equal(java.size, 10);
  for (const place of plugins) {
    const { className, config } = await place.load();
    const keys = Array.from(config.keys.values(), (key) => ({
      name: key.name,
      type: key.type,
      required: !key.hasDefault,
      default: key.hasDefault ? configValueToString(key.defaultValue, key.type) : null,
      importance: key.importance,
      group: key.group,
      order: key.orderInGroup,
      width: key.width,
      displayName: key.displayName,
      validator: key.validator === null ? null : String(key.validator),
    }));
    assert.deepEqual(keys, java.get(className), className);
  }
});
