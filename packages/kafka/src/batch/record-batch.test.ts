import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BATCH } from './batch-format.ts';
import {
  buildEndMarker,
  COMPRESSION_TYPES,
  Compressions,
  controlType,
  decodeRecords,
  NO_STAMP,
  placeBatch,
  readBatchHeader,
  readBatchHeaders,
  RecordBatchBuilder,
  recordSizeMax,
  type RecordHeader,
  setLogAppendTime,
  stampBatch,
} from './index.ts';
import { TIMESTAMP_MAX, writeChecksum } from './record-batch-builder.ts';

interface PlainRecord {
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

const someBytes = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null });
const records = fc.array(
  fc.record<PlainRecord>({
    timestamp: fc.oneof(
      fc.constant(-1),
      fc.integer({ min: 0, max: TIMESTAMP_MAX }),
      fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
    ),
    key: someBytes,
    value: someBytes,
    headers: fc.array(
      fc.record({
        key: fc.oneof(
          fc.constantFrom('a', 'b', ''),
          fc.string({ unit: 'grapheme', maxLength: 90 }),
        ),
        value: someBytes,
      }),
      { maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 40 },
);

async function build(list: readonly PlainRecord[], type: (typeof COMPRESSION_TYPES)[number]) {
  const compressions = new Compressions();
  const builder = new RecordBatchBuilder(Buffer.allocUnsafe(64));
  for (const r of list) builder.append(r.timestamp, r.key, r.value, r.headers);
  return builder.finish(NO_STAMP, await compressions.load(type));
}

async function readBack(batch: Buffer): Promise<PlainRecord[]> {
  const compressions = new Compressions();
  const header = readBatchHeader(batch);
  assert.ok(header !== null);
  await compressions.load(header.compression);
  const columns = decodeRecords('t', 0, batch, header, compressions);
  return Array.from({ length: columns.count }, (_, i) => ({
    timestamp: columns.timestamp(i),
    key: columns.key(i),
    value: columns.value(i),
    headers: columns.headers(i),
  }));
}

const plain = (list: readonly PlainRecord[]): unknown =>
  list.map((r) => ({
    ...r,
    key: r.key === null ? null : Buffer.from(r.key).toString('hex'),
    value: r.value === null ? null : Buffer.from(r.value).toString('hex'),
    headers: r.headers.map((h) => [h.key, h.value && Buffer.from(h.value).toString('hex')]),
  }));

describe('a record batch', () => {
  for (const type of COMPRESSION_TYPES) {
    test(`compressed with ${type} gives back every field in order`, async () => {
      await fc.assert(
        fc.asyncProperty(records, async (list) => {
          const batch = await build(list, type);
          assert.deepEqual(plain(await readBack(batch)), plain(list));
        }),
        { numRuns: type === 'none' ? 200 : 60 },
      );
    });

    test(`of ${type} that is damaged or cut is a named error and never other records`, async () => {
      const list = [aRecord({ value: Buffer.from('a value, a value, a value') }), aRecord({})];
      const batch = await build(list, type);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: batch.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          async (at, flip) => {
            const damaged = Buffer.from(batch);
            damaged[at] = (damaged[at] ?? 0) ^ flip;
            // The first 16 bytes (place in the log) are outside the checksum.
            if (at < BATCH.magic && (at < BATCH.length || at >= BATCH.leaderEpoch)) return;
            if (at >= BATCH.length && at < BATCH.leaderEpoch) {
              const header = await readBack(damaged).catch((error: unknown) => error);
              assert.ok(header instanceof Error);
              return;
            }
            await assert.rejects(readBack(damaged), hasCode);
          },
        ),
      );
    });

    test(`of ${type} with hostile bytes under a right checksum is a named error`, async () => {
      const batch = await build([aRecord({}), aRecord({}), aRecord({})], type);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: BATCH.attributes + 2, max: batch.length - 1 }),
          fc.uint8Array({ minLength: 1, maxLength: 12 }),
          async (at, bytes) => {
            const hostile = Buffer.from(batch);
            hostile.set(bytes.subarray(0, hostile.length - at), at);
            writeChecksum(hostile);
            try {
              await readBack(hostile);
            } catch (error) {
              hasCode(error);
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  }

  test('built in the same way as Java: every byte of a known batch', async () => {
    const builder = new RecordBatchBuilder();
    builder.append(1_000, Buffer.from('k'), Buffer.from('v'), []);
    const batch = builder.finish(NO_STAMP, null);
    assert.equal(batch.length, 70);
    assert.equal(batch.readInt32BE(BATCH.length), 58);
    assert.equal(batch.toString('hex', BATCH.records), '10000000026b027600');
  });

  test('never takes more than recordSizeMax for a record', () => {
    fc.assert(
      fc.property(records, (list) => {
        const builder = new RecordBatchBuilder();
        for (const r of list) {
          const before = builder.sizeInBytes;
          builder.append(r.timestamp, r.key, r.value, r.headers);
          const took = builder.sizeInBytes - before;
          assert.ok(took <= recordSizeMax(r.key, r.value, r.headers));
        }
      }),
    );
  });

  test('stamped again keeps its records and has a right checksum', async () => {
    const batch = await build([aRecord({}), aRecord({})], 'gzip');
    stampBatch(batch, {
      producerId: 77,
      producerEpoch: 3,
      baseSequence: 9,
      isTransactional: false,
    });
    const header = readBatchHeader(batch);
    assert.equal(header?.producerId, 77);
    assert.equal(header?.producerEpoch, 3);
    assert.equal(header?.baseSequence, 9);
    assert.equal((await readBack(batch)).length, 2);
  });

  test('placed in a log has the offsets of its place without a new checksum', async () => {
    const batch = await build([aRecord({}), aRecord({})], 'none');
    const header = readBatchHeader(batch);
    assert.ok(header !== null);
    placeBatch(batch, header, 5_000_000_000, 12);
    const placed = readBatchHeader(batch);
    assert.equal(placed?.baseOffset, 5_000_000_000);
    assert.equal(placed?.lastOffset, 5_000_000_001);
    assert.equal(placed?.leaderEpoch, 12);
    assert.equal((await readBack(batch)).length, 2);
  });

  test('with log append time gives that time for each of its records', async () => {
    const batch = await build([aRecord({ timestamp: 5 }), aRecord({ timestamp: 9 })], 'none');
    const header = readBatchHeader(batch);
    assert.ok(header !== null);
    setLogAppendTime(batch, header, 1_999_999_999_999);
    const stamped = readBatchHeader(batch);
    assert.ok(stamped !== null);
    const columns = decodeRecords('t', 0, batch, stamped, new Compressions());
    assert.deepEqual([columns.timestamp(0), columns.timestamp(1)], [1999999999999, 1999999999999]);
    assert.equal(columns.timestampType(0), 'LogAppendTime');
  });

  test('of the old formats is refused by name', async () => {
    for (const magic of [0, 1]) {
      const batch = await build([aRecord({})], 'none');
      batch.writeInt8(magic, BATCH.magic);
      const refused = { code: 'UNSUPPORTED_FOR_MESSAGE_FORMAT', message: /before Kafka 0\.11/ };
      assert.throws(() => readBatchHeader(batch), refused);
    }
  });

  test('that the bytes end in the middle of is left for the next fetch', async () => {
    const whole = await build([aRecord({}), aRecord({})], 'none');
    const set = Buffer.concat([whole, whole.subarray(0, 30)]);
    assert.equal([...readBatchHeaders(set)].length, 1);
    assert.equal([...readBatchHeaders(Buffer.concat([whole, whole]))].length, 2);
  });

  test('that ends a transaction is recognised', () => {
    const stamp = { producerId: 1, producerEpoch: 0, baseSequence: -1, isTransactional: true };
    for (const type of ['abort', 'commit'] as const) {
      const batch = buildEndMarker(type, stamp, 1000, 4);
      const header = readBatchHeader(batch);
      assert.ok(header !== null);
      assert.equal(header.isControl && header.isTransactional, true);
      const columns = decodeRecords('t', 0, batch, header, new Compressions());
      assert.equal(controlType(columns.key(0)), type);
    }
  });

  test('says where keys, values and headers are: the same bytes as the views', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (list) => {
        const batch = await build(list, 'none');
        const header = readBatchHeader(batch);
        assert.ok(header !== null);
        const columns = decodeRecords('t', 0, batch, header, new Compressions());
        const { ranges } = columns;
        const between = (i: number, start: number, end: number): Buffer | null =>
          end < 0 ? null : ranges.bytes(i).subarray(start, end);
        for (let i = 0; i < list.length; i++) {
          assert.deepEqual(between(i, ranges.keyStart(i), ranges.keyEnd(i)), columns.key(i));
          assert.deepEqual(between(i, ranges.valueStart(i), ranges.valueEnd(i)), columns.value(i));
          assert.equal(ranges.hasHeaders(i), columns.headers(i).length > 0);
        }
      }),
    );
  });

  test('keeps the largest differences of timestamps exact, both ways', async () => {
    for (const times of [
      ...[6, 7, 13, 14, 20, 21, 27, 28, 34].map((bits) => [
        2 ** 40,
        2 ** 40 + 2 ** bits - 1,
        2 ** 40 + 2 ** bits,
        2 ** 40 - 2 ** bits,
        2 ** 40 - 2 ** bits - 1,
      ]),
      [TIMESTAMP_MAX, -1, 0, 1],
      [-1, TIMESTAMP_MAX, TIMESTAMP_MAX - 1],
      [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32],
      [2 ** 32, 2 ** 31, 2 ** 31 - 1, 0],
    ]) {
      const batch = await build(
        times.map((timestamp) => aRecord({ timestamp })),
        'none',
      );
      assert.deepEqual(
        (await readBack(batch)).map((r) => r.timestamp),
        times,
      );
    }
  });

  test('refuses a timestamp that is not one', () => {
    const builder = new RecordBatchBuilder();
    for (const timestamp of [-2, 1.5, Number.NaN, TIMESTAMP_MAX + 1, 2 ** 53]) {
      assert.throws(() => builder.append(timestamp, null, null, []), /Invalid timestamp/);
    }
  });
});

function aRecord(part: Partial<PlainRecord>): PlainRecord {
  return {
    timestamp: 1_700_000_000_000,
    key: Buffer.from('key'),
    value: Buffer.from('some value'),
    headers: [{ key: 'h', value: Buffer.from('x') }],
    ...part,
  };
}

function hasCode(error: unknown): true {
  assert.ok(error instanceof Error && 'code' in error, String(error));
  const known = [
    'CORRUPT_MESSAGE',
    'UNSUPPORTED_FOR_MESSAGE_FORMAT',
    'UNSUPPORTED_COMPRESSION_TYPE',
  ];
  assert.ok(known.includes(String(error.code)), String(error));
  return true;
}
