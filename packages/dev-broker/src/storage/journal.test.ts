import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { Journal } from './journal.ts';
import { type LogFile, openLogFile } from './log-file.ts';

async function entriesOf(file: string): Promise<readonly unknown[]> {
  const entries: unknown[] = [];
  const journal = await Journal.open(file, openLogFile, (entry) => entries.push(entry));
  await journal.close();
  return entries;
}

test('cut at any byte, a journal holds every whole entry before the cut, and goes on', async () => {
  await using dir = await makeTempDir('journal');
  const file = dir.join('j.jsonl');
  const journal = await Journal.open(file, openLogFile, () => undefined);
  const entries = [{ n: 1 }, { n: 2, text: 'zwei\nZeilen ✓' }, { n: 3 }];
  for (const entry of entries) await journal.append(entry);
  await journal.close();
  const bytes = await readFile(file);
  for (let cut = 0; cut <= bytes.length; cut++) {
    await writeFile(file, bytes.subarray(0, cut));
    const whole = bytes.subarray(0, cut).toString('latin1').split('\n').length - 1;
    const read: unknown[] = [];
    const again = await Journal.open(file, openLogFile, (entry) => read.push(entry));
    assert.deepEqual(read, entries.slice(0, whole), `cut at ${cut}`);
    await again.append({ n: 4 });
    await again.close();
    assert.deepEqual(await entriesOf(file), [...entries.slice(0, whole), { n: 4 }]);
  }
});

test('a rewritten journal holds what it was told, and takes more', async () => {
  await using dir = await makeTempDir('journal');
  const file = dir.join('j.jsonl');
  const journal = await Journal.open(file, openLogFile, () => undefined);
  for (let n = 0; n < 10; n++) await journal.append({ n });
  await journal.rewrite(() => [{ all: 10 }]);
  assert.equal(journal.lines, 1);
  await journal.append({ n: 11 });
  await journal.close();
  assert.deepEqual(await entriesOf(file), [{ all: 10 }, { n: 11 }]);
});

test('an entry that the disk refuses leaves the journal as it was', async () => {
  await using dir = await makeTempDir('journal');
  const file = dir.join('j.jsonl');
  let isFull = false;
  const open = async (path: string): Promise<LogFile> => {
    const real = await openLogFile(path);
    return {
      ...real,
      async write(bytes, position) {
        if (!isFull) return real.write(bytes, position);
        await real.write([Buffer.from('{"half')], position);
        throw new Error('ENOSPC');
      },
    };
  };
  const journal = await Journal.open(file, open, () => undefined);
  await journal.append({ n: 1 });
  isFull = true;
  await assert.rejects(journal.append({ n: 2 }), /ENOSPC/);
  isFull = false;
  await journal.append({ n: 3 });
  await journal.close();
  assert.deepEqual(await entriesOf(file), [{ n: 1 }, { n: 3 }]);
});
