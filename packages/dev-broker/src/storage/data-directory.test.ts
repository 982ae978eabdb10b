import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { BrokerStartError } from './broker-start-error.ts';
import { DATA_FORMAT, openDataDirectory } from './data-directory.ts';

function startError(code: string, message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof BrokerStartError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

test('a directory keeps its cluster id, and counts its starts', async () => {
  await using dir = await makeTempDir('data');
  const first = await openDataDirectory(dir.join('new', 'data'));
  assert.match(first.clusterId, /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
  assert.equal(first.startCount, 0);
  await first.release();
  const second = await openDataDirectory(dir.join('new', 'data'));
  assert.equal(second.clusterId, first.clusterId);
  assert.equal(second.startCount, 1);
  await second.release();
});

test('two brokers do not share a directory', async () => {
  await using dir = await makeTempDir('data');
  const first = await openDataDirectory(dir.path);
  await assert.rejects(
    openDataDirectory(dir.path),
    startError('DATA_DIR_IN_USE', /used by this process.*broker\.lock/),
  );
  await first.release();
  await (await openDataDirectory(dir.path)).release();
});

test('the lock of a process that is gone is taken over, also when its id is used again', async () => {
  await using dir = await makeTempDir('data');
  // No process has an id beyond 2^22 on Linux; and this very process did not start at 1.
  const stale = ['99999999 5\n', 'garbage\n', ''];
  if (process.platform === 'linux') stale.push(`${process.pid} 1\n`);
  for (const text of stale) {
    await writeFile(dir.join('broker.lock'), text);
    const directory = await openDataDirectory(dir.path);
    assert.match(await readFile(dir.join('broker.lock'), 'utf8'), new RegExp(`^${process.pid} `));
    await directory.release();
  }
});

test('a directory of another format, or of somebody else, is refused with what to do', async () => {
  await using dir = await makeTempDir('data');
  const record = dir.join('broker.json');
  await writeFile(record, JSON.stringify({ format: DATA_FORMAT + 1, other: true }));
  const other = `has format ${DATA_FORMAT + 1}, this version reads format ${DATA_FORMAT}.*choose`;
  await assert.rejects(
    openDataDirectory(dir.path),
    startError('DATA_DIR_OTHER_FORMAT', new RegExp(other)),
  );
  await writeFile(record, '{"format":1');
  await assert.rejects(
    openDataDirectory(dir.path),
    startError('DATA_DIR_DAMAGED', /broker\.json can't be understood/),
  );
  await using foreign = await makeTempDir('data');
  await writeFile(foreign.join('photo.jpg'), '');
  await assert.rejects(
    openDataDirectory(foreign.path),
    startError('DATA_DIR_OTHER_FORMAT', /not empty \(it holds photo\.jpg\)/),
  );
});

test('a directory that can not be made or written is refused', async (t) => {
  await using dir = await makeTempDir('data');
  await writeFile(dir.join('file'), '');
  await assert.rejects(
    openDataDirectory(dir.join('file', 'data')),
    startError('DATA_DIR_UNUSABLE', /making the data directory .* failed: .*Choose/),
  );
  if (process.getuid?.() === 0) {
    t.diagnostic('run as root: a directory without write permission can not be tested');
    return;
  }
  await chmod(dir.path, 0o500);
  await assert.rejects(
    openDataDirectory(dir.path),
    startError('DATA_DIR_UNUSABLE', /broker\.lock failed: .*writable/),
  );
  await chmod(dir.path, 0o700);
});
