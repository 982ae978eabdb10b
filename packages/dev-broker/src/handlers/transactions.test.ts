import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { test } from 'node:test';
import { errorCode, type ErrorName } from '@sluice/protocol';
import { AddOffsetsToTxnRequest } from '@sluice/protocol/gen/add-offsets-to-txn-request';
import { AddOffsetsToTxnResponse } from '@sluice/protocol/gen/add-offsets-to-txn-response';
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { AddPartitionsToTxnResponse } from '@sluice/protocol/gen/add-partitions-to-txn-response';
import { EndTxnRequest } from '@sluice/protocol/gen/end-txn-request';
import { EndTxnResponse } from '@sluice/protocol/gen/end-txn-response';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { OffsetFetchRequest } from '@sluice/protocol/gen/offset-fetch-request';
import { OffsetFetchResponse } from '@sluice/protocol/gen/offset-fetch-response';
import { TxnOffsetCommitRequest } from '@sluice/protocol/gen/txn-offset-commit-request';
import { TxnOffsetCommitResponse } from '@sluice/protocol/gen/txn-offset-commit-response';
import { makeTempDir, waitUntil } from '@sluice/testing';
import { aBatch } from '../../test/a-batch.ts';
import { ensureTopic, fetchFrom, produceTo } from '../../test/apis.ts';
import { BrokerClient } from '../../test/broker-client.ts';
import { withBroker } from '../../test/with-broker.ts';
import { startDevBroker } from '../dev-broker.ts';
import { isControlBatch, readBatchHeader } from '../log/batch-header.ts';

const INIT = { request: InitProducerIdRequest, response: InitProducerIdResponse };
const ADD = { request: AddPartitionsToTxnRequest, response: AddPartitionsToTxnResponse };
const ADD_GROUP = { request: AddOffsetsToTxnRequest, response: AddOffsetsToTxnResponse };
const END = { request: EndTxnRequest, response: EndTxnResponse };
const COMMIT = { request: TxnOffsetCommitRequest, response: TxnOffsetCommitResponse };
const FETCH_OFFSETS = { request: OffsetFetchRequest, response: OffsetFetchResponse };

const ADD_VERSION = 3;
const END_VERSION = 4;

function code(name: ErrorName): number {
  return errorCode(name);
}

/** A transactional producer as thin as it can be: every call is one request. */
class ThinProducer {
  readonly #client: BrokerClient;
  readonly id: string;
  producerId = -1;
  epoch = -1;
  #sequence = 0;

  constructor(client: BrokerClient, id: string) {
    this.#client = client;
    this.id = id;
  }

  async init(producerId = -1, producerEpoch = -1, timeoutMs = 60_000): Promise<number> {
    const answer = await this.#client.ask(INIT, {
      transactionalId: this.id,
      transactionTimeoutMs: timeoutMs,
      producerId,
      producerEpoch,
      enable2Pc: false,
      keepPreparedTxn: false,
    });
    if (answer.errorCode === 0) {
      this.producerId = answer.producerId;
      this.epoch = answer.producerEpoch;
      this.#sequence = 0;
    }
    return answer.errorCode;
  }
  async add(topic = 't'): Promise<number | undefined> {
    const answer = await this.#client.ask(
      ADD,
      {
        transactions: [],
        v3AndBelowTransactionalId: this.id,
        v3AndBelowProducerId: this.producerId,
        v3AndBelowProducerEpoch: this.epoch,
        v3AndBelowTopics: [{ name: topic, partitions: [0] }],
      },
      ADD_VERSION,
    );
    return answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode;
  }
  async send(value: string): Promise<number> {
    const records = aBatch({
      values: [value],
      producerId: this.producerId,
      producerEpoch: this.epoch,
      baseSequence: this.#sequence,
      timestamp: Date.now(),
      isTransactional: true,
    });
    const answer = await produceTo(this.#client, { records, transactionalId: this.id });
    if (answer.errorCode === 0) this.#sequence++;
    return answer.errorCode;
  }
  async end(committed: boolean): Promise<number> {
    const { id: transactionalId, producerId, epoch: producerEpoch } = this;
    const request = { transactionalId, producerId, producerEpoch, committed };
    return (await this.#client.ask(END, request, END_VERSION)).errorCode;
  }
  /** One transaction of some records. */
  async transact(isCommitted: boolean, ...values: readonly string[]): Promise<void> {
    assert.equal(await this.add(), 0);
    for (const value of values) assert.equal(await this.send(value), 0);
    assert.equal(await this.end(isCommitted), 0);
  }
  async addGroup(groupId: string): Promise<number> {
    const { id: transactionalId, producerId, epoch: producerEpoch } = this;
    const request = { transactionalId, producerId, producerEpoch, groupId };
    return (await this.#client.ask(ADD_GROUP, request)).errorCode;
  }
  async commitOffset(groupId: string, offset: number): Promise<number | undefined> {
    const partition = { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1 };
    const request: TxnOffsetCommitRequest = {
      transactionalId: this.id,
      groupId,
      producerId: this.producerId,
      producerEpoch: this.epoch,
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [{ name: 't', partitions: [{ ...partition, committedMetadata: null }] }],
    };
    const answer = await this.#client.ask(COMMIT, request, 4);
    return answer.topics[0]?.partitions[0]?.errorCode;
  }
}

/**
 * What a reader of committed records sees, by the rule that clients follow: the aborted transactions
 * of a fetch begin at their first offset and end at their producer's marker; nothing is carried over.
 */
async function committedValues(
  client: BrokerClient,
  isBatchByBatch = false,
): Promise<readonly string[]> {
  const values: string[] = [];
  for (let offset = 0; ; ) {
    const partitionMaxBytes = isBatchByBatch ? 1 : 1_000_000;
    const [partition] = await fetchFrom(client, { isolationLevel: 1, offset, partitionMaxBytes });
    const bytes = partition?.records ?? Buffer.alloc(0);
    if (bytes.length === 0) return values;
    let toCome = [...(partition?.abortedTransactions ?? [])];
    const open = new Set<number>();
    for (let at = 0; at < bytes.length; ) {
      const header = readBatchHeader(bytes, at);
      for (const one of toCome) if (one.firstOffset <= header.lastOffset) open.add(one.producerId);
      toCome = toCome.filter((one) => one.firstOffset > header.lastOffset);
      const records = bytes.toString('latin1', at + 61, at + header.sizeInBytes);
      if (isControlBatch(header)) open.delete(header.producerId);
      else if (!open.has(header.producerId)) values.push(/[a-z]+-\d/.exec(records)?.[0] ?? '');
      offset = header.lastOffset + 1;
      at += header.sizeInBytes;
    }
  }
}

async function aProducer(client: BrokerClient, id = 'x'): Promise<ThinProducer> {
  await ensureTopic(client, 't');
  const producer = new ThinProducer(client, id);
  assert.equal(await producer.init(), 0);
  return producer;
}

test('readers of committed records wait for the end of the oldest open transaction', () =>
  withBroker(async ({ client }) => {
    const one = await aProducer(client, 'one');
    const two = await aProducer(client, 'two');
    await one.add();
    await two.add();
    await one.send('one-1');
    await two.send('two-1');
    await produceTo(client, { records: aBatch({ values: ['plain-1'] }) });
    const stable = async () => (await fetchFrom(client, { isolationLevel: 1 }))[0];
    assert.deepEqual(
      [(await stable())?.lastStableOffset, (await stable())?.records?.length],
      [0, 0],
    );
    assert.equal(await two.end(true), 0);
    assert.equal((await stable())?.lastStableOffset, 0);
    assert.equal(await one.end(true), 0);
    assert.equal((await stable())?.lastStableOffset, 5);
    assert.deepEqual(await committedValues(client), ['one-1', 'two-1', 'plain-1']);
    const [uncommitted] = await fetchFrom(client);
    assert.equal(uncommitted?.abortedTransactions, null);
  }));

test('a reader of committed records that waits is woken by the commit', () =>
  withBroker(async ({ client, connect }) => {
    const producer = await aProducer(client);
    await producer.add();
    await using reader = await connect();
    const wish = { isolationLevel: 1, minBytes: 1000, maxWaitMs: 30_000 };
    const waiting = fetchFrom(reader, wish);
    const startedMs = performance.now();
    await producer.send(`long-1 ${'x'.repeat(2000)}`);
    await producer.end(true);
    const [partition] = await waiting;
    assert.ok((partition?.records?.length ?? 0) > 2000);
    assert.ok(performance.now() - startedMs < 10_000);
  }));

test('aborted records are told apart: once, twice, among committed ones, beyond one fetch', () =>
  withBroker(async ({ client }) => {
    const producer = await aProducer(client);
    await producer.transact(false, 'abort-1', 'abort-2');
    await producer.transact(true, 'commit-1');
    await producer.transact(false, 'abort-3');
    await producer.transact(false, 'abort-4', 'abort-5', 'abort-6');
    await producer.transact(true, 'commit-2', 'commit-3');
    const expected = ['commit-1', 'commit-2', 'commit-3'];
    assert.deepEqual(await committedValues(client, true), expected);
    assert.deepEqual(await committedValues(client), expected);
    const [whole] = await fetchFrom(client, { isolationLevel: 1 });
    const { producerId } = producer;
    assert.deepEqual(whole?.abortedTransactions, [
      { producerId, firstOffset: 0 },
      { producerId, firstOffset: 5 },
      { producerId, firstOffset: 7 },
    ]);
    const [tail] = await fetchFrom(client, { isolationLevel: 1, offset: 9 });
    assert.deepEqual(tail?.abortedTransactions, [{ producerId, firstOffset: 7 }]);
  }));

test('a new instance fences the old one and aborts what it left open', () =>
  withBroker(async ({ client }) => {
    const old = await aProducer(client);
    await old.add();
    assert.equal(await old.send('old-1'), 0);
    const young = new ThinProducer(client, 'x');
    assert.equal(await young.init(), 0);
    assert.equal(young.producerId, old.producerId);
    assert.ok(young.epoch > old.epoch);
    assert.equal(await old.send('old-2'), code('INVALID_PRODUCER_EPOCH'));
    assert.equal(await old.add(), code('PRODUCER_FENCED'));
    assert.equal(await old.end(true), code('PRODUCER_FENCED'));
    assert.equal(await old.init(old.producerId, old.epoch), code('PRODUCER_FENCED'));
    assert.equal(await old.init(0, 0), code('PRODUCER_FENCED'));
    await young.transact(true, 'young-1');
    assert.deepEqual(await committedValues(client), ['young-1']);
  }));

test('records outside of a transaction are refused', () =>
  withBroker(async ({ client }) => {
    const producer = await aProducer(client);
    assert.equal(await producer.send('early-1'), code('INVALID_TXN_STATE'));
    assert.equal(await producer.end(true), code('INVALID_TXN_STATE'));
    assert.equal(await producer.add('nowhere'), code('UNKNOWN_TOPIC_OR_PARTITION'));
    await producer.transact(true, 'good-1');
    assert.equal(await producer.send('late-1'), code('INVALID_TXN_STATE'));
    assert.equal(await producer.end(true), 0, 'the same question gets the same answer');
    assert.equal(await producer.end(false), code('INVALID_TXN_STATE'));
    await producer.add();
    await producer.send('open-1');
    const { producerId, epoch: producerEpoch } = producer;
    const outside = aBatch({ producerId, producerEpoch, baseSequence: 2 });
    const refused = await produceTo(client, { records: outside });
    assert.equal(refused.errorCode, code('INVALID_TXN_STATE'));
    assert.deepEqual(await committedValues(client), ['good-1']);
    assert.equal(await producer.init(-1, -1, 0), code('INVALID_TRANSACTION_TIMEOUT'));
    assert.equal(await producer.init(-1, -1, 900_001), code('INVALID_TRANSACTION_TIMEOUT'));
  }));

test('a transaction that takes too long is aborted, and its producer can go on with a new epoch', () =>
  withBroker(async ({ client }) => {
    const producer = await aProducer(client);
    assert.equal(await producer.init(-1, -1, 100), 0);
    await producer.add();
    await producer.send('slow-1');
    await waitUntil('the transaction to be aborted', async () => {
      const [partition] = await fetchFrom(client, { isolationLevel: 1 });
      return (partition?.abortedTransactions?.length ?? 0) > 0;
    });
    assert.equal(await producer.send('slow-2'), code('INVALID_PRODUCER_EPOCH'));
    assert.equal(await producer.init(producer.producerId, producer.epoch), 0);
    await producer.transact(true, 'next-1');
    assert.deepEqual(await committedValues(client), ['next-1']);
  }));

test('offsets of a transaction become the group’s when it commits, and not before', () =>
  withBroker(async ({ client }) => {
    const producer = await aProducer(client);
    const committed = async (requireStable: boolean) => {
      const topic = { name: '', topicId: await ensureTopic(client, 't'), partitionIndexes: [0] };
      const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: [topic] };
      const request = { groupId: '', topics: [], groups: [group], requireStable };
      const found = (await client.ask(FETCH_OFFSETS, request)).groups[0]?.topics[0]?.partitions[0];
      return [found?.errorCode, found?.committedOffset];
    };
    assert.equal(await producer.commitOffset('g', 5), code('INVALID_TXN_STATE'));
    assert.equal(await producer.addGroup('g'), 0);
    assert.equal(await producer.commitOffset('g', 5), 0);
    assert.deepEqual(await committed(false), [0, -1]);
    assert.deepEqual(await committed(true), [code('UNSTABLE_OFFSET_COMMIT'), -1]);
    assert.equal(await producer.end(true), 0);
    assert.deepEqual(await committed(true), [0, 5]);
    await producer.addGroup('g');
    await producer.commitOffset('g', 9);
    assert.equal(await producer.end(false), 0);
    assert.deepEqual(await committed(true), [0, 5]);
  }));

test('after a crash, open transactions time out and decided ones are ended', async () => {
  await using dir = await makeTempDir('broker');
  {
    await using broker = await startDevBroker({ dataDir: dir.join('a') });
    await using client = await BrokerClient.connect(broker.port);
    const done = await aProducer(client, 'done');
    await done.transact(false, 'gone-1');
    await done.transact(true, 'done-1');
    const open = new ThinProducer(client, 'open');
    await open.init(-1, -1, 300);
    await open.add();
    await open.send('open-1');
    // What a killed process leaves: the files as they are.
    await cp(dir.join('a'), dir.join('b'), { recursive: true });
  }
  const { appendFile, readFile, rm } = await import('node:fs/promises');
  const journal = dir.join('b', 'transactions.jsonl');
  const lines = (await readFile(journal, 'utf8')).trim().split('\n');
  // One more was decided, and nobody was told: its state is that of the open one, under another name.
  const last = lines.at(-1) ?? '';
  await appendFile(
    journal,
    `${last.replace('"open"', '"told"').replace('Ongoing', 'PrepareCommit')}\n`,
  );
  await rm(dir.join('b', 'broker.lock'));
  await using broker = await startDevBroker({ dataDir: dir.join('b') });
  await using client = await BrokerClient.connect(broker.port);
  await waitUntil('the open transaction to be ended', async () => {
    const [partition] = await fetchFrom(client, { isolationLevel: 1 });
    return partition?.lastStableOffset === partition?.highWatermark;
  });
  const values = await committedValues(client);
  assert.deepEqual(values, ['done-1']);
  const told = new ThinProducer(client, 'told');
  await waitUntil('the decision to be carried out', async () => (await told.init()) === 0);
});
