import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError } from '../errors/config-error.ts';
import { silentLogger } from '../logger.ts';
import { type ConsumerConfig, parseConsumerConfig } from './consumer-config.ts';

const parse = (properties: Readonly<Record<string, string>>): ConsumerConfig =>
  parseConsumerConfig({ 'bootstrap.servers': 'localhost:9092', ...properties }, silentLogger);

const refuses = (properties: Readonly<Record<string, string>>, message: RegExp): void => {
  assert.throws(
    () => parse(properties),
    (error: unknown) => error instanceof ConfigError && message.test(error.message),
  );
};

const ASSIGNORS = 'org.apache.kafka.clients.consumer';

describe('the configuration of a consumer', () => {
  test('has Java’s defaults', () => {
    const config = parse({ 'group.id': 'g' });
    assert.equal(config.group?.sessionTimeoutMs, 45_000);
    assert.deepEqual(
      config.group.assignors.map(({ name }) => name),
      ['range', 'cooperative-sticky'],
    );
    assert.equal(config.autoCommitIntervalMs, 5000);
    assert.equal(config.pollRecordsMax, 500);
    assert.deepEqual(config.offsetReset, { type: 'latest' });
    assert.equal(config.fetch.isolationLevel, 0);
    assert.equal(config.client.clientId, 'consumer-g');
  });

  test('without a group commits nothing', () => {
    assert.equal(parse({}).group, null);
    assert.equal(parse({}).autoCommitIntervalMs, null);
    refuses(
      { 'enable.auto.commit': 'true' },
      /^enable.auto.commit cannot be set to true when default group id/,
    );
    refuses({ 'group.id': '' }, /group\.id/);
  });

  test('knows Kafka’s assignors by their class names, and no others', () => {
    const names = ['Range', 'RoundRobin', 'Sticky', 'CooperativeSticky'];
    const strategy = names.map((name) => `${ASSIGNORS}.${name}Assignor`).join(', ');
    const { group } = parse({ 'group.id': 'g', 'partition.assignment.strategy': strategy });
    assert.deepEqual(
      group?.assignors.map(({ name }) => name),
      ['range', 'roundrobin', 'sticky', 'cooperative-sticky'],
    );
    const with_ = (value: string) => ({ 'group.id': 'g', 'partition.assignment.strategy': value });
    refuses(with_('com.example.Mine'), /com\.example\.Mine.*not known.*RangeAssignor/);
    refuses(with_(`${ASSIGNORS}.RangeAssignor,${ASSIGNORS}.RangeAssignor`), /listed twice/);
    refuses(with_(''), /at least one assignor/);
  });

  test('needs heartbeats within the session', () => {
    const values = {
      'group.id': 'g',
      'heartbeat.interval.ms': '6000',
      'session.timeout.ms': '6000',
    };
    refuses(values, /^Heartbeat must be set lower than the session timeout/);
  });

  test('leaves to the coordinator what is its business under KIP-848', () => {
    const modern = { 'group.id': 'g', 'group.protocol': 'CONSUMER' };
    const { group } = parse({ ...modern, 'group.remote.assignor': 'uniform' });
    assert.equal(group?.protocol, 'consumer');
    assert.equal(group.remoteAssignor, 'uniform');
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => warnings.push(message) };
    const asked = { ...modern, 'bootstrap.servers': 'h:1', 'group.remote.assignor': 'range' };
    parseConsumerConfig(asked, logger);
    assert.deepEqual(warnings, []);
    refuses(
      { ...modern, 'session.timeout.ms': '6000' },
      /^session.timeout.ms cannot be set when group.protocol=CONSUMER/,
    );
    refuses(
      { 'group.id': 'g', 'group.remote.assignor': 'uniform' },
      /^group.remote.assignor cannot be set when group.protocol=CLASSIC/,
    );
  });

  test('reads every form of auto.offset.reset', () => {
    const reset = (value: string) => parse({ 'auto.offset.reset': value }).offsetReset;
    assert.deepEqual(reset('earliest'), { type: 'earliest' });
    assert.deepEqual(reset('none'), { type: 'none' });
    assert.deepEqual(reset('by_duration:P1DT1H'), { type: 'by_duration', durationMs: 90_000_000 });
    refuses({ 'auto.offset.reset': 'first' }, /auto\.offset\.reset/);
  });
});
