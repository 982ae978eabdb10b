import type { Props, SourceMap } from '@sluice/api';
import { makeTempDir, type TempDir } from '@sluice/testing';
import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { aSourceTaskContext } from '../../test/contexts.ts';
import { pollRecords } from '../../test/polling.ts';
import { JsonLinesSourceTask } from './source-task.ts';

describe('JsonLinesSourceTask', () => {
  let dir: TempDir;
  let file: string;
  const started: JsonLinesSourceTask[] = [];

  beforeEach(async () => {
    dir = await makeTempDir('json-lines');
    file = dir.join('in.jsonl');
  });
  afterEach(async () => {
    for (const task of started.splice(0)) await task.stop();
    await dir[Symbol.asyncDispose]();
  });

  async function aTask(
    offset: SourceMap | null = null,
    props: Props = {},
  ): Promise<JsonLinesSourceTask> {
    const task = new JsonLinesSourceTask();
    started.push(task);
    task.initialize(aSourceTaskContext(offset));
    await task.start({ file, topic: 'values', ...props });
    return task;
  }

  it('emits the value of each line, schemaless, with its position and line number', async () => {
    await writeFile(file, '{"a":1}\n[true,null]\n"x"\n');
    const records = await pollRecords(await aTask(), 3);
    assert.deepEqual(
      records.map((record) => record.value),
      [{ a: 1 }, [true, null], 'x'],
    );
    assert.equal(records[0]?.valueSchema, null);
    assert.equal(records[0]?.key, null);
    assert.deepEqual(records[1]?.sourceOffset, { position: 20, line: 2 });
    assert.deepEqual(records[1]?.sourcePartition, { filename: file });
  });

  it('keeps large integers exact', async () => {
    await writeFile(file, '{"id":9007199254740993}\n');
    const [record] = await pollRecords(await aTask(), 1);
    assert.deepEqual(record?.value, { id: 9007199254740993n });
  });

  it('takes the key from the field that key.field names', async () => {
    await writeFile(file, '{"id":7,"name":"x"}\n{"id":null}\n');
    const records = await pollRecords(await aTask(null, { 'key.field': 'id' }), 2);
    assert.deepEqual(
      records.map((record) => record.key),
      [7, null],
    );
    assert.deepEqual(records[0]?.value, { id: 7, name: 'x' });
  });

  it('fails on a line without the key field, naming file and line', async () => {
    await writeFile(file, '{"name":"x"}\n');
    const task = await aTask(null, { 'key.field': 'id' });
    await assert.rejects(pollRecords(task, 1), (error: Error) => {
      assert.match(error.message, /key of line 1 of .*in\.jsonl .*no field 'id'/);
      return true;
    });
  });

  it('passes over blank lines, and counts them', async () => {
    await writeFile(file, '1\n\n  \n2\n');
    const records = await pollRecords(await aTask(), 2);
    assert.deepEqual(records[1]?.sourceOffset, { position: 8, line: 4 });
  });

  it('emits what is before a malformed line, then fails with file, line and column', async () => {
    await writeFile(file, '{"a":1}\n{"a":2}\n{"a":oops}\n{"a":4}\n');
    const task = await aTask();
    const records = await pollRecords(task, 2);
    assert.equal(records.length, 2);
    const failed = (): Promise<unknown> => task.poll(AbortSignal.timeout(5_000));
    for (const attempt of [1, 2]) {
      await assert.rejects(failed(), (error: Error) => {
        assert.match(error.message, /line 3, column 6, of .*in\.jsonl .*byte 16/, `try ${attempt}`);
        assert.match(error.message, /found "o"/);
        return true;
      });
    }
  });

  it('counts lines on after a restart from a committed offset', async () => {
    await writeFile(file, '{"a":1}\n{"a":2}\nbad\n');
    const [first] = await pollRecords(await aTask(), 2);
    const again = await aTask(first?.sourceOffset ?? null);
    const records = await pollRecords(again, 1);
    assert.deepEqual(records[0]?.sourceOffset, { position: 16, line: 2 });
    await assert.rejects(pollRecords(again, 1), /line 3, column 1,/);
  });

  it('reads a byte order mark at the start of a file as nothing', async () => {
    await writeFile(file, '\ufeff{"a":1}\n');
    assert.deepEqual((await pollRecords(await aTask(), 1))[0]?.value, { a: 1 });
  });

  it('does not let a field name reach the prototype', async () => {
    await writeFile(file, '{"__proto__":{"polluted":1},"n":1.0}\n');
    const [record] = await pollRecords(await aTask(), 1);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.deepEqual(Object.keys(Object(record?.value)), ['__proto__', 'n']);
  });

  it('emits a line within a second of its being appended', async () => {
    await writeFile(file, '');
    const task = await aTask();
    await task.poll(AbortSignal.timeout(5_000));
    const polled = pollRecords(task, 1);
    await appendFile(file, '{"later":true}\n');
    const appendedMs = performance.now();
    assert.deepEqual((await polled)[0]?.value, { later: true });
    assert.ok(performance.now() - appendedMs < 1_000);
  });
});
