import { describePlugin } from '@sluice/api';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import * as plugins from './index.ts';
import { CONNECTOR_VERSION } from './version.ts';

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
}

describe('the package', () => {
  it('has a manifest that says what its code says', async () => {
    const told = Object.entries(plugins)
      .map(([name, plugin]) => describePlugin(plugin, { export: '.', name }))
      .sort((a, b) => (a.class < b.class ? -1 : 1));
    const manifest = { api: 1, plugins: JSON.parse(JSON.stringify(told)) };
    assert.deepEqual(await readJson('connect.json'), manifest);
    assert.equal(told.length, 4);
  });

  it('reports its own version for the plug-ins under its own names', async () => {
    const description = await readJson('package.json');
    assert.ok(typeof description === 'object' && description !== null);
    assert.equal(CONNECTOR_VERSION, Reflect.get(description, 'version'));
  });
});
