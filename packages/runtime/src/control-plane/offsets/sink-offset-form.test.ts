import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestError } from '@sluice/rest';
import { parseSinkOffsets } from './sink-offset-form.ts';

const PARTITION = '{"kafka_topic":"t","kafka_partition":0}';

function refusal(partition: string | null, offset: string | null): string {
  try {
    parseSinkOffsets([{ partition, offset }]);
  } catch (error) {
    assert.ok(error instanceof RestError);
    assert.equal(error.status, 400);
    return error.message;
  }
  throw new Error('it was accepted');
}

test('R1.55 numbers and numeric texts are read alike, and null resets', () => {
  const offsets = [
    { partition: PARTITION, offset: '{"kafka_offset":7}' },
    { partition: '{"kafka_partition":"12","kafka_topic":"u"}', offset: '{"kafka_offset":"8"}' },
    { partition: '{"kafka_topic":"v","kafka_partition":1}', offset: null },
  ];
  assert.deepEqual(parseSinkOffsets(offsets), [
    { topic: 't', partition: 0, offset: 7 },
    { topic: 'u', partition: 12, offset: 8 },
    { topic: 'v', partition: 1, offset: null },
  ]);
});

test('R1.55 each wrong shape is refused in Java’s words', () => {
  assert.equal(
    refusal(null, null),
    'The partition for a sink connector offset cannot be null or missing',
  );
  const keys =
    "The partition for a sink connector offset must contain the keys 'kafka_topic' and " +
    "'kafka_partition'";
  assert.equal(refusal('{"kafka_topic":"t"}', null), keys);
  assert.equal(refusal('{"kafka_partition":1}', null), keys);
  assert.equal(
    refusal('{"kafka_topic":"t","kafka_partition":"p"}', null),
    "Failed to parse the following Kafka partition value in the provided offsets: 'p'. " +
      'Partition values for sink connectors need to be integers.',
  );
  assert.equal(
    refusal('{"kafka_topic":"t","kafka_partition":null}', null),
    'Kafka partitions must be valid numbers and may not be null',
  );
  assert.equal(
    refusal('{"kafka_topic":null,"kafka_partition":0}', null),
    'Kafka topic names must be valid strings and may not be null',
  );
  for (const [json, text] of [
    ['[]', '[]'],
    ['null', 'null'],
    ['[1,"a"]', '[1, a]'],
    ['{"a":1.0}', '{a=1.0}'],
    ['1.50', '1.5'],
  ])
    assert.equal(
      refusal(PARTITION, `{"kafka_offset":${json}}`),
      `Failed to parse the following Kafka offset value in the provided offsets: '${text}'. ` +
        'Offset values for sink connectors need to be integers.',
    );
  assert.match(refusal('{"kafka_topic":"t","kafka_partition":2147483648}', null), /2147483648/);
  assert.equal(
    refusal(PARTITION, '{"offset":1}'),
    "The offset for a sink connector should either be null or contain the key 'kafka_offset'",
  );
  assert.equal(
    refusal(PARTITION, '{"kafka_offset":"not an int"}'),
    "Failed to parse the following Kafka offset value in the provided offsets: 'not an int'. " +
      'Offset values for sink connectors need to be integers.',
  );
});
