import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Compressions } from '../../batch/compression/compressions.ts';
import { RecordTable } from '../../batch/record-table.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import { HandMadeLog } from '../../../test/hand-made-log.ts';
import { scanBatches } from './batch-scan.ts';
import { FetchedChunk } from './fetched-chunk.ts';

const compressions = new Compressions();
const noTally = { settle: (): void => undefined };

function chunkOf(
  log: HandMadeLog,
  from: number,
  options: { readonly maxBytes?: number; readonly isReadCommitted?: boolean } = {},
): FetchedChunk | null {
  const { maxBytes = Number.POSITIVE_INFINITY, isReadCommitted = true } = options;
  const { records, aborted } = log.read(from, maxBytes, isReadCommitted);
  if (records.length === 0) return null;
  return new FetchedChunk({
    topic: 't',
    partition: 3,
    records,
    scan: scanBatches(records),
    fromOffset: from,
    aborted,
    isReadCommitted,
    isCheckingCrcs: true,
    compressions,
    tally: noTally,
  });
}

function drain(chunk: FetchedChunk, sliceMax: number): string[] {
  const values: string[] = [];
  while (!chunk.isDone) {
    const table = new RecordTable('t', 3, sliceMax);
    chunk.take(table);
    for (let i = 0; i < table.count; i++) values.push(table.value(i)?.toString() ?? 'null');
  }
  return values;
}

/** Reads the whole log in fetches of about `maxBytes`, each alone, as a consumer does. */
function readAll(log: HandMadeLog, maxBytes: number, isReadCommitted = true, slice = 2): string[] {
  const values: string[] = [];
  let from = log.startOffset;
  for (;;) {
    const chunk = chunkOf(log, from, { maxBytes, isReadCommitted });
    if (chunk === null) return values;
    values.push(...drain(chunk, slice));
    assert.ok(chunk.position > from, 'the position must move');
    from = chunk.position;
  }
}

const P = 7;
const Q = 8;
/** One batch per fetch, some, and all at once. */
const SIZES = [1, 200, 1_000_000];

describe('read_committed', () => {
  test('a simple abort: nothing of it is delivered', () => {
    const log = new HandMadeLog();
    log.append(['aborted-a', 'aborted-b'], { producerId: P });
    log.end(P, 'abort');
    log.append(['committed'], { producerId: P });
    log.end(P, 'commit');
    for (const size of SIZES) assert.deepEqual(readAll(log, size), ['committed']);
  });

  test('the same producer aborts twice: neither is delivered', () => {
    const log = new HandMadeLog();
    log.append(['abort1-a', 'abort1-b'], { producerId: P });
    log.end(P, 'abort');
    log.append(['abort2-a'], { producerId: P });
    log.end(P, 'abort');
    log.append(['plain']);
    for (const size of SIZES) assert.deepEqual(readAll(log, size), ['plain']);
  });

  test('abort, commit, abort: only what was committed is delivered', () => {
    const log = new HandMadeLog();
    log.append(['aborted-1'], { producerId: P });
    log.end(P, 'abort');
    log.append(['committed'], { producerId: P });
    log.end(P, 'commit');
    log.append(['aborted-2'], { producerId: P });
    log.end(P, 'abort');
    for (const size of SIZES) assert.deepEqual(readAll(log, size), ['committed']);
  });

  test('an abort larger than one fetch: nothing of it is delivered, in no fetch', () => {
    const log = new HandMadeLog();
    for (let i = 0; i < 6; i++) log.append([`aborted-${i}`], { producerId: P });
    log.append(['between'], { producerId: Q });
    log.end(P, 'abort');
    log.end(Q, 'commit');
    for (const size of SIZES) assert.deepEqual(readAll(log, size), ['between']);
  });

  test('nothing behind the first open transaction is delivered', () => {
    const log = new HandMadeLog();
    log.append(['before']);
    log.append(['open'], { producerId: P });
    log.append(['behind']);
    assert.deepEqual(readAll(log, 1_000_000), ['before']);
    log.end(P, 'commit');
    assert.deepEqual(readAll(log, 1_000_000), ['before', 'open', 'behind']);
  });

  test('an old abort marker of a producer does not open its later records', () => {
    const log = new HandMadeLog();
    log.append(['a'], { producerId: P });
    log.end(P, 'abort');
    log.append(['b'], { producerId: P });
    log.append(['c'], { producerId: Q });
    log.end(Q, 'abort');
    log.end(P, 'abort');
    log.append(['d']);
    for (const size of SIZES) assert.deepEqual(readAll(log, size), ['d']);
  });

  test('read_uncommitted gets aborted records too, and no markers', () => {
    const log = new HandMadeLog();
    log.append(['a'], { producerId: P });
    log.end(P, 'abort');
    log.append(['b']);
    for (const size of SIZES) assert.deepEqual(readAll(log, size, false), ['a', 'b']);
  });

  test('any mix of transactions: what was committed, in order, whatever the fetches and slices', () => {
    const step = fc.record({
      producer: fc.integer({ min: 0, max: 3 }),
      action: fc.constantFrom<'write' | 'commit' | 'abort' | 'plain'>(
        'write',
        'write',
        'plain',
        'commit',
        'abort',
      ),
      count: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, maxBytes, slice) => {
          const log = new HandMadeLog();
          const written: { value: string; transaction: { isAborted: boolean } | null }[] = [];
          const open = new Map<number, { isAborted: boolean }>();
          let next = 0;
          for (const { producer, action, count } of steps) {
            const values = Array.from({ length: count }, () => `v${next++}`);
            if (action === 'plain') {
              log.append(values);
              written.push(...values.map((value) => ({ value, transaction: null })));
            } else if (action === 'write') {
              const transaction = open.get(producer) ?? { isAborted: false };
              open.set(producer, transaction);
              log.append(values, { producerId: producer });
              written.push(...values.map((value) => ({ value, transaction })));
            } else {
              const transaction = open.get(producer);
              if (transaction === undefined) continue;
              transaction.isAborted = action === 'abort';
              open.delete(producer);
              log.end(producer, action);
            }
          }
          for (const producer of open.keys()) log.end(producer, 'commit');
          const expected = written
            .filter(({ transaction }) => transaction?.isAborted !== true)
            .map(({ value }) => value);
          assert.deepEqual(readAll(log, maxBytes, true, slice), expected);
          assert.deepEqual(
            readAll(log, maxBytes, false, slice),
            written.map(({ value }) => value),
          );
        },
      ),
    );
  });
});

describe('a fetched chunk', () => {
  test('begins in the middle of a batch when that was asked for', () => {
    const log = new HandMadeLog();
    log.append(['a', 'b', 'c', 'd']);
    const chunk = chunkOf(log, 2);
    assert.ok(chunk !== null);
    assert.deepEqual(drain(chunk, 10), ['c', 'd']);
    assert.equal(chunk.position, 4);
  });

  test('moves its position over gaps and markers, so that nothing is asked for twice', () => {
    const log = new HandMadeLog();
    log.append(['a'], { producerId: P });
    log.end(P, 'commit');
    log.append(['b'], { gap: 10 });
    const chunk = chunkOf(log, 0);
    assert.ok(chunk !== null);
    const table = new RecordTable('t', 3, 1);
    chunk.take(table);
    assert.equal(chunk.position, 1);
    assert.deepEqual(drain(chunk, 1), ['b']);
    assert.equal(chunk.position, 13);
  });

  test('unpacks every codec', async () => {
    const log = new HandMadeLog();
    for (const type of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      log.append([`${type}-1`, `${type}-2`], { compression: await compressions.load(type) });
    }
    assert.equal(readAll(log, 1_000_000).length, 8);
    assert.deepEqual(scanBatches(log.read(0, 1_000_000, false).records).compressions, [
      'gzip',
      'snappy',
      'lz4',
      'zstd',
    ]);
  });

  test('a damaged batch is a named error with topic, partition and offset, behind the good records', () => {
    const log = new HandMadeLog();
    log.append(['a', 'b']);
    log.append(['c']);
    log.append(['d']);
    log.corrupt(1);
    const chunk = chunkOf(log, 0);
    assert.ok(chunk !== null);
    const table = new RecordTable('t', 3, 10);
    chunk.take(table);
    assert.equal(table.count, 2);
    assert.equal(chunk.position, 2);
    for (let times = 0; times < 2; times++) {
      assert.throws(
        () => chunk.take(new RecordTable('t', 3, 10)),
        (error: unknown) => {
          assert.ok(error instanceof KafkaError);
          assert.equal(error.code, 'CORRUPT_MESSAGE');
          assert.match(error.message, /^Reading t-3 at offset 2: .*checksum/);
          return true;
        },
      );
    }
  });

  test('a damaged batch of an aborted transaction is an error too', () => {
    const log = new HandMadeLog();
    log.append(['a'], { producerId: P });
    log.end(P, 'abort');
    log.corrupt(0);
    const chunk = chunkOf(log, 0);
    assert.throws(() => chunk?.take(new RecordTable('t', 3, 10)), /Reading t-3 at offset 0/);
  });

  test('leaves out a last batch that is not whole', () => {
    const log = new HandMadeLog();
    log.append(['a']);
    const { records } = log.read(0, 1000, false);
    log.append(['b']);
    const cut = log.read(0, 1_000_000, false).records.subarray(0, records.length + 20);
    const scan = scanBatches(cut);
    assert.equal(scan.nextOffset, 1);
    const parts = { topic: 't', partition: 3, records: cut, scan, fromOffset: 0, aborted: null };
    const rest = { isReadCommitted: false, isCheckingCrcs: true, compressions, tally: noTally };
    const chunk = new FetchedChunk({ ...parts, ...rest });
    assert.deepEqual(drain(chunk, 10), ['a']);
  });
});
