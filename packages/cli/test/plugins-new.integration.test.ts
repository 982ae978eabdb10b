// Goal: what `sluice plugins new` writes works at once. Method: each kind is written, compiled, and its own
// tests are run; its manifest must be the one that its code makes, and a worker must find it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { discoverPlugins, PluginCatalog } from '@sluice/runtime';
import { PluginWorkspace } from '@sluice/testing';
import { TEMPLATE_KINDS } from '../src/plugins/new/plugin-template.ts';
import { scaffoldFiles } from '../src/plugins/new/scaffold-plugin.ts';

/** How many checks of the kit pass, at least, for each kind. */
const CHECKS = { source: 22, sink: 21, transformation: 17 } as const;

for (const kind of TEMPLATE_KINDS)
  test(`a new ${kind} compiles, passes its conformance tests and is found by a worker`, async () => {
    await using workspace = await PluginWorkspace.create();
    const packageName = 'connect-things';
    const options = { kind, packageName, directory: workspace.path, sluiceVersion: '0.1.0' };
    await workspace.write(scaffoldFiles(options));
    await workspace.checkTypes();
    const passed = await workspace.runTests();
    assert.ok(passed >= CHECKS[kind], `${passed} checks passed`);

    const manifest = await readFile(`${workspace.path}/connect.json`, 'utf8');
    await workspace.runModule('manifest.ts');
    assert.equal(await readFile(`${workspace.path}/connect.json`, 'utf8'), manifest);

    await workspace.build();
    const pluginPath = [workspace.path];
    const found = await discoverPlugins({ workerDirectory: workspace.path, pluginPath });
    assert.deepEqual(found.problems, []);
    const [plugin] = new PluginCatalog(found).list();
    assert.equal(plugin?.type, kind);
    assert.match(plugin?.ref().moduleUrl ?? '', /dist\/index\.js$/);
  });
