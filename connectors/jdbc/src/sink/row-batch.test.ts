import { INT32_SCHEMA, newSinkRecord } from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RowBatch, type TableWriter } from './row-batch.ts';

function aWriter(more: Partial<TableWriter> = {}): TableWriter {
  return {
    title: 'upsert into "t"',
    writer: { rowsMax: 10, sqlFor: () => '', write: () => Promise.resolve() },
    tableKey: 't',
    hasUniqueRows: true,
    isDelete: false,
    keyCount: 1,
    ...more,
  };
}
const UPSERT = aWriter();
const DELETE = aWriter({ isDelete: true });
const record = newSinkRecord({
  topic: 't',
  kafkaPartition: 0,
  kafkaOffset: 0,
  keySchema: INT32_SCHEMA,
});

interface Op {
  readonly isDelete: boolean;
  readonly key: number;
  readonly value: number;
}

/** A table after these operations, one by one. */
function expected(ops: readonly Op[]): ReadonlyMap<number, number> {
  const table = new Map<number, number>();
  for (const { isDelete, key, value } of ops) {
    if (isDelete) table.delete(key);
    else table.set(key, value);
  }
  return table;
}

function batchOf(ops: readonly Op[], rowsMax: number): RowBatch {
  const batch = new RowBatch(rowsMax);
  for (const { isDelete, key, value } of ops) {
    batch.add(isDelete ? DELETE : UPSERT, { record, row: isDelete ? [key] : [key, value] });
  }
  return batch;
}

describe('RowBatch', () => {
  it('leaves the table as the operations one by one would, with each key once in a step', () => {
    const op = fc.record({ isDelete: fc.boolean(), key: fc.nat(5), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (ops, max) => {
        const table = new Map<number, number>();
        for (const { writer, rows } of batchOf(ops, max).finish()) {
          const keys = rows.map(({ row }) => Number(row[0]));
          assert.equal(new Set(keys).size, keys.length);
          assert.ok(rows.length <= max && rows.length > 0);
          for (const { row } of rows) {
            if (writer.isDelete) table.delete(Number(row[0]));
            else table.set(Number(row[0]), Number(row[1]));
          }
        }
        assert.deepEqual(
          [...table].sort(([a], [b]) => a - b),
          [...expected(ops)].sort(([a], [b]) => a - b),
        );
      }),
    );
  });

  it('deletes before it writes a row of the same key anew', () => {
    const ops = [
      { isDelete: true, key: 1, value: 0 },
      { isDelete: false, key: 2, value: 1 },
      { isDelete: false, key: 1, value: 2 },
    ];
    const steps = batchOf(ops, 100).finish();
    assert.deepEqual(
      steps.map(({ writer, rows }) => [writer.isDelete, rows.map(({ row }) => row[0])]),
      [
        [false, [2]],
        [true, [1]],
        [false, [1]],
      ],
    );
  });

  it('keeps every row of a plain insert', () => {
    const batch = new RowBatch(100);
    const writer = aWriter({ hasUniqueRows: false });
    for (const value of [1, 2]) batch.add(writer, { record, row: [7, value] });
    assert.deepEqual(
      batch.finish()[0]?.rows.map(({ row }) => row[1]),
      [1, 2],
    );
  });

  it('tells keys of several columns apart', () => {
    const batch = new RowBatch(100);
    const writer = aWriter({ keyCount: 2 });
    for (const row of [
      ['a', '1:b'],
      ['a1:', 'b'],
      ['a', '1:b'],
    ])
      batch.add(writer, { record, row });
    assert.equal(batch.finish()[0]?.rows.length, 2);
  });
});
