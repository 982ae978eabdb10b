import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adminConfig,
  deadLetterAdminConfig,
  deadLetterProducerConfig,
  sinkConsumerConfig,
  sourceProducerConfig,
} from './client-configs.ts';

const ID = { connector: 'orders', task: 2 };
const INPUT = {
  workerProps: {
    'bootstrap.servers': 'k1:9092',
    'request.timeout.ms': '1000',
    'producer.linger.ms': '10',
    'producer.acks': '1',
    'consumer.max.poll.records': '50',
    'admin.retries': '3',
  },
  connectorProps: {
    'producer.override.acks': '0',
    'consumer.override.group.id': 'mine',
    'admin.override.retries': '4',
    topics: 'orders',
  },
};

test('a source producer has Java defaults, then the worker, then the connector (R4.16)', () => {
  assert.deepEqual(sourceProducerConfig(INPUT, ID), {
    'bootstrap.servers': 'k1:9092',
    'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
    'value.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
    'max.block.ms': '9223372036854775807',
    'enable.idempotence': 'false',
    acks: '0',
    'max.in.flight.requests.per.connection': '1',
    'delivery.timeout.ms': '2147483647',
    'client.id': 'connector-producer-orders-2',
    'linger.ms': '10',
  });
});

test('a sink consumer is in the group of its connector, unless told otherwise (R5.01)', () => {
  const plain = sinkConsumerConfig({ workerProps: {}, connectorProps: {} }, ID);
  assert.equal(plain['group.id'], 'connect-orders');
  assert.equal(plain['client.id'], 'connector-consumer-orders-2');
  assert.equal(plain['bootstrap.servers'], 'localhost:9092');
  assert.equal(plain['auto.offset.reset'], 'earliest');
  assert.equal(plain['enable.auto.commit'], 'false');
  const own = sinkConsumerConfig(INPUT, ID);
  assert.equal(own['group.id'], 'mine');
  assert.equal(own['max.poll.records'], '50');
  assert.equal(own['request.timeout.ms'], undefined);
});

test('admin clients alone inherit the keys of the worker that have no prefix (R2.24)', () => {
  const admin = adminConfig(INPUT, ID);
  assert.equal(admin['request.timeout.ms'], '1000');
  assert.equal(admin['retries'], '4');
  assert.equal(admin['producer.linger.ms'], undefined);
  assert.equal(admin['client.id'], 'connector-adminclient-orders-2');
});

test('dead letters have clients of their own name (R5.18)', () => {
  assert.equal(deadLetterProducerConfig(INPUT, ID)['client.id'], 'connector-dlq-producer-orders-2');
  assert.equal(deadLetterAdminConfig(INPUT, ID)['client.id'], 'connector-dlq-adminclient-orders-2');
});
