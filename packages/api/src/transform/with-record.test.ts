import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newHeader } from '../data/connect-headers.ts';
import { STRING_SCHEMA } from '../data/schema-constants.ts';
import { newSinkRecord } from '../sink/new-sink-record.ts';
import { newSourceRecord } from '../source/new-source-record.ts';
import { withRecord } from './with-record.ts';

test('a changed record is another one; what is not mentioned stays', () => {
  const record = newSourceRecord({ topic: 't', value: 1, key: 'k', sourceOffset: { position: 5 } });
  const changed = withRecord(record, { topic: 'u', value: null, key: undefined });
  assert.deepEqual(changed, { ...record, topic: 'u', value: null });
  assert.equal(record.topic, 't');
});

test('a sink record keeps where it was read, whatever a transformation does', () => {
  const record = newSinkRecord({ topic: 't', kafkaPartition: 3, kafkaOffset: 7, value: 'x' });
  const changed = withRecord(record, {
    topic: 'u',
    kafkaPartition: 0,
    valueSchema: STRING_SCHEMA,
    headers: [newHeader('h', 1)],
  });
  assert.equal(changed.topic, 'u');
  assert.equal(changed.kafkaPartition, 0);
  assert.deepEqual(
    [changed.originalTopic, changed.originalKafkaPartition, changed.originalKafkaOffset],
    ['t', 3, 7],
  );
  assert.equal(changed.kafkaOffset, 7);
});

test('records of one kind have one shape, changed or not', () => {
  const plain = newSourceRecord({ topic: 't' });
  const full = newSourceRecord({ headers: [], timestamp: 1, value: 1, topic: 't', key: 1 });
  assert.deepEqual(Object.keys(full), Object.keys(plain));
  assert.deepEqual(Object.keys(withRecord(full, { value: 2 })), Object.keys(plain));
});
