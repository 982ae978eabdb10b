import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { A_MOMENT, aBatch } from '../../test/a-batch.ts';
import { openLogFile } from '../storage/log-file.ts';
import { placeBatch, readBatchHeader } from './batch-header.ts';
import { LogSegment, segmentFileName } from './log-segment.ts';

function segmentIn(directory: string, indexIntervalBytes = 4096): LogSegment {
  return new LogSegment({ directory, baseOffset: 0, indexIntervalBytes, openFile: openLogFile });
}

/** Appends batches of three records each, a second apart, and hands back their bytes. */
async function fill(segment: LogSegment, count: number): Promise<readonly Buffer[]> {
  const batches: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const batch = aBatch({ values: [`${i}a`, `${i}b`, `${i}c`], timestamp: A_MOMENT + i * 1000 });
    placeBatch(batch, segment.nextOffset, 0);
    await segment.append(batch, readBatchHeader(batch, 0), false);
    batches.push(batch);
  }
  return batches;
}

test('a read begins with the batch that holds the offset and ends with a whole batch', async () => {
  await using dir = await makeTempDir('segment');
  const segment = segmentIn(dir.path, 200);
  await segment.recover();
  const batches = await fill(segment, 20);
  for (const offset of [0, 1, 2, 3, 29, 30, 31, 57, 59]) {
    const from = Math.floor(offset / 3);
    assert.deepEqual(await segment.read(offset, 1e6, true), Buffer.concat(batches.slice(from)));
    const two = batches.slice(from, from + 2);
    const bytes = Buffer.concat(two).length + 1;
    assert.deepEqual(await segment.read(offset, bytes, true), Buffer.concat(two), `${offset}`);
  }
  assert.equal((await segment.read(60, 1e6, true)).length, 0);
  await segment.close();
});

test('a batch larger than the bound comes only when at least one is asked for', async () => {
  await using dir = await makeTempDir('segment');
  const segment = segmentIn(dir.path);
  await segment.recover();
  const [first] = await fill(segment, 3);
  for (const maxBytes of [0, 1, 12, 61, 80]) {
    assert.deepEqual(await segment.read(1, maxBytes, true), first);
    assert.equal((await segment.read(1, maxBytes, false)).length, 0);
  }
  await segment.close();
});

test('cut at any byte, the segment recovers every whole batch before the cut', async () => {
  await using dir = await makeTempDir('segment');
  const whole = segmentIn(dir.path);
  await whole.recover();
  const batches = await fill(whole, 3);
  await whole.close();
  const file = dir.join(segmentFileName(0, '.log'));
  const bytes = await readFile(file);
  const ends = batches.map((_, i) => Buffer.concat(batches.slice(0, i + 1)).length);
  for (let cut = 0; cut <= bytes.length; cut++) {
    await writeFile(file, bytes.subarray(0, cut));
    const segment = segmentIn(dir.path);
    const { droppedBytes } = await segment.recover();
    const kept = ends.filter((end) => end <= cut).length;
    assert.equal(segment.nextOffset, kept * 3, `cut at ${cut}`);
    assert.equal(segment.sizeInBytes, ends[kept - 1] ?? 0);
    assert.equal(droppedBytes, cut - segment.sizeInBytes);
    assert.equal((await readFile(file)).length, segment.sizeInBytes);
    await segment.close();
  }
});

test('a changed byte anywhere ends the recovery before its batch', async () => {
  await using dir = await makeTempDir('segment');
  const whole = segmentIn(dir.path);
  await whole.recover();
  const [first, second] = await fill(whole, 2);
  assert.ok(first !== undefined && second !== undefined);
  await whole.close();
  const file = dir.join(segmentFileName(0, '.log'));
  const bytes = await readFile(file);
  // The leader epoch (bytes 12 to 15) is outside the checksum: any value is a good one.
  const covered = [...second.keys()].filter((at) => at < 12 || at >= 16);
  for (const at of covered) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(first.length + at) ^ 0x80, first.length + at);
    await writeFile(file, damaged);
    const segment = segmentIn(dir.path);
    const { problem } = await segment.recover();
    // A base offset that grew by 2^7 or more is as good as any; the rest is not.
    if (at >= 1 && at < 8) assert.ok(segment.nextOffset === 3 || problem === null, `byte ${at}`);
    else {
      assert.equal(segment.nextOffset, 3, `byte ${at}`);
      assert.match(problem ?? '', /batch/);
    }
    await segment.close();
  }
});

test('after a checkpoint, recovery reads only what came later', async () => {
  await using dir = await makeTempDir('segment');
  const before = segmentIn(dir.path, 100);
  await before.recover();
  const batches = await fill(before, 10);
  await before.checkpoint();
  const reads: number[] = [];
  const after = new LogSegment({
    directory: dir.path,
    baseOffset: 0,
    indexIntervalBytes: 100,
    openFile: async (path) => {
      const file = await openLogFile(path);
      const read: typeof file.read = (position, length) => {
        reads.push(position);
        return file.read(position, length);
      };
      return { ...file, read };
    },
  });
  await after.recover();
  assert.deepEqual(reads, []);
  assert.equal(after.nextOffset, 30);
  assert.equal(after.maxTimestamp, A_MOMENT + 9000);
  assert.equal(after.firstTimestamp, A_MOMENT);
  assert.deepEqual(await after.read(28, 1e6, true), batches[9]);
  await before.close();
  await after.close();
});

test('a lost or damaged index is made anew from the batches', async () => {
  await using dir = await makeTempDir('segment');
  const before = segmentIn(dir.path, 100);
  await before.recover();
  const batches = await fill(before, 10);
  await before.checkpoint();
  await before.close();
  const index = dir.join(segmentFileName(0, '.index'));
  const bytes = await readFile(index);
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  const damages = [() => writeFile(index, bytes), () => writeFile(index, 'x'), () => rm(index)];
  for (const damage of damages) {
    await damage();
    const after = segmentIn(dir.path, 100);
    assert.deepEqual(await after.read(13, 1, true), batches[4]);
    assert.equal(after.nextOffset, 30);
    await after.close();
  }
});

test('the first batch since a time is found through the index and without it', async () => {
  for (const interval of [1, 250, 1_000_000]) {
    await using dir = await makeTempDir('segment');
    const segment = segmentIn(dir.path, interval);
    await segment.recover();
    const batches = await fill(segment, 12);
    for (let i = 0; i < 12; i++) {
      const found = await segment.firstBatchSince(A_MOMENT + i * 1000 - 500, 0);
      assert.deepEqual(found, batches[i], `batch ${i}, interval ${interval}`);
    }
    assert.equal(await segment.firstBatchSince(A_MOMENT + 12_000, 0), null);
    assert.deepEqual(await segment.firstBatchSince(0, 20), batches[6]);
    await segment.close();
  }
});

test('a write that the disk refuses leaves the segment as it was', async () => {
  await using dir = await makeTempDir('segment');
  let isFull = false;
  const segment = new LogSegment({
    directory: dir.path,
    baseOffset: 0,
    indexIntervalBytes: 4096,
    openFile: async (path) => {
      const file = await openLogFile(path);
      return {
        ...file,
        async write(bytes, position) {
          if (!isFull) return file.write(bytes, position);
          // Half of it gets through, as on a real disk.
          await file.write([Buffer.concat(bytes).subarray(0, 40)], position);
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        },
      };
    },
  });
  await segment.recover();
  const batches = await fill(segment, 2);
  isFull = true;
  await assert.rejects(fill(segment, 1), /ENOSPC/);
  const file = dir.join(segmentFileName(0, '.log'));
  assert.equal((await readFile(file)).length, segment.sizeInBytes);
  isFull = false;
  const more = await fill(segment, 1);
  assert.deepEqual(await readFile(file), Buffer.concat([...batches, ...more]));
  assert.equal(segment.nextOffset, 9);
  await segment.close();
});

test('a segment whose file is gone is an error, not an empty segment', async () => {
  await using dir = await makeTempDir('segment');
  const before = segmentIn(dir.path);
  await before.recover();
  await fill(before, 2);
  await before.checkpoint();
  await before.close();
  await assert.rejects(before.read(0, 100, true), /is closed/);
  await rm(dir.join(segmentFileName(0, '.log')));
  await assert.rejects(segmentIn(dir.path).read(0, 100, true), /ENOENT/);
});
