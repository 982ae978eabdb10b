import type { PluginDefinition } from '@sluice/api';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import * as plugins from './index.ts';
import { CONNECTOR_VERSION } from './version.ts';

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
}

/** What both the code and the manifest say of a plug-in. */
function summary(
  name: string,
  type: string,
  plugin: Omit<PluginDefinition<unknown>, 'create'>,
): object {
  const keys = [...plugin.config.keys.keys()];
  return { export: name, class: plugin.className, type, version: plugin.version, keys };
}

describe('the package', () => {
  it('has a manifest that says what its code says', async () => {
    const manifest = await readJson('connect.json');
    assert.ok(typeof manifest === 'object' && manifest !== null && 'plugins' in manifest);
    assert.ok(Array.isArray(manifest.plugins));
    const told = manifest.plugins.map((entry: Record<string, unknown>) => ({
      export: entry['export'],
      class: entry['class'],
      type: entry['type'],
      version: entry['version'],
      keys: Array.from(Object(entry['config']), (key) => Reflect.get(Object(key), 'name')),
    }));
    const there = Object.entries(plugins).map(([name, plugin]) =>
      summary(name, plugin.type, plugin),
    );
    const byName = (a: object, b: object): number =>
      String(Reflect.get(a, 'export')).localeCompare(String(Reflect.get(b, 'export')));
    assert.deepEqual(told.sort(byName), there.sort(byName));
  });

  it('reports its own version for the plug-ins under its own names', async () => {
    const description = await readJson('package.json');
    assert.ok(typeof description === 'object' && description !== null);
    assert.equal(CONNECTOR_VERSION, Reflect.get(description, 'version'));
  });
});
