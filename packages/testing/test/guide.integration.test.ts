// Goal: the guide to connectors is true. Method: its code is taken out of the page, compiled, tested by its
// own tests, and run by `sluice standalone` on the dev broker until its records are where they should be.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';
import {
  freePort,
  PluginWorkspace,
  propertiesText,
  startDevBrokerForTest,
  startSluice,
} from '@sluice/testing';

const GUIDE = new URL('../../../docs/guides/write-a-connector.md', import.meta.url);
/** As promised; the line that names the file is not of the code. */
const SOURCE_LINES_MAX = 60;

/** The blocks of code, by the file that they name in their first line; `package.json` names none. */
async function guideFiles(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(GUIDE, 'utf8');
  const files = new Map<string, string>();
  for (const [, language, block = ''] of text.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    if (language === 'json') files.set('package.json', block);
    const name = /^\/\/ (\S+)\n/.exec(block)?.[1];
    if (language === 'ts' && name !== undefined) files.set(name, block);
  }
  return files;
}

test('the guide builds a connector that is tested, found and run by a worker', async () => {
  const files = await guideFiles();
  assert.deepEqual([...files.keys()].sort(), [
    'manifest.ts',
    'package.json',
    'src/http-source.test.ts',
    'src/http-source.ts',
    'src/index.ts',
    'src/keep-field.test.ts',
    'src/keep-field.ts',
  ]);
  const lines = files.get('src/http-source.ts')?.trimEnd().split('\n').slice(1) ?? [];
  assert.ok(lines.length <= SOURCE_LINES_MAX, `the source has ${lines.length} lines`);

  await using workspace = await PluginWorkspace.create();
  await workspace.write(files);
  await workspace.checkTypes();
  await workspace.runModule('manifest.ts');
  const passed = await workspace.runTests();
  assert.ok(passed > 38, `${passed} checks passed`);

  await workspace.build();
  assert.deepEqual(await pipedNames(workspace.path, 3), ['name 1', 'name 2', 'name 3']);
});

/** What comes out of a worker that has the package on its `plugin.path`, in a file. */
async function pipedNames(pluginPath: string, count: number): Promise<readonly string[]> {
  const items = Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `name ${i + 1}` }));
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('after'));
    response.end(JSON.stringify(items.filter(({ id }) => id > after)));
  });
  const port = await freePort();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  await using broker = await startDevBrokerForTest();
  const out = `${pluginPath}/out.txt`;
  const string = 'org.apache.kafka.connect.storage.StringConverter';
  const configs = {
    worker: {
      'bootstrap.servers': broker.bootstrapServers,
      'key.converter': 'org.apache.kafka.connect.converters.LongConverter',
      'value.converter': string,
      'offset.storage.file.filename': `${pluginPath}/offsets`,
      'plugin.path': pluginPath,
      listeners: `http://127.0.0.1:${await freePort()}`,
    },
    source: {
      name: 'items',
      'connector.class': 'org.example.HttpSourceConnector',
      url: `http://127.0.0.1:${port}/items`,
      topic: 'items',
      transforms: 'names',
      'transforms.names.type': 'org.example.KeepField',
      'transforms.names.field': 'name',
    },
    sink: { name: 'out', 'connector.class': 'FileStreamSink', topics: 'items', file: out },
  };
  const paths: string[] = [];
  for (const [name, props] of Object.entries(configs)) {
    paths.push(`${pluginPath}/${name}.properties`);
    await writeFile(`${pluginPath}/${name}.properties`, propertiesText(props));
  }
  try {
    await using sluice = await startSluice({ args: ['standalone', ...paths] });
    return await sluice.waitUntil(`${count} lines in ${out}`, async () => {
      const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
      return lines.length >= count ? lines : null;
    });
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}
