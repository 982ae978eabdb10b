import assert from 'node:assert/strict';
import { cp, readdir, rm, truncate } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { A_MOMENT, aBatch } from '../../test/a-batch.ts';
import { aPartitionLog, someSettings } from '../../test/a-partition-log.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { type LogFile, openLogFile } from '../storage/log-file.ts';
import { readBatchHeader } from './batch-header.ts';
import type { PartitionLog } from './partition-log.ts';
import { findRecordSince } from './record-search.ts';

function refusedWith(code: string) {
  return (error: unknown): boolean => error instanceof BrokerError && error.code === code;
}

/** Base offsets of all that can be read from `offset` on. */
async function baseOffsets(log: PartitionLog, offset: number): Promise<readonly number[]> {
  const found: number[] = [];
  let next = offset;
  while (next < log.endOffset) {
    const bytes = await log.read(next, 1, true);
    const header = readBatchHeader(bytes, 0);
    found.push(header.baseOffset);
    next = header.lastOffset + 1;
  }
  return found;
}

test('batches get offsets one behind the other, and the epoch of this start', async () => {
  await using dir = await makeTempDir('log');
  const log = await aPartitionLog(dir.path, { leaderEpoch: 7 });
  assert.deepEqual(await log.append(aBatch({ values: ['a', 'b'] })), {
    baseOffset: 0,
    logAppendTimeMs: -1,
  });
  assert.equal((await log.append(aBatch())).baseOffset, 2);
  const header = readBatchHeader(await log.read(1, 1, true), 0);
  assert.equal(header.leaderEpoch, 7);
  assert.equal(header.lastOffset, 1);
  assert.equal(log.endOffset, 3);
  await assert.rejects(log.read(4, 1, true), refusedWith('OFFSET_OUT_OF_RANGE'));
  await assert.rejects(log.read(-1, 1, true), refusedWith('OFFSET_OUT_OF_RANGE'));
  await log.close();
});

test('appends that come at once are written one after the other', async () => {
  await using dir = await makeTempDir('log');
  const log = await aPartitionLog(dir.path);
  const values = Array.from({ length: 50 }, (_, i) => `${i}`);
  const appended = await Promise.all(
    values.map((value) => log.append(aBatch({ values: [value] }))),
  );
  assert.deepEqual(
    appended.map(({ baseOffset }) => baseOffset),
    values.map((_, i) => i),
  );
  assert.deepEqual(await baseOffsets(log, 0), [...values.keys()]);
  await log.close();
});

test('a batch that came already is answered with its first offset, after a crash too', async () => {
  await using dir = await makeTempDir('log');
  const sent = (sequence: number): Buffer =>
    aBatch({ values: ['x', 'y'], producerId: 5, baseSequence: sequence });
  const log = await aPartitionLog(dir.join('a'));
  for (let sequence = 0; sequence < 14; sequence += 2) await log.append(sent(sequence));
  assert.equal((await log.append(sent(12))).baseOffset, 12);
  assert.equal((await log.append(sent(4))).baseOffset, 4);
  assert.equal(log.endOffset, 14);
  // Only the last five are remembered.
  await assert.rejects(log.append(sent(2)), refusedWith('OUT_OF_ORDER_SEQUENCE_NUMBER'));
  await assert.rejects(log.append(sent(16)), refusedWith('OUT_OF_ORDER_SEQUENCE_NUMBER'));
  // What a killed process leaves: the files as they are, nothing closed.
  await cp(dir.join('a'), dir.join('b'), { recursive: true });
  await log.close();
  for (const copy of ['a', 'b']) {
    const again = await aPartitionLog(dir.join(copy), { leaderEpoch: 1 });
    assert.equal((await again.append(sent(12))).baseOffset, 12);
    assert.equal((await again.append(sent(14))).baseOffset, 14);
    const old = aBatch({ producerId: 5, producerEpoch: 1, baseSequence: 0 });
    assert.equal((await again.append(old)).baseOffset, 16);
    await assert.rejects(again.append(sent(16)), refusedWith('INVALID_PRODUCER_EPOCH'));
    await again.close();
  }
});

test('segments are rolled by size, and read across their borders', async () => {
  await using dir = await makeTempDir('log');
  const size = aBatch().length;
  const settings = someSettings({ segmentBytes: size * 3 });
  const log = await aPartitionLog(dir.path, { settings: () => settings });
  for (let i = 0; i < 10; i++) await log.append(aBatch());
  const files = (await readdir(dir.path)).filter((name) => name.endsWith('.log')).sort();
  assert.deepEqual(
    files.map((name) => Number.parseInt(name, 10)),
    [0, 3, 6, 9],
  );
  const all = Array.from({ length: 10 }, (_, i) => i);
  assert.deepEqual(await baseOffsets(log, 0), all);
  await log.close();
  const again = await aPartitionLog(dir.path, { settings: () => settings });
  assert.equal(again.endOffset, 10);
  assert.deepEqual(await baseOffsets(again, 4), all.slice(4));
  await again.close();
});

test('deleting records moves the start, drops whole segments, and is remembered', async () => {
  await using dir = await makeTempDir('log');
  const settings = () => someSettings({ segmentBytes: aBatch().length * 3 });
  const log = await aPartitionLog(dir.path, { settings });
  for (let i = 0; i < 10; i++) await log.append(aBatch());
  assert.equal(await log.deleteBefore(7), 7);
  await assert.rejects(log.read(6, 1, true), refusedWith('OFFSET_OUT_OF_RANGE'));
  await assert.rejects(log.deleteBefore(11), refusedWith('OFFSET_OUT_OF_RANGE'));
  const files = (await readdir(dir.path)).filter((name) => name.endsWith('.log')).sort();
  assert.deepEqual(
    files.map((name) => Number.parseInt(name, 10)),
    [6, 9],
  );
  await log.close();
  const again = await aPartitionLog(dir.path, { settings });
  assert.equal(again.logStartOffset, 7);
  assert.equal(await again.deleteBefore(-1), 10);
  assert.equal((await again.append(aBatch())).baseOffset, 10);
  await again.close();
});

test('retention drops what is too old or too much, and keeps the rest', async () => {
  await using dir = await makeTempDir('log');
  let nowMs = A_MOMENT;
  let settings = someSettings({ segmentBytes: aBatch().length * 2, retentionMs: 1000 });
  const log = await aPartitionLog(dir.path, { settings: () => settings, now: () => nowMs });
  for (let i = 0; i < 6; i++) await log.append(aBatch({ timestamp: A_MOMENT + i * 100 }));
  await log.applyRetention();
  assert.equal(log.logStartOffset, 0);
  nowMs = A_MOMENT + 1301;
  await log.applyRetention();
  assert.equal(log.logStartOffset, 4);
  nowMs = A_MOMENT + 10_000;
  await log.applyRetention();
  assert.equal(log.logStartOffset, 6);
  assert.equal(log.endOffset, 6);
  settings = someSettings({
    segmentBytes: aBatch().length,
    retentionMs: -1,
    retentionBytes: aBatch().length * 2,
  });
  for (let i = 0; i < 5; i++) await log.append(aBatch({ timestamp: nowMs }));
  await log.applyRetention();
  assert.equal(log.logStartOffset, 9);
  settings = someSettings({ isDeleted: false, isCompacted: true, retentionBytes: 1 });
  await log.applyRetention();
  assert.equal(log.logStartOffset, 9);
  await log.close();
});

test('the end of a leader epoch is known after restarts, whatever a crash cut off', async () => {
  await using dir = await makeTempDir('log');
  for (const leaderEpoch of [0, 1, 2]) {
    const log = await aPartitionLog(dir.path, { leaderEpoch });
    if (leaderEpoch !== 1) for (let i = 0; i < 3; i++) await log.append(aBatch());
    await log.close();
  }
  await rm(dir.join('state.json'));
  const log = await aPartitionLog(dir.path, { leaderEpoch: 4 });
  assert.deepEqual(log.endOfEpoch(0), { epoch: 0, endOffset: 3 });
  assert.deepEqual(log.endOfEpoch(1), { epoch: 0, endOffset: 3 });
  assert.deepEqual(log.endOfEpoch(2), { epoch: 2, endOffset: 6 });
  assert.deepEqual(log.endOfEpoch(4), { epoch: 4, endOffset: 6 });
  assert.deepEqual(log.endOfEpoch(5), { epoch: -1, endOffset: -1 });
  assert.equal(log.epochAt(4), 2);
  await log.close();
  // The machine lost power: the end of the file is gone, the state speaks of more.
  const [file] = (await readdir(dir.path)).filter((name) => name.endsWith('.log'));
  await truncate(dir.join(file ?? ''), aBatch().length * 2 + 5);
  const cut = await aPartitionLog(dir.path, { leaderEpoch: 5 });
  assert.equal(cut.endOffset, 2);
  assert.deepEqual(cut.endOfEpoch(2), { epoch: 0, endOffset: 2 });
  await cut.close();
});

test('a full disk is a storage error to the client, said once, and passes', async () => {
  await using dir = await makeTempDir('log');
  let isFull = false;
  const said: string[] = [];
  const openFile = async (path: string): Promise<LogFile> => {
    const file = await openLogFile(path);
    const write: LogFile['write'] = async (bytes, position) => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      await file.write(bytes, position);
    };
    return { ...file, write };
  };
  const note = (message: string): unknown => said.push(message);
  const logger = { debug: note, info: note, warn: note, error: note };
  const log = await aPartitionLog(dir.path, { openFile, logger });
  const sent = (sequence: number): Buffer => aBatch({ producerId: 1, baseSequence: sequence });
  await log.append(sent(0));
  isFull = true;
  for (let i = 0; i < 3; i++) {
    await assert.rejects(log.append(sent(1)), refusedWith('KAFKA_STORAGE_ERROR'));
  }
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /append on orders-0 .*ENOSPC.*Free space/);
  isFull = false;
  assert.equal((await log.append(sent(1))).baseOffset, 1);
  assert.equal(said.at(-1), 'The disk takes writes again');
  await log.close();
});

test('with flush.messages=1 every batch is on the disk before it is acknowledged', async () => {
  await using dir = await makeTempDir('log');
  const done: string[] = [];
  const openFile = async (path: string): Promise<LogFile> => {
    const file = await openLogFile(path);
    return {
      ...file,
      async write(bytes, position) {
        await file.write(bytes, position);
        done.push('write');
      },
      async sync() {
        await file.sync();
        done.push('sync');
      },
    };
  };
  let settings = someSettings({ flushMessages: 1 });
  const log = await aPartitionLog(dir.path, { openFile, settings: () => settings });
  await log.append(aBatch());
  await log.append(aBatch());
  assert.deepEqual(done, ['write', 'sync', 'write', 'sync']);
  settings = someSettings({ flushMessages: 3 });
  for (let i = 0; i < 4; i++) await log.append(aBatch());
  assert.deepEqual(done.slice(4), ['write', 'write', 'write', 'sync', 'write']);
  settings = someSettings();
  await log.append(aBatch());
  assert.equal(done.at(-1), 'write');
  await log.close();
});

test('batches that are none are refused and leave no trace', async () => {
  await using dir = await makeTempDir('log');
  const settings = someSettings({ maxMessageBytes: 200 });
  const log = await aPartitionLog(dir.path, { settings: () => settings });
  const changed = (at: number, value: number): Buffer => {
    const batch = aBatch();
    batch.writeUInt8(value, at);
    return batch;
  };
  const hour = 3_600_000;
  const cases: readonly (readonly [Buffer, string])[] = [
    [Buffer.alloc(0), 'CORRUPT_MESSAGE'],
    [aBatch().subarray(0, 60), 'CORRUPT_MESSAGE'],
    [changed(8, 0x7f), 'CORRUPT_MESSAGE'],
    [changed(16, 1), 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
    [changed(62, 0xff), 'CORRUPT_MESSAGE'],
    [Buffer.concat([aBatch(), aBatch()]), 'INVALID_RECORD'],
    [aBatch({ values: ['x'.repeat(200)] }), 'MESSAGE_TOO_LARGE'],
    [aBatch({ timestamp: A_MOMENT + hour + 1 }), 'INVALID_TIMESTAMP'],
    [aBatch({ producerId: 3, baseSequence: -1 }), 'INVALID_RECORD'],
  ];
  for (const [batch, code] of cases) {
    await assert.rejects(log.append(batch), refusedWith(code), code);
  }
  assert.equal(log.endOffset, 0);
  await log.append(aBatch({ timestamp: -1 }));
  await log.append(aBatch({ timestamp: A_MOMENT + hour }));
  await log.close();
});

test('LogAppendTime stamps batches with the time of the broker', async () => {
  await using dir = await makeTempDir('log');
  const log = await aPartitionLog(dir.path, {
    settings: () => someSettings({ isLogAppendTime: true }),
    now: () => A_MOMENT + 42,
  });
  const { logAppendTimeMs } = await log.append(aBatch({ timestamp: 5 }));
  assert.equal(logAppendTimeMs, A_MOMENT + 42);
  const found = await findRecordSince(log, A_MOMENT);
  assert.deepEqual(found, { offset: 0, timestamp: A_MOMENT + 42 });
  await log.close();
});

test('a search by time finds the very record, not only its batch', async () => {
  await using dir = await makeTempDir('log');
  const log = await aPartitionLog(dir.path);
  for (const seconds of [1, 5, 3, 9]) {
    await log.append(aBatch({ values: ['a', 'b'], timestamp: A_MOMENT + seconds * 1000 }));
  }
  const at = async (seconds: number): Promise<number | undefined> =>
    (await findRecordSince(log, A_MOMENT + seconds * 1000))?.offset;
  assert.deepEqual([await at(0), await at(2), await at(4), await at(6)], [0, 2, 2, 6]);
  assert.equal(await at(10), undefined);
  assert.equal(await log.maxTimestamp(), A_MOMENT + 9000);
  await log.deleteBefore(3);
  assert.deepEqual([await at(0), await at(4), await at(6)], [3, 3, 6]);
  await log.deleteBefore(4);
  assert.deepEqual([await at(0), await at(4)], [4, 6]);
  await log.close();
});
