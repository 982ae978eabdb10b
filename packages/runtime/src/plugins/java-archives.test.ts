import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { discoverPlugins } from './discover-plugins.ts';
import { holdsClass, javaArchivesIn } from './java-archives.ts';
import { PluginCatalog } from './plugin-catalog.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-jars-'));
});
after(() => rm(directory, { recursive: true }));

/** A zip file of empty files, as the format has them: entries, then their list, then its end. */
function zip(names: readonly string[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name));
    list.push(entry, Buffer.from(name));
    offset += local.length + Buffer.byteLength(name);
  }
  const entries = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, entries, end, Buffer.from(comment)]);
}

async function writeJar(path: string, names: readonly string[], comment?: string): Promise<string> {
  const jar = join(directory, path);
  await mkdir(join(jar, '..'), { recursive: true });
  await writeFile(jar, zip(names, comment));
  return jar;
}

test('a class is found in a jar by its full name, a short name by any class of that name', async () => {
  const jar = await writeJar('a.jar', ['com/x/OrdersSinkConnector.class'], 'a comment behind it');
  assert.equal(holdsClass(jar, 'com.x.OrdersSinkConnector'), true);
  assert.equal(holdsClass(jar, 'OrdersSinkConnector'), true);
  assert.equal(holdsClass(jar, 'OrdersSink'), true);
  assert.equal(holdsClass(jar, 'com.x.OrdersSink'), false);
  assert.equal(holdsClass(jar, 'SinkConnector'), false);
});

test('what is no jar, is torn or gone holds nothing', async () => {
  const torn = join(directory, 'torn.jar');
  await writeFile(torn, zip(['com/x/A.class']).subarray(0, 60));
  const empty = join(directory, 'empty.jar');
  await writeFile(empty, '');
  for (const jar of [torn, empty, join(directory, 'gone.jar')])
    assert.equal(holdsClass(jar, 'com.x.A'), false);
});

test('jars are found as deep as distributions put them, and as plugin.path entries', async () => {
  const deep = await writeJar('hub/kafka-connect-x/lib/x.jar', []);
  await writeJar('hub/node_modules/y/y.jar', []);
  assert.deepEqual(await javaArchivesIn(join(directory, 'hub')), [deep]);
  const found = await discoverPlugins({ workerDirectory: directory, pluginPath: [deep] });
  assert.deepEqual(found.javaArchives, [deep]);
  assert.match(found.problems.join('\n'), /1 Java plug-in file.*x\.jar/);
});

test('a connector whose class lies in a jar of plugin.path is told to be a Java plug-in', async () => {
  const jar = await writeJar('plugins/x/orders.jar', ['com/x/OrdersSinkConnector.class']);
  const pluginPath = [join(directory, 'plugins')];
  const catalog = new PluginCatalog(
    await discoverPlugins({ workerDirectory: directory, pluginPath }),
  );
  assert.throws(() => catalog.connector('com.x.OrdersSinkConnector'), {
    message:
      'Failed to find any class that implements Connector and which name matches ' +
      'com.x.OrdersSinkConnector, available connectors are: . ' +
      `${jar} holds that class, but it is a Java plug-in: Sluice runs plug-ins written for Node. ` +
      `No connector that comes with Sluice has that name, and plugin.path (${pluginPath.join()}) ` +
      'has none either. If there is an npm package of it for Sluice, install it with "npm install ' +
      '--prefix <directory> <package>" in a directory of plugin.path and restart the worker; ' +
      '"sluice plugins list --plugin-path <directories>" shows what is found.',
  });
  assert.match(
    catalog.hint('converter', 'com.x.OrdersSinkConnector'),
    /orders\.jar holds that class/,
  );
  assert.match(catalog.hint('converter', 'com.x.Other'), /No converter that comes with Sluice/);
});
