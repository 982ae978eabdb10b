import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdmin, silentLogger } from '@sluice/kafka/admin';
import {
  adminConfig,
  connectorAdminConfig,
  deadLetterAdminConfig,
  deadLetterProducerConfig,
  sinkConsumerConfig,
  sourceProducerConfig,
  workerAdminConfig,
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

test('admin clients alone inherit the keys of the worker that have no prefix (R2.24, R4.18)', () => {
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

const NOTHING = { workerProps: {}, connectorProps: {} };
const SERIALIZERS = {
  'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
  'value.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
};

test('R4.16 without any setting a source producer is in order, at least once, and waits for ever', () => {
  assert.deepEqual(sourceProducerConfig(NOTHING, ID), {
    'bootstrap.servers': 'localhost:9092',
    ...SERIALIZERS,
    acks: 'all',
    'max.in.flight.requests.per.connection': '1',
    'enable.idempotence': 'false',
    'max.block.ms': '9223372036854775807',
    'delivery.timeout.ms': '2147483647',
    'client.id': 'connector-producer-orders-2',
  });
});

test('R5.01 without any setting a sink consumer begins at the earliest and commits itself nothing', () => {
  assert.deepEqual(sinkConsumerConfig(NOTHING, ID), {
    'group.id': 'connect-orders',
    'client.id': 'connector-consumer-orders-2',
    'bootstrap.servers': 'localhost:9092',
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    'key.deserializer': 'org.apache.kafka.common.serialization.ByteArrayDeserializer',
    'value.deserializer': 'org.apache.kafka.common.serialization.ByteArrayDeserializer',
  });
});

test('R5.01 reset and assignor may be overridden, by the connector before the worker', () => {
  const assignor = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
  const config = sinkConsumerConfig(
    {
      workerProps: { 'consumer.auto.offset.reset': 'none', 'consumer.group.id': 'of-worker' },
      connectorProps: {
        'consumer.override.auto.offset.reset': 'latest',
        'consumer.override.partition.assignment.strategy': assignor,
      },
    },
    ID,
  );
  assert.equal(config['auto.offset.reset'], 'latest');
  assert.equal(config['partition.assignment.strategy'], assignor);
  assert.equal(config['group.id'], 'of-worker');
});

test('R2.24 producers and consumers take nothing of the worker but its servers and their prefix', () => {
  const workerProps = {
    'bootstrap.servers': 'k1:9092',
    'security.protocol': 'SSL',
    'client.id': 'worker',
    'producer.': 'no key',
  };
  const plain = { workerProps: { 'bootstrap.servers': 'k1:9092' }, connectorProps: {} };
  const input = { workerProps, connectorProps: {} };
  assert.deepEqual(sourceProducerConfig(input, ID), sourceProducerConfig(plain, ID));
  assert.deepEqual(sinkConsumerConfig(input, ID), sinkConsumerConfig(plain, ID));
  const admin = adminConfig(input, ID);
  assert.equal(admin['security.protocol'], 'SSL');
  // As in Java: a worker's own client.id reaches the admin clients of its connectors.
  assert.equal(admin['client.id'], 'worker');
});

test('R5.18 the producer of dead letters has the settings of source producers, and their overrides', () => {
  const { 'client.id': dead, ...deadRest } = deadLetterProducerConfig(INPUT, ID);
  const { 'client.id': source, ...sourceRest } = sourceProducerConfig(INPUT, ID);
  assert.deepEqual(deadRest, sourceRest);
  assert.deepEqual(
    [dead, source],
    ['connector-dlq-producer-orders-2', 'connector-producer-orders-2'],
  );
  assert.equal(deadLetterAdminConfig(INPUT, ID)['retries'], '4');
});

/** What an admin client of these properties says about them. */
async function complaints(config: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const told: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void told.push(message) };
  await createAdmin(config, { logger }).close();
  return told;
}

test('R2.24 of a worker’s own keys admin clients hear nothing, of those given to them all', async () => {
  const workerProps = {
    'bootstrap.servers': '127.0.0.1:9092',
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'key.converter.schemas.enable': 'false',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': 'connect.offsets',
    'offset.flush.interval.ms': '1000',
    listeners: 'http://127.0.0.1:8083',
    'admin.listeners': '',
    'admin.listeners.https.ssl.client.auth': 'none',
    'rest.advertised.host.name': 'here',
    'plugin.path': 'plugins',
    'config.providers': 'file',
    'config.providers.file.class': 'FileConfigProvider',
    'metrics.sample.window.ms': '10000',
    'task.shutdown.graceful.timeout.ms': '1000',
    'sluice.watchdog.stall.ms': '1000',
    'producer.linger.ms': '1',
    'request.timeout.ms': '1000',
  };
  const own = connectorAdminConfig({ workerProps, connectorProps: {} }, 'orders');
  assert.equal(own['request.timeout.ms'], '1000');
  assert.deepEqual(await complaints(own), []);
  assert.deepEqual(await complaints(workerAdminConfig(workerProps)), []);
  const typed = connectorAdminConfig(
    {
      workerProps: { ...workerProps, 'admin.retrys': '1' },
      connectorProps: {
        'admin.override.linger.ms': '1',
        'admin.override.send.buffer.bytes': '1000',
      },
    },
    'orders',
  );
  assert.deepEqual(
    (await complaints(typed)).map((message) => /"(.*)"/.exec(message)?.[1]),
    ['retrys', 'linger.ms', 'send.buffer.bytes'],
  );
});
