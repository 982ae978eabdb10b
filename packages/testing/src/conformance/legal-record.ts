import assert from 'node:assert/strict';
import { validateValue, type AnyRecord, type Schema } from '@sluice/api';

const PARTS = [
  'topic',
  'kafkaPartition',
  'keySchema',
  'key',
  'valueSchema',
  'value',
  'timestamp',
  'headers',
] as const;

/**
 * Checks that a record is one that a worker can carry on: complete, its values those of its
 * schemas, its numbers in range.
 *
 * @throws AssertionError naming the part that is wrong
 */
export function assertLegalRecord(record: AnyRecord): void {
  for (const part of PARTS)
    assert.ok(
      part in record,
      `the record has no "${part}": make it with newSourceRecord/withRecord`,
    );
  assert.ok(typeof record.topic === 'string' && record.topic !== '', 'the topic is empty');
  const { kafkaPartition, timestamp } = record;
  const isPartition = kafkaPartition === null || isCount(kafkaPartition);
  assert.ok(isPartition, `kafkaPartition ${kafkaPartition} is neither null nor a number from 0`);
  const isTime = timestamp === null || isCount(timestamp);
  assert.ok(isTime, `timestamp ${timestamp} is neither null nor whole milliseconds from 0`);
  assertFits('key', record.keySchema, record.key);
  assertFits('value', record.valueSchema, record.value);
  for (const header of record.headers) {
    assert.equal(typeof header.key, 'string', 'a header has no key');
    assertFits(`header ${header.key}`, header.schema, header.value);
  }
}

function assertFits(part: string, schema: Schema | null, value: unknown): void {
  if (schema === null) return;
  try {
    validateValue(schema, value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    assert.fail(`the ${part} does not fit its schema: ${reason}`);
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
