// Goal: read_committed delivers what was committed, all of it and nothing else, on the real thing. Method: transactions written
// request by request on each kind of broker; the scenarios in which another client delivered aborted records (B1).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brokersUnderTest, type RunningBroker } from '@sluice/testing';
import { makeTopic, numbered, produce, readValues, testConsumer } from './consuming.ts';
import { TransactionalWriter } from './transactional-writer.ts';

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('read_committed');
  describe(`read_committed on ${kind.title}`, { skip }, () => {
    let broker: RunningBroker;
    let servers = '';
    before(async () => {
      broker = await kind.start();
      servers = broker.bootstrapServers;
    });
    after(() => broker[Symbol.asyncDispose]());

    const start = async (name: string): Promise<{ topic: string; writer: TransactionalWriter }> => {
      const topic = await makeTopic(servers, name);
      return { topic, writer: await TransactionalWriter.start(servers, name, topic) };
    };

    /** All that is committed, read in large and in small fetches. */
    const check = async (topic: string, expected: readonly string[]): Promise<void> => {
      await produce(servers, topic, [{ value: 'last' }]);
      for (const size of ['1048576', '1']) {
        await using consumer = testConsumer(servers, {
          'isolation.level': 'read_committed',
          'max.partition.fetch.bytes': size,
          'max.poll.records': '3',
        });
        consumer.assign([{ topic, partition: 0 }]);
        const values = await readValues(consumer, expected.length + 1);
        assert.deepEqual(values, [...expected, 'last']);
      }
    };

    // kafka-wire 1.5 row B1 (four scenarios), 1.7 row #391, and 7.2
    test('a simple abort', async () => {
      const { topic, writer } = await start('simple-abort');
      using _writer = writer;
      await writer.write(['aborted-a', 'aborted-b']);
      await writer.end(false);
      await writer.write(['committed']);
      await writer.end(true);
      await check(topic, ['committed']);
    });

    test('the same producer aborts twice', async () => {
      const { topic, writer } = await start('two-aborts');
      using _writer = writer;
      await writer.write(['abort1-a', 'abort1-b']);
      await writer.end(false);
      await writer.write(['abort2-a']);
      await writer.end(false);
      await check(topic, []);
    });

    test('abort, commit, abort', async () => {
      const { topic, writer } = await start('abort-commit-abort');
      using _writer = writer;
      for (const [value, isCommitted] of [
        ['aborted-1', false],
        ['committed', true],
        ['aborted-2', false],
      ] as const) {
        await writer.write([value]);
        await writer.end(isCommitted);
      }
      await check(topic, ['committed']);
    });

    test('an abort larger than one fetch, with others between', async () => {
      const { topic, writer } = await start('large-abort');
      using _writer = writer;
      using other = await TransactionalWriter.start(servers, 'large-abort-other', topic);
      for (let i = 0; i < 6; i++) {
        await writer.write([`aborted-${i}`]);
        await produce(servers, topic, numbered(1, `plain-${i}-`));
        if (i === 2) await other.write(['other']);
      }
      await writer.end(false);
      await other.end(true);
      await check(topic, [
        'plain-0-0',
        'plain-1-0',
        'plain-2-0',
        'other',
        'plain-3-0',
        'plain-4-0',
        'plain-5-0',
      ]);
    });

    test('nothing behind an open transaction comes, nor counts as the end', async () => {
      const { topic, writer } = await start('open');
      using _writer = writer;
      await produce(servers, topic, numbered(2));
      await writer.write(['open']);
      await produce(servers, topic, numbered(1, 'behind'));
      const partition = { topic, partition: 0 };
      await using committed = testConsumer(servers, { 'isolation.level': 'read_committed' });
      await using uncommitted = testConsumer(servers);
      committed.assign([partition]);
      uncommitted.assign([partition]);
      assert.deepEqual(await readValues(uncommitted, 4), ['v0', 'v1', 'open', 'behind0']);
      assert.deepEqual(await readValues(committed, 2), ['v0', 'v1']);
      assert.deepEqual(await committed.poll(300), []);
      assert.equal((await committed.endOffsets([partition]))[0]?.offset, 2);
      assert.equal((await uncommitted.endOffsets([partition]))[0]?.offset, 4);
      await writer.end(true);
      assert.deepEqual(await readValues(committed, 2), ['open', 'behind0']);
    });
  });
}
