import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentLogger } from '../logger.ts';
import { parseProducerConfig } from '../producer/producer-config.ts';
import { adminKeys } from './admin-keys.ts';
import { clientConfigOf } from './client-config.ts';
import { type ConfigTable, key } from './config-key.ts';
import { parseConfig } from './config-values.ts';
import { consumerKeys } from './consumer-keys.ts';
import { parseOffsetReset } from './offset-reset.ts';

const producer = (properties: Record<string, string>) => (): unknown =>
  parseProducerConfig({ 'bootstrap.servers': '127.0.0.1:1', ...properties }, silentLogger);
const consumer = (properties: Record<string, string>) => (): unknown =>
  parseConfig('c', consumerKeys, { 'bootstrap.servers': 'a:1', ...properties }, silentLogger);

/** Recorded by constructing Java's KafkaProducer of 4.3.1 with these properties. */
const refusedByJava: readonly (readonly [Record<string, string>, string])[] = [
  [{ acks: 'x' }, 'Invalid value x for configuration acks: String must be one of: all, -1, 0, 1'],
  [
    { 'linger.ms': 'abc' },
    'Invalid value abc for configuration linger.ms: Not a number of type LONG',
  ],
  [{ 'linger.ms': '-1' }, 'Invalid value -1 for configuration linger.ms: Value must be at least 0'],
  [{ 'batch.size': '' }, 'Invalid value  for configuration batch.size: Not a number of type INT'],
  [{ retries: '1.5' }, 'Invalid value 1.5 for configuration retries: Not a number of type INT'],
  [
    { retries: '99999999999' },
    'Invalid value 99999999999 for configuration retries: Not a number of type INT',
  ],
  [
    { 'compression.gzip.level': '0' },
    'Invalid value 0 for configuration compression.gzip.level: Value must be between 1 ' +
      'and 9 or equal to -1',
  ],
  [
    { 'compression.zstd.level': '23' },
    'Invalid value 23 for configuration compression.zstd.level: Value must be no more than 22',
  ],
  [
    { 'enable.idempotence': 'foo' },
    'Invalid value foo for configuration enable.idempotence: Expected value to be either ' +
      'true or false',
  ],
  [
    { 'security.protocol': 'x' },
    'Invalid value x for configuration security.protocol: String must be one of (case ' +
      'insensitive): SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT',
  ],
  [
    { acks: '1', 'enable.idempotence': 'true' },
    'Must set acks to all in order to use the idempotent producer. Otherwise we cannot ' +
      'guarantee idempotence.',
  ],
  [
    { retries: '0', 'enable.idempotence': 'true' },
    'Must set retries to non-zero when using the idempotent producer.',
  ],
  [
    { 'max.in.flight.requests.per.connection': '6' },
    'To use the idempotent producer, max.in.flight.requests.per.connection must be set to ' +
      'at most 5. Current value is 6.',
  ],
  [
    { 'delivery.timeout.ms': '100' },
    'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
  ],
  [
    { 'transactional.id': 'x', acks: '1' },
    'Cannot set a transactional.id without also enabling idempotence.',
  ],
  [{ 'bootstrap.servers': 'foo' }, 'Invalid url in bootstrap.servers: foo'],
  [
    { 'bootstrap.servers': '127.0.0.1:99999' },
    'Invalid port in bootstrap.servers: 127.0.0.1:99999',
  ],
];

describe('a configuration', () => {
  for (const [properties, message] of refusedByJava) {
    test(`${JSON.stringify(properties)} is refused in the words of Java`, () => {
      assert.throws(producer(properties), { name: 'ConfigError', message });
    });
  }

  test('without servers is refused', () => {
    assert.throws(() => parseProducerConfig({}, silentLogger), {
      message: 'Missing required configuration "bootstrap.servers" which has no default value.',
    });
  });

  test('acks=1 alone switches idempotence off, as in Java', () => {
    const servers = { 'bootstrap.servers': 'a:1' };
    assert.equal(parseProducerConfig(servers, silentLogger).isIdempotent, true);
    assert.equal(parseProducerConfig({ ...servers, acks: '1' }, silentLogger).isIdempotent, false);
  });

  test("takes the settings Connect gives to its workers' producers", () => {
    const parsed = parseProducerConfig(
      {
        'bootstrap.servers': '[::1]:9092, PLAINTEXT://b:2',
        acks: 'all',
        'max.in.flight.requests.per.connection': '1',
        'enable.idempotence': 'false',
        'max.block.ms': '9223372036854775807',
        'delivery.timeout.ms': '2147483647',
        'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
      },
      silentLogger,
    );
    assert.deepEqual(parsed.client.bootstrap, [
      { host: '::1', port: 9092 },
      { host: 'b', port: 2 },
    ]);
    assert.equal(parsed.maxBlockMs, Number.MAX_SAFE_INTEGER);
  });

  test('tells of unknown keys and of keys without effect by name, and of nothing else', () => {
    const told: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => told.push(text) };
    const properties = {
      'bootstrap.servers': 'a:1',
      'no.such.key': '1',
      'interceptor.classes': 'x.Y',
      'send.buffer.bytes': '131072',
      'metric.reporters': 'x.Y',
    };
    parseConfig('admin', adminKeys, { ...properties }, logger);
    parseProducerConfig(properties, logger);
    const named = told.map((text) => /"([^"]+)"/.exec(text)?.[1]);
    assert.deepEqual(named, [
      'no.such.key',
      'interceptor.classes',
      'no.such.key',
      'interceptor.classes',
    ]);
  });

  test('never shows a secret in an error', () => {
    const table: ConfigTable = { secret: key('PASSWORD', null, () => 'no') };
    const parse = (): unknown => parseConfig('c', table, { secret: 'hunter2' }, silentLogger);
    assert.throws(parse, /Invalid value \[hidden\] for configuration secret/);
  });

  test('of a consumer is held to its ranges', () => {
    assert.throws(consumer({ 'max.poll.records': '0' }), /Value must be at least 1/);
    assert.throws(consumer({ 'isolation.level': 'x' }), /one of: read_committed, read_uncommitted/);
    assert.throws(consumer({ 'auto.offset.reset': 'foo' }), /either 'earliest', 'latest', 'none'/);
  });

  test('knows the forms of auto.offset.reset', () => {
    assert.deepEqual(parseOffsetReset('by_duration:P1DT2H3M4.5S'), {
      type: 'by_duration',
      durationMs: 93_784_500,
    });
    for (const bad of ['by_duration:x', 'by_duration:P', 'by_duration:PT', 'newest']) {
      assert.equal(parseOffsetReset(bad), null, bad);
    }
  });

  test('takes a first back-off above the largest for the largest', () => {
    const values = parseConfig(
      'admin',
      adminKeys,
      { 'bootstrap.servers': 'a:1', 'reconnect.backoff.ms': '5000' },
      silentLogger,
    );
    assert.deepEqual(clientConfigOf(values, 'admin').reconnectBackoff, {
      initialMs: 1000,
      maxMs: 1000,
    });
  });
});
