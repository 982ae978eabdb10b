import { describePlugin } from '@sluice/api';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import * as plugins from './index.ts';

describe('the package', () => {
  it('has a manifest that says what its code says', async () => {
    const told = Object.entries(plugins)
      .map(([name, plugin]) => ({
        ...describePlugin(plugin, { export: '.', name }),
        hasOwnValidation: true,
      }))
      .sort((a, b) => (a.class < b.class ? -1 : 1));
    const manifest = { api: 1, plugins: JSON.parse(JSON.stringify(told)) };
    const text = await readFile(new URL('../connect.json', import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(text), manifest);
    assert.equal(told.length, 5);
  });
});
