import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Compressions } from '../batch/compression/compressions.ts';
import { decodeRecords } from '../batch/decode-records.ts';
import { readBatchHeader } from '../batch/batch-header.ts';
import type { RecordHeader } from '../batch/record-header.ts';
import { silentLogger } from '../logger.ts';
import { Accumulator, type Became } from './accumulator.ts';
import type { OutgoingColumns } from './contract.ts';
import { parseProducerConfig } from './producer-config.ts';

const PARTITIONS = 3;
const NOW = 1_700_000_000_000;
const noChange = (): void => undefined;

function anAccumulator(properties: Record<string, string> = {}): Accumulator {
  const config = parseProducerConfig(
    { 'bootstrap.servers': 'localhost:9092', ...properties },
    silentLogger,
  );
  const made = new Accumulator(config, { now: () => 0, wall: () => NOW }, () => 0);
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
    partition,
    leader: 1,
    leaderEpoch: 0,
    replicas: [1],
    isr: [1],
  }));
  made.setTopic({ name: 't', topicId: 'id', isInternal: false, partitions });
  return made;
}

interface Row {
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | string | null;
  readonly headers: readonly RecordHeader[];
  readonly timestamp: number | null;
}

function columnsOf(rows: readonly Row[]): OutgoingColumns {
  return {
    topic: 't',
    count: rows.length,
    partitions: rows.map((row) => row.partition),
    keys: rows.map((row) => row.key),
    values: rows.map((row) => row.value),
    headers: rows.map((row) => row.headers),
    timestamps: rows.map((row) => row.timestamp),
    tokens: rows.map((_, i) => i),
  };
}

function ofValues(values: readonly (Uint8Array | string | null)[]): OutgoingColumns {
  const tokens = Int32Array.from(values.keys());
  const none = { partitions: null, keys: null, headers: null, timestamps: null };
  return { topic: 't', count: values.length, values, tokens, ...none };
}

/** Everything that was accumulated, as it would go to Kafka, with the tokens of the reports. */
function contentOf(accumulator: Accumulator): readonly unknown[] {
  const compressions = new Compressions();
  return [...accumulator.unreported].flatMap((batch) => {
    const bytes = accumulator.encode(batch);
    const header = readBatchHeader(bytes);
    assert.ok(header !== null);
    const { partition } = batch.queue;
    const records = decodeRecords('t', partition, bytes, header, compressions);
    return batch.tokens.map((token, i) => ({
      partition,
      token,
      key: records.key(i)?.toString('hex') ?? null,
      value: records.value(i)?.toString('hex') ?? null,
      headers: records.headers(i).map(({ key, value }) => [key, value && [...value]]),
      timestamp: records.timestamp(i),
    }));
  });
}

const row: fc.Arbitrary<Row> = fc.record({
  partition: fc.option(fc.nat(PARTITIONS - 1)),
  key: fc.option(fc.uint8Array({ maxLength: 20 })),
  value: fc.option(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 100 }),
    ),
  ),
  headers: fc.array(
    fc.record({ key: fc.string({ maxLength: 5 }), value: fc.option(fc.uint8Array()) }),
    { maxLength: 2 },
  ),
  timestamp: fc.option(fc.nat()),
});

describe('columns of records', () => {
  test('become the batches that the same records make one by one', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const settings = { 'batch.size': '2000' };
        const [oneByOne, together] = [anAccumulator(settings), anAccumulator(settings)];
        for (const [token, each] of rows.entries()) {
          const value = typeof each.value === 'string' ? Buffer.from(each.value) : each.value;
          oneByOne.append({ topic: 't', ...each, value, token });
        }
        assert.equal(together.appendColumns(columnsOf(rows), 0, noChange), rows.length);
        // Batches of texts may be cut elsewhere: what counts is each partition's records.
        const byPartition = (content: readonly unknown[]): unknown =>
          Object.groupBy(content, (each) => JSON.stringify(each).slice(0, 15));
        assert.deepEqual(byPartition(contentOf(together)), byPartition(contentOf(oneByOne)));
      }),
    );
  });

  test('of texts are UTF-8, also where half a character stands alone', () => {
    const texts = ['plain', '', 'ä', 'ß'.repeat(200), '€'.repeat(99), '👍', 'a\ud800b', 'x👍'];
    const accumulator = anAccumulator();
    accumulator.appendColumns(ofValues(texts), 0, noChange);
    const values = contentOf(accumulator).map((each) => JSON.parse(JSON.stringify(each)).value);
    assert.deepEqual(
      values,
      texts.map((text) => Buffer.from(text).toString('hex')),
    );
  });

  test('of which there is no room for all are taken up to there, and go on from there', () => {
    const accumulator = anAccumulator({ 'buffer.memory': '40000', 'batch.size': '1000' });
    const columns = ofValues(Array.from({ length: 100 }, (_, i) => `${i} `.repeat(100)));
    const taken = accumulator.appendColumns(columns, 0, noChange);
    assert.ok(taken > 0 && taken < 100, `${taken}`);
    assert.equal(accumulator.appendColumns(columns, taken, noChange), taken, 'still no room');
    const first = contentOf(accumulator).length;
    for (const batch of accumulator.unreported) {
      accumulator.unreported.delete(batch);
      accumulator.release(batch);
    }
    const next = accumulator.appendColumns(columns, taken, noChange);
    assert.equal(first, taken);
    assert.ok(next > taken);
  });

  test('with one that is too large are taken up to it; its error comes when it is first', () => {
    const accumulator = anAccumulator({ 'max.request.size': '1000' });
    // 700 characters, but 1400 bytes.
    const columns = ofValues(['a', 'b', 'ß'.repeat(700), 'c']);
    assert.equal(accumulator.appendColumns(columns, 0, noChange), 2);
    assert.throws(() => accumulator.appendColumns(columns, 2, noChange), {
      code: 'RECORD_TOO_LARGE',
    });
    assert.equal(accumulator.appendColumns(columns, 3, noChange), 4);
    assert.equal(contentOf(accumulator).length, 3);
  });

  test('tell of batches that began and that need not wait, and of nothing else', () => {
    const changes: Became[] = [];
    const accumulator = anAccumulator({ 'batch.size': '500' });
    const columns = ofValues(Array.from({ length: 12 }, () => 'x'.repeat(50)));
    accumulator.appendColumns(columns, 0, (became) => changes.push(became));
    assert.equal(changes[0], 'began');
    assert.ok(changes.includes('full'));
    assert.ok(changes.length < 12, 'those that just join are not told of');
  });

  test('for a topic that was not prepared are refused', () => {
    const columns = { ...ofValues(['a']), topic: 'other' };
    assert.throws(() => anAccumulator().appendColumns(columns, 0, noChange), {
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
    });
  });
});
