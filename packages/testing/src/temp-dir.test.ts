import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { makeTempDir } from './temp-dir.ts';

test('folders in any number have one listener', async () => {
  await using first = await makeTempDir('many');
  const listeners = process.listenerCount('exit');
  const dirs = await Promise.all(Array.from({ length: 20 }, () => makeTempDir('many')));
  assert.equal(process.listenerCount('exit'), listeners);
  assert.equal(new Set([first, ...dirs].map((dir) => dir.path)).size, 21);
  for (const dir of dirs) {
    assert.ok(existsSync(dir.path));
    await dir[Symbol.asyncDispose]();
    assert.ok(!existsSync(dir.path));
  }
  assert.ok(existsSync(first.path));
});

test('a process that ends without disposing leaves no folder, and no warning', async () => {
  const module = new URL('./temp-dir.ts', import.meta.url).href;
  const script = `
    import { writeFileSync } from 'node:fs';
    const { makeTempDir } = await import(${JSON.stringify(module)});
    for (let i = 0; i < 12; i++) {
      const dir = await makeTempDir('left');
      writeFileSync(dir.join('file'), 'x');
      console.log(dir.path);
    }
    process.exit(0);`;
  const args = ['--input-type=module', '-e', script];
  const env = { ...process.env, SLUICE_KEEP_TEMP: '', NODE_OPTIONS: '', NODE_TEST_CONTEXT: '' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  const folders = stdout.trim().split('\n');
  assert.equal(folders.length, 12);
  assert.deepEqual(
    folders.filter((folder) => existsSync(folder)),
    [],
  );
  assert.doesNotMatch(stderr, /MaxListeners/);
});
