import { javaText, newSinkRecord, RetriableError, type SinkRecord } from '@sluice/api';
import { makeTempDir, type TempDir } from '@sluice/testing';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { aSinkTaskContext, RecordingLogger } from '../../test/contexts.ts';
import { LineSinkTask } from './line-sink-task.ts';

const lineOf = ({ value, valueSchema }: SinkRecord): string => javaText(value, valueSchema);

function records(...values: readonly unknown[]): SinkRecord[] {
  return values.map((value, i) =>
    newSinkRecord({ topic: 'lines', kafkaPartition: 0, kafkaOffset: i, value }),
  );
}

describe('LineSinkTask', () => {
  let dir: TempDir;
  let file: string;
  let logger: RecordingLogger;

  beforeEach(async () => {
    dir = await makeTempDir('file-sink');
    file = dir.join('out.txt');
    logger = new RecordingLogger();
  });
  afterEach(() => dir[Symbol.asyncDispose]());

  async function aTask(props: Readonly<Record<string, string>> = {}): Promise<LineSinkTask> {
    const task = new LineSinkTask(lineOf);
    task.initialize(aSinkTaskContext(logger));
    await task.start({ file, ...props });
    return task;
  }

  it('has a line in the file for each value when put settles', async () => {
    const task = await aTask();
    await task.put(records('one', 'grün', null, 7));
    await task.put([]);
    assert.equal(await readFile(file, 'utf8'), 'one\ngrün\nnull\n7\n');
    await task.stop();
  });

  it('appends to what is there', async () => {
    await writeFile(file, 'before\n');
    const task = await aTask();
    await task.put(records('after'));
    await task.stop();
    assert.equal(await readFile(file, 'utf8'), 'before\nafter\n');
    assert.deepEqual(logger.warnings, []);
  });

  it('ends a line that a killed writer left torn, so that it can not swallow the next', async () => {
    await writeFile(file, 'whole\ntor');
    const task = await aTask();
    await task.put(records('torn'));
    await task.stop();
    assert.equal(await readFile(file, 'utf8'), 'whole\ntor\ntorn\n');
    assert.match(logger.warnings[0] ?? '', /ends in the middle of a line, after byte 9/);
  });

  it('says which file it can not make, and what to do', async () => {
    await assert.rejects(aTask({ file: dir.join('no-such-folder', 'out.txt') }), (error: Error) => {
      assert.match(error.message, /no-such-folder/);
      assert.match(error.message, /Its folder does not exist: create it/);
      assert.ok(!(error instanceof RetriableError));
      return true;
    });
  });

  it('asks to be called again when the disk is full', {
    skip: !existsSync('/dev/full'),
  }, async () => {
    const task = await aTask({ file: '/dev/full' });
    await assert.rejects(task.put(records('one')), (error: unknown) => {
      assert.ok(error instanceof RetriableError);
      assert.match(
        error.message,
        /write 1 lines to \/dev\/full: ENOSPC.*The disk is full: make room/,
      );
      return true;
    });
    await task.stop();
  });
});
