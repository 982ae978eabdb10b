import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import { BROKER_CONFIGS, BrokerConfig } from './broker-config.ts';
import { configProblem } from './config-definition.ts';
import { logSettings, TOPIC_CONFIGS, topicConfig } from './topic-configs.ts';

test('every default is a value that its definition allows', () => {
  for (const definition of [...TOPIC_CONFIGS, ...BROKER_CONFIGS]) {
    assert.equal(configProblem(definition, definition.default), null);
    assert.notEqual(definition.doc, '', `${definition.name} has a documentation`);
  }
});

test('values are checked as Kafka checks them', () => {
  const table: readonly (readonly [string, string, RegExp | null])[] = [
    ['retention.ms', '-1', null],
    ['retention.ms', '9223372036854775807', null],
    ['retention.ms', '-2', /Value must be at least -1/],
    ['retention.ms', 'soon', /^Invalid value soon for configuration retention.ms: Not a number/],
    ['retention.ms', '1.5', /Not a number of type LONG/],
    ['segment.bytes', '5000000000', /Not a number of type INT/],
    ['segment.bytes', '100', /at least 1048576/],
    ['cleanup.policy', 'compact,delete', null],
    ['cleanup.policy', 'compact, shred', /must be one of: compact, delete/],
    ['compression.type', 'brotli', /must be one of/],
    ['preallocate', 'TRUE', null],
    ['preallocate', 'yes', /true or false/],
    ['min.cleanable.dirty.ratio', '0.25', null],
    ['min.cleanable.dirty.ratio', '1.1', /no more than 1/],
  ];
  for (const [name, text, problem] of table) {
    const definition = topicConfig(name);
    assert.ok(definition !== undefined);
    const found = configProblem(definition, text);
    if (problem === null) assert.equal(found, null, `${name}=${text}`);
    else assert.match(found ?? '', problem);
  }
});

test('a broker is not started with a key or value that it does not know', () => {
  const config = new BrokerConfig({ 'num.partitions': '3' });
  assert.equal(config.number('num.partitions'), 3);
  assert.equal(config.isTrue('auto.create.topics.enable'), true);
  assert.equal(config.value('log.segment.bytes'), '1073741824');
  const wrong: readonly (readonly [Record<string, string>, RegExp])[] = [
    [
      { 'num.partition': '3' },
      /Unknown broker configuration num\.partition\. Known: .*num\.partitions/,
    ],
    [{ 'num.partitions': '0' }, /at least 1/],
    [{ 'default.replication.factor': '3' }, /no more than 1/],
  ];
  for (const [values, message] of wrong) {
    assert.throws(
      () => new BrokerConfig(values),
      (error: unknown) => error instanceof BrokerStartError && message.test(error.message),
    );
  }
});

test('settings of a log follow the configs', () => {
  const values = new Map([
    ['cleanup.policy', 'compact,delete'],
    ['message.timestamp.type', 'LogAppendTime'],
    ['retention.ms', '5'],
  ]);
  const settings = logSettings((name) => values.get(name) ?? topicConfig(name)?.default ?? '');
  assert.equal(settings.isCompacted && settings.isDeleted && settings.isLogAppendTime, true);
  assert.equal(settings.retentionMs, 5);
  assert.equal(settings.maxMessageBytes, 1_048_588);
  assert.ok(settings.flushMessages > Number.MAX_SAFE_INTEGER);
});
