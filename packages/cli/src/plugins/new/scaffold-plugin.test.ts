import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { scaffoldFiles, scaffoldPlugin, type ScaffoldOptions } from './scaffold-plugin.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-new-'));
});
after(() => rm(directory, { recursive: true }));

const optionsOf = (changes: Partial<ScaffoldOptions> = {}): ScaffoldOptions => ({
  kind: 'source',
  packageName: '@acme/connect-old-orders',
  directory: join(directory, 'new'),
  sluiceVersion: '0.1.0',
  ...changes,
});

test("the plug-in's names are made of the package's", () => {
  const code = scaffoldFiles(optionsOf()).get('src/plugin.ts') ?? '';
  assert.match(code, /className: 'org\.example\.OldOrdersSourceConnector'/);
  assert.match(code, /export const oldOrdersSource = /);
  const named = scaffoldFiles(optionsOf({ className: 'com.acme.X', kind: 'sink' }));
  assert.match(named.get('src/plugin.ts') ?? '', /className: 'com\.acme\.X'/);
  const number = scaffoldFiles(optionsOf({ packageName: '9', kind: 'transformation' }));
  assert.match(number.get('src/index.ts') ?? '', /export { my9 }/);
});

test('a directory that is not there yet is made, and the files are told', async () => {
  const files = await scaffoldPlugin(optionsOf());
  assert.ok(files.includes('src/plugin.test.ts'));
  const text = await readFile(join(directory, 'new', 'package.json'), 'utf8');
  assert.equal(JSON.parse(text).name, '@acme/connect-old-orders');
});

test('what is there stays: a directory that holds something is refused', async () => {
  await writeFile(join(directory, 'mine.txt'), 'mine');
  await assert.rejects(
    scaffoldPlugin(optionsOf({ directory })),
    /is not empty \(it holds .*nothing/,
  );
});

test('a name that npm would not take is refused', async () => {
  for (const packageName of ['', 'Orders', 'a b', '../up', '@acme'])
    await assert.rejects(
      scaffoldPlugin(optionsOf({ packageName })),
      /can't be the name of a package/,
    );
});
