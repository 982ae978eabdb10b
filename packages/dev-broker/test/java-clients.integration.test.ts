import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { type KafkaToolName, kafkaTool, makeTempDir, skipReason } from '@sluice/testing';
import { withBroker } from './with-broker.ts';

const LINES = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
const TEXT = `${LINES.join('\n')}\n`;

/** Runs a tool of Kafka's against a broker and hands back its output. */
async function tool(
  name: KafkaToolName,
  servers: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const result = await kafkaTool(
    name,
    ['--bootstrap-server', servers, ...args],
    input === undefined ? {} : { input },
  );
  assert.equal(result.code, 0, `${name} ${args.join(' ')}:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

describe('clients of Apache Kafka 4.3', { skip: await skipReason('kafka', 'Java clients') }, () => {
  test('the console consumer reads what the console producer wrote, with every codec', () =>
    withBroker(async ({ broker, complaints }) => {
      const at = broker.bootstrapServers;
      // All into one topic: each start of a Java program costs more than what it does here.
      const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
      for (const codec of codecs) {
        const topic = ['--topic', 'codecs', '--compression-codec', codec];
        await tool('ConsoleProducer', at, topic, TEXT);
      }
      const count = ['--from-beginning', '--max-messages', String(LINES.length * codecs.length)];
      const read = await tool('ConsoleConsumer', at, ['--topic', 'codecs', ...count]);
      assert.equal(read, TEXT.repeat(codecs.length));
      assert.deepEqual(complaints, []);
    }));

  test('a group of the console consumer goes on where it stopped, and can be looked at', () =>
    withBroker(async ({ broker }) => {
      const at = broker.bootstrapServers;
      await tool('ConsoleProducer', at, ['--topic', 't'], TEXT);
      const group = ['--topic', 't', '--group', 'g', '--from-beginning'];
      const part = [...group, '--max-messages', '5000'];
      const first = await tool('ConsoleConsumer', at, [...part]);
      const second = await tool('ConsoleConsumer', at, [...part]);
      assert.equal(first + second, `${LINES.slice(0, 10_000).join('\n')}\n`);
      const described = await tool('ConsumerGroupCommand', at, ['--describe', '--group', 'g']);
      assert.match(described, /^g +t +0 +10000 +20000 +10000 +-/m);
      const states = await tool('ConsumerGroupCommand', at, ['--list', '--state']);
      assert.match(states, /^g +Empty/m);
      const reset = ['--group', 'g', '--reset-offsets', '--to-offset', '7', '--topic', 't'];
      await tool('ConsumerGroupCommand', at, [...reset, '--execute']);
      const again = await tool('ConsoleConsumer', at, [...group, '--max-messages', '1']);
      assert.equal(again, 'line 7\n');
      const forget = ['--group', 'g', '--delete-offsets', '--topic', 't'];
      assert.match(await tool('ConsumerGroupCommand', at, forget), /t +0 +Successful/);
      await tool('ConsumerGroupCommand', at, ['--group', 'g', '--delete']);
      assert.doesNotMatch(await tool('ConsumerGroupCommand', at, ['--list']), /^g$/m);
    }));

  test('topics and configs are made, described, changed and deleted by the tools', () =>
    withBroker(async ({ broker, complaints }) => {
      const at = broker.bootstrapServers;
      const topic = ['--topic', 't'];
      const shape = ['--partitions', '3', '--replication-factor', '1'];
      const config = ['--config', 'cleanup.policy=compact', '--config', 'retention.ms=1000'];
      await tool('TopicCommand', at, ['--create', ...topic, ...shape, ...config]);
      await tool('TopicCommand', at, ['--alter', ...topic, '--partitions', '5']);
      const described = await tool('TopicCommand', at, ['--describe', ...topic]);
      assert.match(described, /TopicId: \S{22}\s+PartitionCount: 5\s+ReplicationFactor: 1/);
      assert.match(described, /Configs: cleanup.policy=compact,retention.ms=1000/);
      assert.match(described, /Partition: 4\s+Leader: 1\s+Replicas: 1\s+Isr: 1/);
      const entity = ['--entity-type', 'topics', '--entity-name', 't'];
      const change = ['--add-config', 'cleanup.policy=delete', '--delete-config', 'retention.ms'];
      await tool('ConfigCommand', at, ['--alter', ...entity, ...change]);
      const configs = await tool('ConfigCommand', at, ['--describe', ...entity]);
      assert.match(configs, /cleanup.policy=delete .*DYNAMIC_TOPIC_CONFIG:cleanup.policy=delete/);
      assert.doesNotMatch(configs, /retention.ms/);
      const refused = await kafkaTool('TopicCommand', [
        '--bootstrap-server',
        at,
        '--create',
        '--topic',
        'x',
        '--replication-factor',
        '3',
      ]);
      assert.match(refused.stdout + refused.stderr, /InvalidReplicationFactor.*single broker/);
      await tool('TopicCommand', at, ['--delete', ...topic]);
      assert.equal((await tool('TopicCommand', at, ['--list'])).trim(), '');
      assert.deepEqual(complaints, []);
    }));

  test('offsets are listed, by time too', () =>
    withBroker(async ({ broker }) => {
      const at = broker.bootstrapServers;
      await tool('ConsoleProducer', at, ['--topic', 't'], TEXT);
      assert.match(await tool('GetOffsetShell', at, ['--topic', 't']), /^t:0:20000$/m);
      const earliest = await tool('GetOffsetShell', at, ['--topic', 't', '--time', 'earliest']);
      assert.match(earliest, /^t:0:0$/m);
      const newest = await tool('GetOffsetShell', at, ['--topic', 't', '--time', 'max-timestamp']);
      assert.match(newest, /^t:0:\d+$/m);
    }));

  test('segments of the log are what Kafka itself would read', () =>
    withBroker(async ({ broker, dataDir }) => {
      const at = broker.bootstrapServers;
      await tool('ConsoleProducer', at, ['--topic', 't', '--compression-codec', 'zstd'], TEXT);
      const { readdir, readFile } = await import('node:fs/promises');
      const files = await readdir(dataDir, { recursive: true });
      const file = files.find((name) => name.endsWith('.log'));
      assert.ok(file !== undefined);
      await using dir = await makeTempDir('dump');
      const copy = dir.join('00000000000000000000.log');
      await writeFile(copy, await readFile(`${dataDir}/${file}`));
      const dump = await kafkaTool('DumpLogSegments', ['--files', copy, '--deep-iteration']);
      assert.match(dump.stdout, /baseOffset: 0 .*isvalid: true/);
      assert.doesNotMatch(dump.stdout, /isvalid: false/);
      const offsets = [...dump.stdout.matchAll(/^\| offset: (\d+)/gm)].map((match) =>
        Number(match[1]),
      );
      assert.deepEqual(offsets, [...LINES.keys()]);
    }));
});
