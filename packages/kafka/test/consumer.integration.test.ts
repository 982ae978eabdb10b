// Goal: one consumer's calls do what Java's do, on the real thing. Method: one broker of each kind; every test has topics
// and groups of its own; what was committed or read is looked at by another client.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brokersUnderTest, type RunningBroker } from '@sluice/testing';
import { KafkaError } from '../src/errors/kafka-error.ts';
import {
  makeTopic,
  noListener,
  numbered,
  produce,
  readValues,
  testConsumer,
  valuesOf,
} from './consuming.ts';

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof KafkaError && error.code === code;

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('consumer');
  describe(`consumer on ${kind.title}`, { skip }, () => {
    let broker: RunningBroker;
    let servers = '';
    before(async () => {
      broker = await kind.start();
      servers = broker.bootstrapServers;
    });
    after(() => broker[Symbol.asyncDispose]());

    // kafka-wire 1.6 row "Offset metadata"
    test('subscribes, polls in order, commits with metadata, and goes on from there', async () => {
      const topic = await makeTopic(servers, 'basics', 3);
      await produce(
        servers,
        topic,
        numbered(900).map((r, i) => ({ ...r, partition: i % 3 })),
      );
      const group = { 'group.id': 'basics' };
      {
        await using consumer = testConsumer(servers, { ...group, 'max.poll.records': '100' });
        consumer.subscribe([topic], noListener);
        const values = await readValues(consumer, 900);
        assert.equal(new Set(values).size, 900);
        for (const p of [0, 1, 2]) {
          const mine = values.filter((value) => Number(value?.slice(1)) % 3 === p);
          assert.deepEqual(
            mine,
            numbered(900)
              .map((r) => r.value)
              .filter((_, i) => i % 3 === p),
          );
          assert.equal(await consumer.position({ topic, partition: p }), 300);
        }
        await consumer.commit([
          { topic, partition: 0, offset: 300, metadata: 'all of it', leaderEpoch: 0 },
          { topic, partition: 1, offset: 299 },
        ]);
      }
      await using next = testConsumer(servers, group);
      const partitions = [0, 1, 2].map((partition) => ({ topic, partition }));
      assert.deepEqual(await next.committed(partitions), [
        { topic, partition: 0, offset: 300, metadata: 'all of it', leaderEpoch: 0 },
        { topic, partition: 1, offset: 299, metadata: '', leaderEpoch: null },
        null,
      ]);
      next.subscribe([topic], noListener);
      const rest = await readValues(next, 301);
      assert.equal(rest.length, 301);
      assert.ok(rest.includes('v898'));
    });

    test('gives at most max.poll.records, one entry per partition', async () => {
      const topic = await makeTopic(servers, 'slices', 2);
      await produce(
        servers,
        topic,
        numbered(500).map((r, i) => ({ ...r, partition: i % 2 })),
      );
      await using consumer = testConsumer(servers, { 'max.poll.records': '77' });
      consumer.assign([0, 1].map((partition) => ({ topic, partition })));
      let count = 0;
      while (count < 500) {
        const polled = await consumer.poll(1000);
        const sum = polled.reduce((total, columns) => total + columns.count, 0);
        assert.ok(sum <= 77);
        assert.equal(new Set(polled.map(({ partition }) => partition)).size, polled.length);
        count += sum;
      }
      assert.deepEqual(await consumer.poll(50), []);
    });

    test('seeks by offset and to both ends, and knows where the log begins and ends', async () => {
      const topic = await makeTopic(servers, 'seeks');
      await produce(servers, topic, numbered(50));
      await using consumer = testConsumer(servers);
      const partition = { topic, partition: 0 };
      consumer.assign([partition]);
      assert.equal((await readValues(consumer, 50))[0], 'v0');
      consumer.seek({ ...partition, offset: 20 });
      assert.equal((await readValues(consumer, 30))[0], 'v20');
      consumer.seek({ ...partition, offset: 45, leaderEpoch: 0 });
      assert.deepEqual(await readValues(consumer, 5), ['v45', 'v46', 'v47', 'v48', 'v49']);
      consumer.seekToBeginning([partition]);
      assert.equal(await consumer.position(partition), 0);
      consumer.seekToEnd([partition]);
      assert.equal(await consumer.position(partition), 50);
      const [beginning] = await consumer.beginningOffsets([partition]);
      const [end] = await consumer.endOffsets([partition]);
      assert.equal(beginning?.offset, 0);
      assert.equal(end?.offset, 50);
    });

    test('finds offsets by time, and none behind the last record', async () => {
      const topic = await makeTopic(servers, 'times');
      const records = numbered(3).map((each, i) => ({ ...each, timestamp: 1000 * (i + 1) }));
      await produce(servers, topic, records, { 'linger.ms': '0', 'batch.size': '0' });
      await using consumer = testConsumer(servers);
      const ask = (timestamp: number) =>
        consumer.offsetsForTimes([{ topic, partition: 0, timestamp }]);
      assert.equal((await ask(0))[0]?.offset, 0);
      const [second] = await ask(1500);
      assert.equal(second?.offset, 1);
      assert.equal(second.timestamp, 2000);
      assert.deepEqual(await ask(3001), [null]);
      await assert.rejects(ask(-1), hasCode('INVALID_TIMESTAMP'));
    });

    test('starts where auto.offset.reset says', async () => {
      const topic = await makeTopic(servers, 'resets');
      const old = Date.now() - 3_600_000;
      await produce(servers, topic, [{ value: 'old', timestamp: old }], { 'batch.size': '0' });
      await produce(servers, topic, [{ value: 'young' }]);
      const partition = { topic, partition: 0 };
      const positionUnder = async (reset: string): Promise<number> => {
        await using consumer = testConsumer(servers, { 'auto.offset.reset': reset });
        consumer.assign([partition]);
        return await consumer.position(partition);
      };
      assert.equal(await positionUnder('earliest'), 0);
      assert.equal(await positionUnder('latest'), 2);
      assert.equal(await positionUnder('by_duration:PT30M'), 1);
      assert.equal(await positionUnder('by_duration:P1D'), 0);
      await using strict = testConsumer(servers, { 'auto.offset.reset': 'none' });
      strict.assign([partition]);
      await assert.rejects(strict.poll(5000), hasCode('NO_OFFSET_FOR_PARTITION'));
      strict.seek({ ...partition, offset: 99 });
      await assert.rejects(strict.poll(5000), (error: unknown) => {
        assert.ok(hasCode('OFFSET_OUT_OF_RANGE')(error));
        assert.match(String(error), /resets-0 at offset 99/);
        return true;
      });
      strict.seek({ ...partition, offset: 1 });
      assert.deepEqual(await readValues(strict, 1), ['young']);
    });

    test('goes on by auto.offset.reset when its position is not in the log', async () => {
      const topic = await makeTopic(servers, 'out-of-range');
      await produce(servers, topic, numbered(5));
      await using consumer = testConsumer(servers);
      consumer.assign([{ topic, partition: 0 }]);
      consumer.seek({ topic, partition: 0, offset: 1000 });
      assert.deepEqual(await readValues(consumer, 5), ['v0', 'v1', 'v2', 'v3', 'v4']);
    });

    // kafka-wire 1.6 row "Consumer", 1.7 row #128
    test('fetches nothing for paused partitions, and keeps what it had', async () => {
      const topic = await makeTopic(servers, 'pauses', 2);
      const both = [0, 1].map((partition) => ({ topic, partition }));
      await produce(servers, topic, [...numbered(10, 'a', 0), ...numbered(10, 'b', 1)]);
      await using consumer = testConsumer(servers, { 'max.poll.records': '1' });
      consumer.assign(both);
      await readValues(consumer, 1);
      consumer.pause([{ topic, partition: 0 }]);
      await produce(servers, topic, [...numbered(5, 'c', 0), ...numbered(5, 'd', 1)]);
      const ofOne = await readValues(consumer, 14);
      // One record of either partition came before the pause.
      const bs = ofOne.filter((value) => /^[bd]/.test(value ?? ''));
      assert.equal(bs.length, ofOne.length);
      const position = await consumer.position({ topic, partition: 0 });
      assert.ok(position <= 1);
      consumer.resume([{ topic, partition: 0 }]);
      // All that is left of both: of the 30, one came at first and 14 while paused.
      const rest = await readValues(consumer, 15);
      assert.equal(rest.filter((value) => /^[ac]/.test(value ?? '')).length, 15 - position);
    });

    test('wakes up from a poll, at once and without an error', async () => {
      const topic = await makeTopic(servers, 'wakeups');
      await using consumer = testConsumer(servers);
      consumer.assign([{ topic, partition: 0 }]);
      const started = performance.now();
      const polling = consumer.poll(60_000);
      setTimeout(() => consumer.wakeup(), 100);
      assert.deepEqual(await polling, []);
      assert.ok(performance.now() - started < 5000);
      consumer.wakeup();
      assert.deepEqual(await consumer.poll(60_000), []);
    });

    test('reads records of 1 MB, and one that is larger than all its limits', async () => {
      const topic = await makeTopic(servers, 'large', 1, { 'max.message.bytes': '4000000' });
      const sizes = [1_000_000, 1_000_000, 3_000_000, 10];
      const records = sizes.map((size, i) => ({ value: Buffer.alloc(size, `${i}`) }));
      await produce(servers, topic, records, { 'max.request.size': '5000000' });
      await using consumer = testConsumer(servers, {
        'max.partition.fetch.bytes': '100000',
        'fetch.max.bytes': '100000',
      });
      consumer.assign([{ topic, partition: 0 }]);
      const values = await readValues(consumer, 4);
      assert.deepEqual(
        values.map((value) => [value?.length, value?.[0]]),
        sizes.map((size, i) => [size, `${i}`]),
      );
    });

    // kafka-wire 7.2 "Compression"
    test('reads every compression', async () => {
      for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
        const topic = await makeTopic(servers, `packed-${codec}`);
        await produce(servers, topic, numbered(1000, codec), { 'compression.type': codec });
        await using consumer = testConsumer(servers);
        consumer.assign([{ topic, partition: 0 }]);
        const values = await readValues(consumer, 1000);
        assert.deepEqual(
          values,
          numbered(1000, codec).map((each) => each.value),
        );
      }
    });

    // kafka-wire 7.2: headers in order, with duplicates and nulls
    test('gives keys, nulls, headers and timestamps as they were written', async () => {
      const topic = await makeTopic(servers, 'fields');
      await produce(servers, topic, [
        { key: 'k', value: null, timestamp: 12_345 },
        { key: null, value: '' },
      ]);
      await using consumer = testConsumer(servers);
      consumer.assign([{ topic, partition: 0 }]);
      const [columns] = await consumer.poll(10_000);
      assert.ok(columns !== undefined);
      assert.deepEqual(valuesOf(columns), [null, '']);
      assert.equal(columns.key(0)?.toString(), 'k');
      assert.equal(columns.key(1), null);
      assert.equal(columns.timestamp(0), 12_345);
      assert.equal(columns.timestampType(0), 'CreateTime');
    });

    // kafka-wire 1.6 row "Timestamps"
    test('gives the time of appending where the topic says so', async () => {
      const topic = await makeTopic(servers, 'appended', 1, {
        'message.timestamp.type': 'LogAppendTime',
      });
      await produce(servers, topic, [{ value: 'v', timestamp: 5 }]);
      await using consumer = testConsumer(servers);
      consumer.assign([{ topic, partition: 0 }]);
      const [columns] = await consumer.poll(10_000);
      assert.equal(columns?.timestampType(0), 'LogAppendTime');
      assert.ok(Math.abs((columns?.timestamp(0) ?? 0) - Date.now()) < 60_000);
    });

    test('waits for a topic that does not exist yet', async () => {
      await using consumer = testConsumer(servers, { 'allow.auto.create.topics': 'false' });
      const topic = 'not-there-yet';
      consumer.assign([{ topic, partition: 0 }]);
      assert.deepEqual(await consumer.poll(300), []);
      await makeTopic(servers, topic);
      await produce(servers, topic, numbered(1));
      assert.deepEqual(await readValues(consumer, 1), ['v0']);
    });

    test('refuses calls that make no sense', async () => {
      await using consumer = testConsumer(servers);
      const partition = { topic: 'x', partition: 0 };
      assert.throws(() => consumer.subscribe(['x'], noListener), hasCode('INVALID_GROUP_ID'));
      await assert.rejects(consumer.poll(1), hasCode('NOT_SUBSCRIBED'));
      assert.throws(() => consumer.seek({ ...partition, offset: 1 }), hasCode('NOT_ASSIGNED'));
      const offset = { ...partition, offset: 1 };
      await assert.rejects(consumer.commit([offset]), hasCode('INVALID_GROUP_ID'));
      await consumer.close();
      assert.throws(() => consumer.poll(1), hasCode('CLIENT_CLOSED'));
    });

    test('commits on its own when enable.auto.commit is on', async () => {
      const topic = await makeTopic(servers, 'auto');
      await produce(servers, topic, numbered(10));
      const properties = {
        'group.id': 'auto',
        'enable.auto.commit': 'true',
        'auto.commit.interval.ms': '100',
      };
      {
        await using consumer = testConsumer(servers, properties);
        consumer.subscribe([topic], noListener);
        await readValues(consumer, 10);
      }
      await using next = testConsumer(servers, properties);
      const [committed] = await next.committed([{ topic, partition: 0 }]);
      assert.equal(committed?.offset, 10);
    });
  });
}
