import { ConnectError, newSinkRecord, RetriableError, type SinkRecord } from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LineOutput } from './line-output.ts';
import { LineWriter } from './line-writer.ts';

/** A disk with so much room left; an error of the system's kind when it is used up. */
class SmallDisk implements LineOutput {
  readonly label = '/small/out.txt';
  text = '';
  room: number;
  code = 'ENOSPC';

  constructor(room: number) {
    this.room = room;
  }
  write(bytes: Uint8Array): Promise<number> {
    const count = Math.min(bytes.length, this.room);
    if (count === 0) {
      const error = Object.assign(new Error(`${this.code}: no room`), { code: this.code });
      return Promise.reject(error);
    }
    this.room -= count;
    this.text += Buffer.from(bytes.subarray(0, count)).toString();
    return Promise.resolve(count);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const batch = (from: number, ...values: readonly string[]): SinkRecord[] =>
  values.map((value, i) =>
    newSinkRecord({ topic: 't', kafkaPartition: 0, kafkaOffset: from + i, value }),
  );

const writerTo = (disk: SmallDisk): LineWriter =>
  new LineWriter(disk, (record) => String(record.value));

describe('LineWriter', () => {
  it('goes on in the middle of a line when a full disk has room again', async () => {
    const disk = new SmallDisk(5);
    const writer = writerTo(disk);
    const records = batch(0, 'one', 'two', 'three');
    await assert.rejects(writer.write(records), (error: unknown) => {
      assert.ok(error instanceof RetriableError);
      assert.match(
        error.message,
        /write 3 lines to \/small\/out\.txt.*The disk is full: make room/,
      );
      return true;
    });
    await assert.rejects(writer.write(records), RetriableError);
    disk.room = 100;
    await writer.write(records);
    await writer.write(batch(3, 'four'));
    assert.equal(disk.text, 'one\ntwo\nthree\nfour\n');
  });

  it('ends the torn line first when another batch comes after a full disk', async () => {
    const disk = new SmallDisk(5);
    const writer = writerTo(disk);
    await assert.rejects(writer.write(batch(0, 'one', 'two')), RetriableError);
    disk.room = 100;
    await writer.write(batch(0, 'one', 'two', 'three'));
    assert.equal(disk.text, 'one\nt\none\ntwo\nthree\n');
  });

  it('adds nothing when the disk was full exactly at the end of a line', async () => {
    const disk = new SmallDisk(4);
    const writer = writerTo(disk);
    await assert.rejects(writer.write(batch(0, 'one', 'two')), RetriableError);
    disk.room = 100;
    await writer.write(batch(1, 'two'));
    assert.equal(disk.text, 'one\ntwo\n');
  });

  it('fails for good on what does not pass by itself', async () => {
    const disk = new SmallDisk(0);
    disk.code = 'EBADF';
    await assert.rejects(writerTo(disk).write(batch(0, 'x')), (error: unknown) => {
      assert.ok(error instanceof ConnectError && !(error instanceof RetriableError));
      return true;
    });
  });
});
