import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MemoryLogger } from '../../test/support/task-fixture.ts';
import { FileOffsetBackingStore } from './file-offset-backing-store.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-offsets-'));
});
after(() => rm(folder, { recursive: true, force: true }));

function entry(key: string, value: string | null) {
  return { key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
}

async function opened(path: string, logger = new MemoryLogger()): Promise<FileOffsetBackingStore> {
  const store = new FileOffsetBackingStore(path, logger);
  await store.start();
  return store;
}

function text(store: FileOffsetBackingStore, key: string): string | null {
  const value = store.get(Buffer.from(key));
  return value === null ? null : Buffer.from(value).toString();
}

test('R9.03 what was set is there after a restart', async () => {
  const path = join(folder, 'plain');
  const store = await opened(path);
  await store.set([entry('a', '1'), entry('b', '2')]);
  await store.set([entry('a', '3'), entry('c', null)]);
  await store.stop();
  const again = await opened(path);
  assert.deepEqual([text(again, 'a'), text(again, 'b'), text(again, 'c')], ['3', '2', null]);
  assert.deepEqual(
    (await readdir(folder)).filter((each) => each.startsWith('plain')),
    ['plain'],
  );
});

test('R9.03 a file that does not exist yet is an empty one, with a warning', async () => {
  const logger = new MemoryLogger();
  const store = await opened(join(folder, 'new'), logger);
  assert.deepEqual([...store.entries()], []);
  assert.equal(logger.has('does not exist yet'), true);
});

test('R9.03 a truncated file is an empty one, with a warning', async () => {
  const path = join(folder, 'truncated');
  const store = await opened(path);
  await store.set([entry('a', '1')]);
  await store.stop();
  await writeFile(path, (await readFile(path)).subarray(0, -3));
  const logger = new MemoryLogger();
  const again = await opened(path, logger);
  assert.deepEqual([...again.entries()], []);
  assert.equal(logger.has('WARN The offsets file'), true);
  const empty = join(folder, 'empty');
  await writeFile(empty, '');
  assert.deepEqual([...(await opened(empty)).entries()], []);
});

test('R9.03 a file of something else is refused, and left as it is', async () => {
  const path = join(folder, 'foreign');
  await writeFile(path, 'bootstrap.servers=localhost:9092\n');
  await assert.rejects(opened(path), /foreign \(offset\.storage\.file\.filename\) can't be read/);
  assert.equal(await readFile(path, 'utf8'), 'bootstrap.servers=localhost:9092\n');
});

test('a place that cannot be written to is refused at the start, naming the key', async () => {
  await assert.rejects(
    opened(join(folder, 'no', 'such', 'folder')),
    /can't be used: ENOENT.*Set offset\.storage\.file\.filename to a file in an existing folder/,
  );
  await assert.rejects(opened(folder), /can't be used: it is not a regular file/);
});

test('offsets that could not be written are not answered either', async () => {
  const inner = await mkdtemp(join(folder, 'gone-'));
  const store = await opened(join(inner, 'offsets'));
  await store.set([entry('a', '1')]);
  await rm(inner, { recursive: true });
  await assert.rejects(store.set([entry('a', '2'), entry('b', '2')]), /could not be written/);
  assert.equal(text(store, 'a'), '1');
  assert.equal(text(store, 'b'), null);
  assert.match(store.failure?.message ?? '', /could not be written/);
  await mkdir(inner);
  await store.set([entry('a', '3')]);
  assert.equal(store.failure, null);
});

test('writes that overlap are carried out in order, and all are there at the end', async () => {
  const path = join(folder, 'busy');
  const store = await opened(path);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      store.set([entry('same', String(index)), entry(`k${index}`, 'x')]),
    ),
  );
  await store.stop();
  const again = await opened(path);
  assert.equal(text(again, 'same'), '19');
  assert.equal([...again.entries()].length, 21);
});

test('a link to the file stays a link', async () => {
  const path = join(folder, 'linked');
  await (await opened(path)).set([entry('a', '1')]);
  const link = join(folder, 'link');
  await symlink(path, link);
  await (await opened(link)).set([entry('a', '2')]);
  assert.equal((await lstat(link)).isSymbolicLink(), true);
  assert.equal(text(await opened(path), 'a'), '2');
});
