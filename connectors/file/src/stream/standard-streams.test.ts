import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTempDir } from '@sluice/testing';

const SCRIPT = fileURLToPath(new URL('../../test/copy-stdin.ts', import.meta.url));
const EXIT_TIMEOUT_MS = 20_000;

function startCopy(stdin: 'pipe' | number): ChildProcess {
  return spawn(process.execPath, ['--conditions=@sluice/source', SCRIPT], {
    stdio: [stdin, 'pipe', 'inherit'],
  });
}

/** What the copy printed; fails when it does not end by itself. */
async function outputOf(child: ChildProcess): Promise<string> {
  const timer = setTimeout(() => child.kill('SIGKILL'), EXIT_TIMEOUT_MS);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.once('close', resolve);
  const code = await promise;
  clearTimeout(timer);
  assert.equal(code, 0, `ended with ${code}, having printed ${text}`);
  return text;
}

describe('FileStreamSource and FileStreamSink without a file', () => {
  it('copy a pipe that stays open, and let go of it', async () => {
    const child = startCopy('pipe');
    child.stdin?.write('grün\r\n');
    child.stdin?.write('two\nend\n');
    const offset = '{"position":null}';
    assert.equal(await outputOf(child), `${offset} grün\n${offset} two\n${offset} end\n`);
    child.stdin?.destroy();
  });

  it('copy a file that standard input is redirected from', async () => {
    await using dir = await makeTempDir('stdin');
    const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`);
    await writeFile(dir.join('in.txt'), `${lines.join('\n')}\nend\n`);
    const descriptor = openSync(dir.join('in.txt'), 'r');
    const text = await outputOf(startCopy(descriptor));
    closeSync(descriptor);
    const expected = [...lines, 'end'].map((line) => `{"position":null} ${line}\n`).join('');
    assert.equal(text, expected);
  });
});
