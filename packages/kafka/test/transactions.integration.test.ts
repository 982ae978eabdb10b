import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  createProducer,
  type DeliveryReport,
  type Producer,
  silentLogger,
  TransactionError,
} from '@sluice/kafka';
import {
  type RunningBroker,
  skipReason,
  startDevBrokerForTest,
  startKafka,
  waitUntil,
} from '@sluice/testing';
import { makeTopic } from './consuming.ts';
import {
  committedOffset,
  committedValues,
  rememberedProducers,
  setTransactionVersion,
  stableEnd,
} from './transaction-reading.ts';

const WAIT = { timeoutMs: 60_000 };

interface Setting {
  readonly title: string;
  readonly prefix: string;
  readonly isSecondProtocol: boolean;
  readonly skip: string | false;
  readonly start: () => Promise<Broker>;
}

interface Broker extends RunningBroker {
  /** Ends the broker, as hard as it can be, and starts it again. */
  crash(): Promise<void>;
}

async function startKafkaAt(level: number): Promise<Broker> {
  const kafka = await startKafka({
    properties: { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200' },
  });
  try {
    await setTransactionVersion(kafka.bootstrapServers, level);
  } catch (error) {
    await kafka[Symbol.asyncDispose]();
    throw error;
  }
  const crash = async (): Promise<void> => {
    await kafka.kill();
    await kafka.start();
  };
  return Object.assign(kafka, { crash });
}

async function startDevBroker(): Promise<Broker> {
  const broker = await startDevBrokerForTest();
  return Object.assign(broker, { crash: () => broker.restart() });
}

const kafkaSkip = await skipReason('kafka', 'transactions');
const all: readonly Setting[] = [
  // To a client, levels 1 and 0 are the same.
  ...[2, 0].map((level) => ({
    title: `Apache Kafka 4.3.1 with transaction.version ${level}`,
    prefix: `tv${level}`,
    isSecondProtocol: level >= 2,
    skip: kafkaSkip,
    start: () => startKafkaAt(level),
  })),
  {
    title: 'the dev broker',
    prefix: 'dev',
    isSecondProtocol: false,
    skip: false,
    start: startDevBroker,
  },
];

for (const { title, prefix, isSecondProtocol, skip, start } of all) {
  describe(`transactions on ${title}`, { skip }, () => {
    let broker: Broker;
    let servers: string;
    before(async () => {
      broker = await start();
      servers = broker.bootstrapServers;
    });
    after(() => broker[Symbol.asyncDispose]());

    test('what is committed is seen, what is aborted is not, in order and once', async () => {
      const topic = await makeTopic(servers, `${prefix}-basics`, 3);
      await using producer = await aProducer(servers, `${prefix}-basics`, topic);
      for (let round = 0; round < 12; round++) {
        producer.beginTransaction();
        for (let i = 0; i < 30; i++) append(producer, topic, `${round}-${i}`, i % 3);
        if (round % 3 === 2) await producer.abortTransaction();
        else await producer.commitTransaction();
      }
      for (let partition = 0; partition < 3; partition++) {
        assert.deepEqual(
          await committedValues(servers, topic, partition),
          expected(12, 30, (round, i) => round % 3 !== 2 && i % 3 === partition),
        );
      }
    });

    test('nothing is seen before the commit', async () => {
      const topic = await makeTopic(servers, `${prefix}-open`);
      await using producer = await aProducer(servers, `${prefix}-open`, topic);
      producer.beginTransaction();
      append(producer, topic, 'hidden');
      await producer.flush();
      assert.equal(await stableEnd(servers, topic), 0);
      await producer.commitTransaction();
      await waitUntil('the commit to be seen', async () => (await stableEnd(servers, topic)) > 1);
      assert.deepEqual(await committedValues(servers, topic), ['hidden']);
    });

    test("offsets become the group's with the commit only", async () => {
      const topic = await makeTopic(servers, `${prefix}-offsets`);
      const groups = [`${prefix}-g1`, `${prefix}-g2`, `${prefix}-g3`];
      await using producer = await aProducer(servers, `${prefix}-offsets`, topic);
      const send = async (offset: number): Promise<void> => {
        producer.beginTransaction();
        append(producer, topic, `${offset}`);
        await Promise.all(
          groups.map((groupId) =>
            producer.sendOffsetsToTransaction([{ topic, partition: 0, offset }], outsider(groupId)),
          ),
        );
      };
      await send(5);
      await producer.commitTransaction();
      await send(9);
      await producer.abortTransaction();
      for (const group of groups) {
        await waitUntil(`the offset of ${group}`, async () => {
          return (await committedOffset(servers, group, topic)) === 5;
        });
      }
      await send(7);
      await producer.commitTransaction();
      await waitUntil('the next offset', async () => {
        return (await committedOffset(servers, groups[2] ?? '', topic)) === 7;
      });
    });

    test('offsets of somebody who is no member of the group are refused; abort, and on', async () => {
      const topic = await makeTopic(servers, `${prefix}-no-member`);
      await using producer = await aProducer(servers, `${prefix}-no-member`, topic);
      producer.beginTransaction();
      append(producer, topic, 'lost');
      const group = { ...outsider(`${prefix}-nobody`), generationId: 3, memberId: 'nobody' };
      await assert.rejects(
        producer.sendOffsetsToTransaction([{ topic, partition: 0, offset: 1 }], group),
        (error) => isTransactionError(error, /UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION/, 'abort'),
      );
      await assert.rejects(producer.commitTransaction(), TransactionError);
      await producer.abortTransaction();
      await commitOne(producer, topic, 'kept');
      assert.deepEqual(await committedValues(servers, topic), ['kept']);
    });

    test('a record that the broker refuses makes the commit fail; abort, and on', async () => {
      const topic = await makeTopic(servers, `${prefix}-large`, 1, { 'max.message.bytes': '2000' });
      const reports: DeliveryReport[] = [];
      await using producer = await aProducer(servers, `${prefix}-large`, topic, {}, reports);
      await commitOne(producer, topic, 'before');
      producer.beginTransaction();
      append(producer, topic, 'small');
      await producer.flush();
      append(producer, topic, 'x'.repeat(5000));
      await assert.rejects(producer.commitTransaction(), (error) =>
        isTransactionError(error, /MESSAGE_TOO_LARGE/, 'abort'),
      );
      assert.throws(() => append(producer, topic, 'more'), TransactionError);
      assert.throws(() => producer.beginTransaction(), TransactionError);
      await producer.abortTransaction();
      for (const value of ['after', 'again']) await commitOne(producer, topic, value);
      assert.deepEqual(await committedValues(servers, topic), ['before', 'after', 'again']);
      const codes = reports.map(({ error }) => error?.code ?? 'ok');
      assert.deepEqual(codes, ['ok', 'ok', 'MESSAGE_TOO_LARGE', 'ok', 'ok']);
    });

    test('a twin fences: the older one can neither write nor commit', async () => {
      const topic = await makeTopic(servers, `${prefix}-twins`);
      await using old = await aProducer(servers, `${prefix}-twins`, topic);
      old.beginTransaction();
      append(old, topic, 'old');
      await old.flush();
      await using twin = await aProducer(servers, `${prefix}-twins`, topic);
      append(old, topic, 'old, too late');
      await assert.rejects(old.commitTransaction(), (error) => {
        assert.ok(error instanceof TransactionError);
        // A leader says that the epoch is old, the coordinator that the producer is fenced.
        assert.match(error.code, /PRODUCER_FENCED|INVALID_PRODUCER_EPOCH/);
        return true;
      });
      if (old.transactionState === 'ABORTABLE_ERROR') {
        await assert.rejects(old.abortTransaction(), (error) => isFenced(error));
      }
      assert.throws(
        () => old.beginTransaction(),
        (error) => isFenced(error),
      );
      await commitOne(twin, topic, 'twin');
      assert.deepEqual(await committedValues(servers, topic), ['twin']);
    });

    test('a producer that is restarted under its id goes on, and ends what was open', async () => {
      const topic = await makeTopic(servers, `${prefix}-restart`);
      for (let run = 0; run < 3; run++) {
        const producer = await aProducer(servers, `${prefix}-restart`, topic);
        await commitOne(producer, topic, `run ${run}`);
        producer.beginTransaction();
        append(producer, topic, `open ${run}`);
        await producer.flush();
        // Without a chance to abort.
        await producer.close({ timeoutMs: 0 });
      }
      await using last = await aProducer(servers, `${prefix}-restart`, topic);
      await commitOne(last, topic, 'last');
      const values = await committedValues(servers, topic);
      assert.deepEqual(values, ['run 0', 'run 1', 'run 2', 'last']);
    });

    test('closing aborts the open transaction', async () => {
      const topic = await makeTopic(servers, `${prefix}-close`);
      const producer = await aProducer(servers, `${prefix}-close`, topic);
      producer.beginTransaction();
      append(producer, topic, 'never');
      await producer.flush();
      await producer.close();
      await waitUntil('the abort marker', async () => (await stableEnd(servers, topic)) === 2);
      assert.deepEqual(await committedValues(servers, topic), []);
    });

    test('a transaction that took too long is aborted by the broker, and its producer fenced', async () => {
      const topic = await makeTopic(servers, `${prefix}-expired`);
      const short = { 'transaction.timeout.ms': '500' };
      await using producer = await aProducer(servers, `${prefix}-expired`, topic, short);
      producer.beginTransaction();
      append(producer, topic, 'too late');
      await producer.flush();
      await waitUntil('the abort marker', async () => (await stableEnd(servers, topic)) > 0, WAIT);
      await assert.rejects(producer.commitTransaction(), TransactionError);
      if (producer.transactionState === 'ABORTABLE_ERROR') await producer.abortTransaction();
      await using next = await aProducer(servers, `${prefix}-expired`, topic);
      await commitOne(next, topic, 'next');
      assert.deepEqual(await committedValues(servers, topic), ['next']);
    });

    test('sequences go on, or begin anew under the next epoch, as the protocol wants', async () => {
      const topic = await makeTopic(servers, `${prefix}-sequences`);
      await using producer = await aProducer(servers, `${prefix}-sequences`, topic);
      for (let round = 0; round < 5; round++) {
        producer.beginTransaction();
        for (let i = 0; i < 3; i++) append(producer, topic, `${round}-${i}`);
        await producer.flush();
        append(producer, topic, `${round}-3`);
        await producer.commitTransaction();
      }
      const remembered = await waitUntil('the last marker', async () => {
        const ends = (await stableEnd(servers, topic)) === 25;
        return ends && rememberedProducers(servers, topic);
      });
      const [state] = remembered;
      assert.equal(remembered.length, 1);
      if (isSecondProtocol) {
        // Its markers carry the next epoch, which forgets the sequences of the one before.
        assert.ok((state?.producerEpoch ?? 0) >= 5, `epoch ${state?.producerEpoch}`);
      } else {
        assert.deepEqual([state?.producerEpoch, state?.lastSequence], [0, 19]);
      }
      const values = await committedValues(servers, topic);
      assert.deepEqual(
        values,
        expected(5, 4, () => true),
      );
    });

    test('the coordinator dies in mid-transaction: commit and abort succeed', async () => {
      const [kept, dropped] = [`${prefix}-crash-commit`, `${prefix}-crash-abort`];
      for (const topic of [kept, dropped]) await makeTopic(servers, topic);
      await using committing = await aProducer(servers, kept, kept);
      await using aborting = await aProducer(servers, dropped, dropped);
      const begin = async (producer: Producer, topic: string): Promise<void> => {
        await commitOne(producer, topic, 'before');
        producer.beginTransaction();
        for (let i = 0; i < 10; i++) append(producer, topic, `${i}`);
        await producer.flush();
        append(producer, topic, '10');
      };
      await Promise.all([begin(committing, kept), begin(aborting, dropped)]);
      await broker.crash();
      await Promise.all([committing.commitTransaction(), aborting.abortTransaction()]);
      await Promise.all([
        commitOne(committing, kept, 'after'),
        commitOne(aborting, dropped, 'after'),
      ]);
      const between = Array.from({ length: 11 }, (_, i) => `${i}`);
      for (const [topic, values] of [
        [kept, ['before', ...between, 'after']],
        [dropped, ['before', 'after']],
      ] as const) {
        await waitUntil('the last commit', async () => {
          return (await committedValues(servers, topic)).at(-1) === 'after';
        });
        assert.deepEqual(await committedValues(servers, topic), values);
      }
    });
  });
}

test('a commit that takes too long goes on, and only it can be called again', async () => {
  await using broker = await startDevBrokerForTest();
  const servers = broker.bootstrapServers;
  const topic = await makeTopic(servers, 'slow');
  await using producer = await aProducer(servers, 'slow', topic, { 'max.block.ms': '1000' });
  producer.beginTransaction();
  append(producer, topic, 'slow');
  await producer.flush();
  await broker.stop();
  await assert.rejects(producer.commitTransaction(), { code: 'TIMEOUT', isRetriable: true });
  await assert.rejects(producer.abortTransaction(), { code: 'ILLEGAL_STATE' });
  assert.throws(() => producer.beginTransaction(), { code: 'ILLEGAL_STATE' });
  assert.throws(() => append(producer, topic, 'more'), { code: 'ILLEGAL_STATE' });
  await broker.start();
  await waitUntil('the commit', () =>
    producer.commitTransaction().then(
      () => true,
      () => false,
    ),
  );
  assert.deepEqual(await committedValues(servers, topic), ['slow']);
});

test('transactional calls are refused without a transactional id, and in the wrong state', async () => {
  await using broker = await startDevBrokerForTest();
  const properties = { 'bootstrap.servers': broker.bootstrapServers };
  await using plain = createProducer(properties, { logger: silentLogger });
  assert.throws(() => plain.beginTransaction(), { code: 'ILLEGAL_STATE' });
  await using producer = createProducer(
    { ...properties, 'transactional.id': 'states' },
    { logger: silentLogger },
  );
  assert.throws(() => producer.beginTransaction(), { code: 'ILLEGAL_STATE' });
  await producer.initTransactions();
  await assert.rejects(producer.initTransactions(), { code: 'ILLEGAL_STATE' });
  await producer.prepare(['states']);
  assert.throws(() => append(producer, 'states', 'x'), { code: 'ILLEGAL_STATE' });
  await assert.rejects(producer.commitTransaction(), { code: 'ILLEGAL_STATE' });
  producer.beginTransaction();
  await producer.commitTransaction();
  producer.beginTransaction();
  const noMember = { ...outsider('g'), generationId: 1 };
  const offsets = [{ topic: 'states', partition: 0, offset: 1 }];
  assert.throws(() => producer.sendOffsetsToTransaction(offsets, noMember), {
    code: 'INVALID_GROUP_METADATA',
  });
  await producer.abortTransaction();
});

/** A producer that has its id. */
async function aProducer(
  servers: string,
  transactionalId: string,
  topic: string,
  properties: Readonly<Record<string, string>> = {},
  reports: DeliveryReport[] = [],
): Promise<Producer> {
  const producer = createProducer(
    { 'bootstrap.servers': servers, 'transactional.id': transactionalId, ...properties },
    { logger: silentLogger, onDelivery: (report) => reports.push(report) },
  );
  await producer.initTransactions();
  await producer.prepare([topic]);
  return producer;
}

function append(producer: Producer, topic: string, text: string, partition = 0): void {
  const value = Buffer.from(text);
  producer.append({ topic, partition, key: null, value, headers: [], timestamp: null, token: 0 });
}

async function commitOne(producer: Producer, topic: string, text: string): Promise<void> {
  producer.beginTransaction();
  append(producer, topic, text);
  await producer.commitTransaction();
}

function outsider(groupId: string) {
  return { groupId, generationId: -1, memberId: '', groupInstanceId: null };
}

function expected(
  rounds: number,
  count: number,
  isKept: (round: number, i: number) => boolean,
): readonly string[] {
  const values: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < count; i++) if (isKept(round, i)) values.push(`${round}-${i}`);
  }
  return values;
}

function isTransactionError(error: unknown, code: RegExp, remedy: string): boolean {
  assert.ok(error instanceof TransactionError, String(error));
  assert.match(error.code, code);
  assert.equal(error.remedy, remedy);
  return true;
}

function isFenced(error: unknown): boolean {
  assert.ok(error instanceof TransactionError && error.isFenced, String(error));
  return true;
}
