// Goal: a log gives everybody the same table. Method: two logs on one topic, on each kind of broker, with one and with
// many partitions; what one writes the other must have after reading to the end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brokersUnderTest, type RunningBroker, waitUntil } from '@sluice/testing';
import type { Admin } from '../src/admin/admin.ts';
import { createAdmin } from '../src/admin/create-admin.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { KafkaBasedLog } from '../src/log/kafka-based-log.ts';
import { silentLogger } from '../src/logger.ts';
import { numbered, produce } from './consuming.ts';

interface Table {
  readonly log: KafkaBasedLog;
  readonly entries: Map<string, string | null>;
  readonly offsets: number[];
  readonly failures: KafkaError[];
}

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('KafkaBasedLog');
  describe(`KafkaBasedLog on ${kind.title}`, { skip }, () => {
    let broker: RunningBroker;
    let admin: Admin;
    before(async () => {
      broker = await kind.start();
      admin = createAdmin(
        { 'bootstrap.servers': broker.bootstrapServers },
        { logger: silentLogger },
      );
    });
    after(async () => {
      await admin.close();
      await broker[Symbol.asyncDispose]();
    });

    const table = (topic: string, partitions: number, isWriting = true): Table => {
      const entries = new Map<string, string | null>();
      const offsets: number[] = [];
      const failures: KafkaError[] = [];
      const servers = { 'bootstrap.servers': broker.bootstrapServers };
      const log = new KafkaBasedLog({
        topic,
        consumer: servers,
        producer: isWriting ? servers : null,
        admin,
        prepareTopic: async () => {
          const configs = { 'cleanup.policy': 'compact' };
          await admin.createTopics([{ name: topic, partitions, replicationFactor: -1, configs }]);
        },
        onRecord: ({ key, value, offset }) => {
          entries.set(key?.toString() ?? '', value?.toString() ?? null);
          offsets.push(offset);
        },
        onFailure: (error) => failures.push(error),
        logger: silentLogger,
      });
      return { log, entries, offsets, failures };
    };

    for (const partitions of [1, 7]) {
      test(`${partitions} partition(s): what one writes the other has after reading to the end`, async () => {
        const topic = `shared-${partitions}`;
        const one = table(topic, partitions);
        const other = table(topic, partitions);
        await using first = one.log;
        await first.start();
        await using second = other.log;
        await second.start();
        assert.equal(first.partitionCount, partitions);
        const keys = Array.from({ length: 50 }, (_, i) => `key-${i}`);
        await Promise.all(keys.map((key) => first.write(Buffer.from(key), Buffer.from(key))));
        await first.write(Buffer.from('key-0'), null);
        await second.readToEnd();
        assert.equal(other.entries.size, 50);
        assert.equal(other.entries.get('key-0'), null);
        assert.equal(other.entries.get('key-49'), 'key-49');
        await first.readToEnd();
        assert.deepEqual(new Map(one.entries), other.entries);
        assert.deepEqual([one.failures, other.failures], [[], []]);
      });
    }

    test('has everything after the start, and follows without being asked', async () => {
      const topic = 'followed';
      const writer = table(topic, 1);
      await using first = writer.log;
      await first.start();
      await first.write(Buffer.from('a'), Buffer.from('1'));
      const reader = table(topic, 1, false);
      await using second = reader.log;
      await second.start();
      assert.equal(reader.entries.get('a'), '1');
      await first.write(Buffer.from('a'), Buffer.from('2'), 0);
      await waitUntil('the record to be followed', () => reader.entries.get('a') === '2');
      await assert.rejects(
        second.write(null, null),
        (error: unknown) => error instanceof KafkaError && error.code === 'LOG_READ_ONLY',
      );
    });

    test('many can ask for the end at once, and an empty topic has one', async () => {
      const { log, offsets } = table('empty', 3);
      await using started = log;
      await started.start();
      await Promise.all(Array.from({ length: 20 }, () => started.readToEnd()));
      const records = numbered(500).map((each, i) => ({ ...each, key: `key-${i}` }));
      await produce(broker.bootstrapServers, 'empty', records);
      await Promise.all(Array.from({ length: 20 }, () => started.readToEnd()));
      assert.equal(offsets.length, 500);
    });

    test('stops while somebody waits for the end, and refuses calls from then on', async () => {
      const { log } = table('stopped', 1);
      await log.start();
      const waiting = log.readToEnd().then(
        () => 'read',
        (error: unknown) => (error instanceof KafkaError ? error.code : String(error)),
      );
      await log.stop();
      assert.match(await waiting, /read|CLIENT_CLOSED/);
      await assert.rejects(log.readToEnd(), /does not run/);
      await assert.rejects(log.write(null, null), /does not run/);
    });

    test('that is stopped while it starts makes nothing that goes on', async () => {
      const { log, offsets } = table('stopped-early', 1);
      const refused = assert.rejects(log.start(), /was stopped/);
      await log.stop();
      await refused;
      await assert.rejects(log.start(), /runs already/);
      await assert.rejects(log.readToEnd(), /does not run/);
      assert.deepEqual(offsets, []);
    });

    test('stops while the broker is away, with somebody waiting for the end', async () => {
      const { log } = table('stopped-alone', 1);
      await log.start();
      await broker.stop();
      const waiting = assert.rejects(log.readToEnd(), /was stopped|closed/);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await log.stop();
      await waiting;
      await broker.start();
    });

    test('lives through a restart of the broker', async () => {
      const { log, entries } = table('restarted', 1);
      await using started = log;
      await started.start();
      await started.write(Buffer.from('a'), Buffer.from('1'));
      await broker.restart();
      await started.write(Buffer.from('b'), Buffer.from('2'));
      await started.readToEnd();
      assert.deepEqual(
        [...entries],
        [
          ['a', '1'],
          ['b', '2'],
        ],
      );
    });
  });
}
