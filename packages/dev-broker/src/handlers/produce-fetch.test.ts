import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeRequestFrame, errorCode, type ErrorName } from '@sluice/protocol';
import { ListOffsetsRequest } from '@sluice/protocol/gen/list-offsets-request';
import { ListOffsetsResponse } from '@sluice/protocol/gen/list-offsets-response';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import { A_MOMENT, aBatch } from '../../test/a-batch.ts';
import {
  ensureTopic,
  FETCH,
  FETCH_BY_NAME,
  fetchFrom,
  fetchRequest,
  PRODUCE,
  PRODUCE_BY_NAME,
  produceRequest,
  produceTo,
} from '../../test/apis.ts';
import { withBroker } from '../../test/with-broker.ts';
import { placeBatch, readBatchHeader } from '../log/batch-header.ts';

function code(name: ErrorName): number {
  return errorCode(name);
}

test('what is produced is fetched as it was, by name and by id', () =>
  withBroker(async ({ client }) => {
    const topicId = await ensureTopic(client, 't');
    const sent = aBatch({ values: ['a', 'b'] });
    const produced = await produceTo(client, { records: sent });
    assert.deepEqual([produced.errorCode, produced.baseOffset], [0, 0]);
    const byId = await produceTo(client, { topicId, records: aBatch({ values: ['c'] }) });
    assert.deepEqual([byId.errorCode, byId.baseOffset], [0, 2]);
    placeBatch(sent, 0, 0);
    const next = aBatch({ values: ['c'] });
    placeBatch(next, 2, 0);
    for (const wish of [{ topic: 't' }, { topicId }]) {
      const [partition] = await fetchFrom(client, wish);
      assert.deepEqual(partition?.records, Buffer.concat([sent, next]));
      assert.deepEqual([partition?.highWatermark, partition?.lastStableOffset], [3, 3]);
      assert.equal(partition?.logStartOffset, 0);
      assert.equal(partition?.abortedTransactions, null);
    }
    const [committed] = await fetchFrom(client, { isolationLevel: 1, offset: 2 });
    assert.deepEqual(committed?.abortedTransactions, []);
    assert.deepEqual(committed?.records, next);
  }));

test('a produce request with acks=0 gets no answer, and its records are there', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    const header = { apiVersion: PRODUCE_BY_NAME, correlationId: 99, clientId: null };
    client.write(
      encodeRequestFrame(ProduceRequest, header, produceRequest({ acks: 0 })).toBuffer(),
    );
    // Answers come in order: had the produce request one, it would be taken for that of the fetch.
    const [partition] = await fetchFrom(client, { maxWaitMs: 5000 });
    assert.equal(readBatchHeader(partition?.records ?? Buffer.alloc(0), 0).recordCount, 1);
  }));

test('a failed produce request with acks=0 closes its connection, the only sign there is', () =>
  withBroker(async ({ client, complaints }) => {
    const lost = client.send(PRODUCE.request, produceRequest({ acks: 0 }), PRODUCE_BY_NAME);
    await assert.rejects(lost, /connection closed/);
    await client.closed;
    assert.match(complaints.join('\n'), /acks=0 failed: There is no topic t/);
  }));

test('errors of a partition are its own', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    const told = async (wish: Parameters<typeof produceTo>[1]): Promise<number> =>
      (await produceTo(client, wish)).errorCode;
    assert.equal(await told({ topic: 'nowhere' }), code('UNKNOWN_TOPIC_OR_PARTITION'));
    assert.equal(await told({ partition: 1 }), code('UNKNOWN_TOPIC_OR_PARTITION'));
    assert.equal(await told({ topicId: 'x'.repeat(21) + 'w' }), code('UNKNOWN_TOPIC_ID'));
    assert.equal(await told({ records: null }), code('INVALID_RECORD'));
    assert.equal(await told({ records: Buffer.from('garbage') }), code('CORRUPT_MESSAGE'));
    assert.equal(await told({ acks: 2 }), code('INVALID_REQUIRED_ACKS'));
    const far = aBatch({ timestamp: Date.now() + 7_200_000 });
    const refused = await produceTo(client, { records: far });
    assert.equal(refused.errorCode, code('INVALID_TIMESTAMP'));
    assert.match(refused.errorMessage ?? '', /message\.timestamp\.after\.max\.ms/);
  }));

test('a fetch waits for enough bytes, and is woken by the append that brings them', () =>
  withBroker(async ({ client, connect }) => {
    await ensureTopic(client, 't');
    await using other = await connect();
    const size = aBatch().length;
    const startedMs = performance.now();
    const waiting = fetchFrom(client, { maxWaitMs: 30_000, minBytes: size + 1 });
    await produceTo(other);
    await sleep(50);
    await produceTo(other);
    const [partition] = await waiting;
    assert.equal(partition?.records?.length, size * 2);
    const waitedMs = performance.now() - startedMs;
    assert.ok(waitedMs >= 45 && waitedMs < 5000, `${waitedMs} ms`);
  }));

test('a fetch that waits in vain is answered with nothing when its time is up', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    const startedMs = performance.now();
    const [partition] = await fetchFrom(client, { maxWaitMs: 120 });
    assert.equal(partition?.errorCode, 0);
    assert.equal(partition?.records?.length, 0);
    assert.ok(performance.now() - startedMs >= 115);
  }));

test('a fetch of what can not be had is answered at once', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    await produceTo(client);
    const told = async (wish: Parameters<typeof fetchFrom>[1]): Promise<number | undefined> =>
      (await fetchFrom(client, { maxWaitMs: 60_000, ...wish }))[0]?.errorCode;
    assert.equal(await told({ offset: 2 }), code('OFFSET_OUT_OF_RANGE'));
    assert.equal(await told({ topic: 'nowhere' }), code('UNKNOWN_TOPIC_OR_PARTITION'));
    assert.equal(await told({ partitions: [7] }), code('UNKNOWN_TOPIC_OR_PARTITION'));
    assert.equal(await told({ topicId: 'x'.repeat(21) + 'w' }), code('UNKNOWN_TOPIC_ID'));
    assert.equal(await told({ currentLeaderEpoch: 5 }), code('UNKNOWN_LEADER_EPOCH'));
    const session = await client.ask(FETCH, fetchRequest({ sessionId: 9 }), FETCH_BY_NAME);
    assert.equal(session.errorCode, code('FETCH_SESSION_ID_NOT_FOUND'));
  }));

test('a fetch keeps its bounds, except for the first batch', () =>
  withBroker(
    async ({ client }) => {
      await ensureTopic(client, 't');
      const size = aBatch().length;
      for (const partition of [0, 1, 2]) {
        for (let i = 0; i < 4; i++) await produceTo(client, { partition });
      }
      const sizes = async (wish: Parameters<typeof fetchFrom>[1]): Promise<readonly number[]> => {
        const got = await fetchFrom(client, { partitions: [0, 1, 2], ...wish });
        return got.map((one) => (one.records?.length ?? 0) / size);
      };
      assert.deepEqual(await sizes({}), [4, 4, 4]);
      assert.deepEqual(await sizes({ partitionMaxBytes: size * 2 + 1 }), [2, 2, 2]);
      assert.deepEqual(await sizes({ maxBytes: size * 6 }), [4, 2, 0]);
      assert.deepEqual(await sizes({ maxBytes: 1 }), [1, 0, 0]);
      assert.deepEqual(await sizes({ partitionMaxBytes: 1 }), [1, 0, 0]);
      assert.deepEqual(await sizes({ offset: 4 }), [0, 0, 0]);
    },
    { 'num.partitions': '3' },
  ));

test('a consumer that fetched under an older epoch is told where the logs part', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    await produceTo(client);
    const [same] = await fetchFrom(client, { lastFetchedEpoch: 0, offset: 0 });
    assert.deepEqual(same?.divergingEpoch, { epoch: -1, endOffset: -1 });
    const [beyond] = await fetchFrom(client, { lastFetchedEpoch: 0, offset: 9, maxWaitMs: 9999 });
    assert.deepEqual(beyond?.divergingEpoch, { epoch: 0, endOffset: 1 });
  }));

test('offsets are found by their ends and by time', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    for (const seconds of [1, 3, 2]) {
      await produceTo(client, { records: aBatch({ timestamp: A_MOMENT + seconds * 1000 }) });
    }
    const api = { request: ListOffsetsRequest, response: ListOffsetsResponse };
    const look = async (timestamp: number, epoch = -1, name = 't') => {
      const partition = { partitionIndex: 0, currentLeaderEpoch: epoch, timestamp };
      const topics = [{ name, partitions: [partition] }];
      const request = { replicaId: -1, isolationLevel: 0, topics, timeoutMs: 0 };
      const answer = (await client.ask(api, request)).topics[0]?.partitions[0];
      return [answer?.errorCode, answer?.offset, answer?.timestamp, answer?.leaderEpoch];
    };
    assert.deepEqual(await look(-1), [0, 3, -1, 0]);
    assert.deepEqual(await look(-2), [0, 0, -1, 0]);
    assert.deepEqual(await look(-3), [0, 1, A_MOMENT + 3000, 0]);
    assert.deepEqual(await look(-4), [0, 0, -1, 0]);
    assert.deepEqual(await look(-5), [0, -1, -1, -1]);
    assert.deepEqual(await look(A_MOMENT + 1500), [0, 1, A_MOMENT + 3000, 0]);
    assert.deepEqual(await look(A_MOMENT + 3001), [0, -1, -1, -1]);
    assert.deepEqual(await look(-1, 4), [code('UNKNOWN_LEADER_EPOCH'), -1, -1, -1]);
    assert.deepEqual(await look(-1, -1, 'no'), [code('UNKNOWN_TOPIC_OR_PARTITION'), -1, -1, -1]);
  }));
