import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSourceRecord, type SourceRecord } from '@sluice/api';
import { outgoingColumns } from './outgoing-columns.ts';
import { SubmittedRecords } from './submitted-records.ts';

function aRecord(at: number, partition: number | null, timestamp: number | null): SourceRecord {
  return newSourceRecord({
    topic: 't',
    value: at,
    kafkaPartition: partition,
    timestamp,
    sourcePartition: { p: 1 },
    sourceOffset: { at },
  });
}

function batchOf(records: readonly SourceRecord[]): Parameters<typeof outgoingColumns>[0] {
  return {
    polled: records,
    records,
    keys: records.map(() => null),
    values: records.map((_record, at) => Buffer.from(String(at))),
    headers: null,
  };
}

test('a whole batch goes as it is, without columns that nobody needs', () => {
  const submitted = new SubmittedRecords(false);
  const batch = batchOf([aRecord(0, null, null), aRecord(1, null, null)]);
  const columns = outgoingColumns(batch, 't', 0, 2, submitted);
  assert.equal(columns.values, batch.values);
  assert.equal(columns.partitions, null);
  assert.equal(columns.timestamps, null);
  assert.equal(submitted.pending, 2);
});

test('a part of a batch is cut out, partitions and timestamps where they are', () => {
  const submitted = new SubmittedRecords(false);
  const records = [aRecord(0, null, 5), aRecord(1, null, null), aRecord(2, 4, 6)];
  const columns = outgoingColumns(batchOf(records), 't', 1, 3, submitted);
  assert.deepEqual(Array.from(columns.partitions ?? []), [null, 4]);
  assert.deepEqual(Array.from(columns.timestamps ?? []), [null, 6]);
  assert.equal(String(columns.values[0]), '1');
  assert.equal(columns.tokens.length, 2);
  assert.deepEqual(submitted.ages(Array.from(columns.tokens), 10), {
    sumMs: 4,
    maxMs: 4,
    count: 1,
  });
});

test('what was submitted and not taken can be withdrawn from behind, and leaves no gap', () => {
  const submitted = new SubmittedRecords(false);
  const records = [0, 1, 2].map((at) => aRecord(at, null, null));
  const { tokens } = outgoingColumns(batchOf(records), 't', 0, 3, submitted);
  for (const at of [2, 1]) submitted.withdraw(tokens[at] ?? -1);
  submitted.acknowledge(tokens[0] ?? -1);
  assert.equal(submitted.pending, 0);
  assert.deepEqual(submitted.takeCommittable().offsets, [
    { partition: { p: 1 }, offset: { at: 0 } },
  ]);
});
