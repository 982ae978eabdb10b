import { makeTempDir, type TempDir } from '@sluice/testing';
import { STRING_SCHEMA, type Props, type SourceMap, type SourceRecord } from '@sluice/api';
import assert from 'node:assert/strict';
import { appendFile, rename, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { aSourceTaskContext, RecordingLogger } from '../../test/contexts.ts';
import { pollRecords } from '../../test/polling.ts';
import { FileStreamSourceTask } from './source-task.ts';

const valuesOf = (records: readonly SourceRecord[]): unknown[] => records.map((r) => r.value);

describe('FileStreamSourceTask', () => {
  let dir: TempDir;
  let file: string;
  let logger: RecordingLogger;
  const started: FileStreamSourceTask[] = [];

  beforeEach(async () => {
    dir = await makeTempDir('file-source');
    file = dir.join('in.txt');
    logger = new RecordingLogger();
  });
  afterEach(async () => {
    for (const task of started.splice(0)) await task.stop();
    await dir[Symbol.asyncDispose]();
  });

  async function aTask(
    offset: SourceMap | null = null,
    props: Props = {},
  ): Promise<FileStreamSourceTask> {
    const task = new FileStreamSourceTask();
    started.push(task);
    task.initialize(aSourceTaskContext(offset, logger));
    await task.start({ file, topic: 'lines', ...props });
    return task;
  }

  it('emits each line as a string with its file and the byte after it', async () => {
    await writeFile(file, 'one\ntwo\nunended');
    const before = Date.now();
    const records = await pollRecords(await aTask(), 2);
    const [first, second] = records;
    assert.equal(records.length, 2);
    assert.equal(first?.topic, 'lines');
    assert.equal(first?.value, 'one');
    assert.equal(first?.valueSchema, STRING_SCHEMA);
    assert.equal(first?.key, null);
    assert.equal(first?.keySchema, null);
    assert.equal(first?.kafkaPartition, null);
    assert.ok((first?.timestamp ?? 0) >= before);
    assert.deepEqual(first?.sourcePartition, { filename: file });
    assert.deepEqual(first?.sourceOffset, { position: 4 });
    assert.deepEqual(second?.sourceOffset, { position: 8 });
  });

  it('takes batch.size lines at a time, and the rest with the next poll, unasked', async () => {
    await writeFile(file, '1\n2\n3\n4\n5\n');
    const task = await aTask(null, { 'batch.size': '2' });
    const signal = AbortSignal.timeout(5_000);
    assert.deepEqual(valuesOf((await task.poll(signal)) ?? []), ['1', '2']);
    assert.deepEqual(valuesOf((await task.poll(signal)) ?? []), ['3', '4']);
    assert.deepEqual(valuesOf((await task.poll(signal)) ?? []), ['5']);
  });

  it('goes on at the committed byte, in text beyond ASCII too', async () => {
    await writeFile(file, 'grün\nblau\nweiß\n');
    const [first] = await pollRecords(await aTask(), 3);
    const again = await pollRecords(await aTask(first?.sourceOffset ?? null), 2);
    assert.deepEqual(valuesOf(again), ['blau', 'weiß']);
    assert.deepEqual(again[1]?.sourceOffset, { position: 17 });
  });

  it('emits a line within a second of its being appended', async () => {
    await writeFile(file, '');
    const task = await aTask();
    assert.equal(await task.poll(AbortSignal.timeout(5_000)), null);
    const polled = pollRecords(task, 1);
    await appendFile(file, 'later\n');
    const appendedMs = performance.now();
    assert.deepEqual(valuesOf(await polled), ['later']);
    assert.ok(performance.now() - appendedMs < 1_000);
  });

  it('waits for a file that is missing, says so with its name, and reads it when it comes', async () => {
    const task = await aTask();
    assert.equal(await task.poll(AbortSignal.timeout(5_000)), null);
    assert.equal(logger.warnings.length, 1);
    assert.match(logger.warnings[0] ?? '', new RegExp(`Couldn't find the file ${file}`));
    await writeFile(file, 'here\n');
    assert.deepEqual(valuesOf(await pollRecords(task, 1)), ['here']);
  });

  it('ends a poll that waits as soon as it is told to', async () => {
    await writeFile(file, '');
    const task = await aTask();
    const stopping = new AbortController();
    const polled = task.poll(stopping.signal);
    stopping.abort();
    assert.equal(await polled, null);
  });

  it('reads a file that was cut off from its start again, and says so', async () => {
    await writeFile(file, 'old line 1\nold line 2\n');
    const task = await aTask();
    await pollRecords(task, 2);
    await truncate(file);
    assert.equal(await task.poll(AbortSignal.timeout(5_000)), null);
    await appendFile(file, 'new\n');
    const [record] = await pollRecords(task, 1);
    assert.equal(record?.value, 'new');
    assert.deepEqual(record?.sourceOffset, { position: 4 });
    assert.match(logger.warnings.join('\n'), /was cut off: it has 0 bytes, 22 were already read/);
  });

  it('reads a rotated file to its end before it begins the new one', async () => {
    await writeFile(file, 'a\n');
    const task = await aTask();
    await pollRecords(task, 1);
    await appendFile(file, 'b\nc\nunended');
    await rename(file, `${file}.1`);
    await writeFile(file, 'd\n');
    assert.deepEqual(valuesOf(await pollRecords(task, 3)), ['b', 'c', 'd']);
    assert.match(logger.warnings.join('\n'), /replaced by another one.*7 bytes at its end/);
  });

  it('goes on where it was when an editor rewrites the file with a line more', async () => {
    await writeFile(file, 'a\nb\n');
    const task = await aTask();
    await pollRecords(task, 2);
    await writeFile(dir.join('in.txt.new'), 'a\nb\nc\n');
    await rename(dir.join('in.txt.new'), file);
    const records = await pollRecords(task, 1);
    assert.deepEqual(valuesOf(records), ['c']);
    assert.deepEqual(records[0]?.sourceOffset, { position: 6 });
    assert.deepEqual(logger.warnings, []);
  });

  it('begins anew when the file is shorter than the committed position, and says so', async () => {
    await writeFile(file, 'x\n');
    const records = await pollRecords(await aTask({ position: 1000 }), 1);
    assert.deepEqual(records[0]?.sourceOffset, { position: 2 });
    assert.match(logger.warnings[0] ?? '', /2 bytes, fewer than the 1000 already read/);
  });

  it('refuses a committed position that is no whole number', async () => {
    await writeFile(file, 'x\n');
    await assert.rejects(aTask({ position: 'ten' }), /Offset position is the incorrect type/);
  });

  it('says which file it can not read and what to do', async () => {
    const task = await aTask(null, { file: dir.path });
    await assert.rejects(task.poll(AbortSignal.timeout(5_000)), (error: Error) => {
      assert.ok(error.message.includes(dir.path));
      assert.match(error.message, /It is a folder: name a file/);
      return true;
    });
  });
});
