/**
 * Goal: a Java worker and a Sluice worker go on from each other's offsets file. Method: a Java
 * program of a few lines reads and writes the file with the JDK's own object streams, as
 * `FileOffsetBackingStore` does.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { javaCommand, skipReason } from '@sluice/testing';
import { ConnectorOffsets } from '../src/storage/connector-offsets.ts';
import { FileOffsetBackingStore } from '../src/storage/file-offset-backing-store.ts';
import { MemoryLogger } from './support/task-fixture.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('./java/OffsetFile.java', import.meta.url));
const JAVA_MS_MAX = 60_000;

async function java(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(javaCommand(), ['-Dfile.encoding=UTF-8', PROGRAM, ...args], {
    timeout: JAVA_MS_MAX,
  });
  return stdout;
}

const TITLE = 'the offsets file';

describe(TITLE, { skip: await skipReason('java-connect', TITLE) }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-java-offsets-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function offsetsIn(path: string) {
    const store = new FileOffsetBackingStore(path, new MemoryLogger());
    await store.start();
    return { store, offsets: new ConnectorOffsets(store) };
  }

  test('R9.03 that we write is read by Java', async () => {
    const path = join(folder, 'ours');
    const { store, offsets } = await offsetsIn(path);
    const many = Array.from({ length: 40 }, (_, index) => ({
      partition: `{"filename":"/tmp/ü ${index}"}`,
      offset: `{"position":${index}}`,
    }));
    await offsets.write('füle', many);
    await store.stop();
    const lines = (await java('read', path)).trim().split('\n').sort();
    assert.deepEqual(
      lines,
      many.map(({ partition, offset }) => `["füle",${partition}]\t${offset}`).sort(),
    );
  });

  test('R9.03 that Java writes is read by us, and goes back to Java with our changes', async () => {
    const path = join(folder, 'theirs');
    await java(
      'write',
      path,
      '["file",{"filename":"/tmp/x"}]',
      '{"position":9223372036854775807}',
      '["db",{"table":"t","db":"d"}]',
      '{"id":1.0}',
    );
    const { store, offsets } = await offsetsIn(path);
    assert.deepEqual(offsets.read('file', ['{"filename":"/tmp/x"}']), [
      '{"position":9223372036854775807}',
    ]);
    assert.deepEqual(offsets.read('db', ['{"db":"d","table":"t"}']), ['{"id":1.0}']);
    await offsets.write('db', [{ partition: '{"db":"d","table":"t"}', offset: '{"id":2.0}' }]);
    await store.stop();
    assert.deepEqual((await java('read', path)).trim().split('\n').sort(), [
      '["db",{"table":"t","db":"d"}]\t{"id":2.0}',
      '["file",{"filename":"/tmp/x"}]\t{"position":9223372036854775807}',
    ]);
  });
});
