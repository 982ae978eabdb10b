import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, type ErrorName } from '@sluice/protocol';
import { CreateTopicsRequest } from '@sluice/protocol/gen/create-topics-request';
import { CreateTopicsResponse } from '@sluice/protocol/gen/create-topics-response';
import { DeleteRecordsRequest } from '@sluice/protocol/gen/delete-records-request';
import { DeleteRecordsResponse } from '@sluice/protocol/gen/delete-records-response';
import { DeleteTopicsRequest } from '@sluice/protocol/gen/delete-topics-request';
import { DeleteTopicsResponse } from '@sluice/protocol/gen/delete-topics-response';
import { DescribeConfigsRequest } from '@sluice/protocol/gen/describe-configs-request';
import { DescribeConfigsResponse } from '@sluice/protocol/gen/describe-configs-response';
import { DescribeTopicPartitionsRequest } from '@sluice/protocol/gen/describe-topic-partitions-request';
import { DescribeTopicPartitionsResponse } from '@sluice/protocol/gen/describe-topic-partitions-response';
import { IncrementalAlterConfigsRequest } from '@sluice/protocol/gen/incremental-alter-configs-request';
import { IncrementalAlterConfigsResponse } from '@sluice/protocol/gen/incremental-alter-configs-response';
import { ensureTopic, fetchFrom, METADATA, metadataRequest, produceTo } from '../../test/apis.ts';
import type { BrokerClient } from '../../test/broker-client.ts';
import { withBroker } from '../../test/with-broker.ts';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';

const CREATE = { request: CreateTopicsRequest, response: CreateTopicsResponse };
const DELETE = { request: DeleteTopicsRequest, response: DeleteTopicsResponse };
const DELETE_RECORDS = { request: DeleteRecordsRequest, response: DeleteRecordsResponse };
const CONFIGS = { request: DescribeConfigsRequest, response: DescribeConfigsResponse };
const ALTER = {
  request: IncrementalAlterConfigsRequest,
  response: IncrementalAlterConfigsResponse,
};
const PAGES = {
  request: DescribeTopicPartitionsRequest,
  response: DescribeTopicPartitionsResponse,
};

function code(name: ErrorName): number {
  return errorCode(name);
}

type Config = readonly [name: string, value: string | null];

async function create(client: BrokerClient, name: string, partitions = -1, configs: Config[] = []) {
  const topic = { name, numPartitions: partitions, replicationFactor: -1, assignments: [] };
  const topics = [{ ...topic, configs: configs.map(([key, value]) => ({ name: key, value })) }];
  const answer = await client.ask(CREATE, { topics, timeoutMs: 1000, validateOnly: false });
  const [result] = answer.topics;
  assert.ok(result !== undefined);
  return result;
}

async function alter(client: BrokerClient, name: string, operation: number, change: Config) {
  const [key, value] = change;
  const configs = [{ name: key, configOperation: operation, value }];
  const resources = [{ resourceType: 2, resourceName: name, configs }];
  const answer = await client.ask(ALTER, { resources, validateOnly: false });
  return answer.responses[0]?.errorCode;
}

async function config(client: BrokerClient, name: string, key: string, resourceType = 2) {
  const resources = [{ resourceType, resourceName: name, configurationKeys: [key] }];
  const flags = { includeSynonyms: true, includeDocumentation: true };
  const [result] = (await client.ask(CONFIGS, { resources, ...flags })).results;
  const [entry] = result?.configs ?? [];
  return entry === undefined
    ? result?.errorCode
    : [entry.value, entry.configSource, ...entry.synonyms.map((one) => `${one.name}=${one.value}`)];
}

test('metadata makes topics on demand, unless it may not', () =>
  withBroker(async ({ client, broker }) => {
    const forbidden = { ...metadataRequest('a'), allowAutoTopicCreation: false };
    const [missing] = (await client.ask(METADATA, forbidden)).topics;
    assert.equal(missing?.errorCode, code('UNKNOWN_TOPIC_OR_PARTITION'));
    const made = await client.ask(METADATA, metadataRequest('a', 'b!'));
    assert.deepEqual(
      made.topics.map((topic) => topic.errorCode),
      [0, code('INVALID_TOPIC_EXCEPTION')],
    );
    const { host, port } = broker;
    assert.deepEqual(made.brokers, [{ nodeId: 1, host, port, rack: null }]);
    assert.equal(made.clusterId, broker.clusterId);
    const all = await client.ask(METADATA, { ...metadataRequest(), topics: null });
    assert.deepEqual(
      all.topics.map((topic) => topic.name),
      ['a'],
    );
    const byId = { topicId: all.topics[0]?.topicId ?? '', name: null };
    const unknown = { topicId: 'x'.repeat(21) + 'w', name: null };
    const found = await client.ask(METADATA, { ...metadataRequest(), topics: [byId, unknown] });
    assert.deepEqual(
      found.topics.map((topic) => [topic.name, topic.errorCode]),
      [
        ['a', 0],
        [null, code('UNKNOWN_TOPIC_ID')],
      ],
    );
  }));

test('topics are not made on demand when the broker is told so', () =>
  withBroker(
    async ({ client }) => {
      const [topic] = (await client.ask(METADATA, metadataRequest('a'))).topics;
      assert.equal(topic?.errorCode, code('UNKNOWN_TOPIC_OR_PARTITION'));
    },
    { 'auto.create.topics.enable': 'false' },
  ));

test('configs are those of the topic, then the broker, then the default', () =>
  withBroker(
    async ({ client }) => {
      const made = await create(client, 't', 3, [['retention.ms', '5']]);
      assert.deepEqual([made.errorCode, made.numPartitions, made.replicationFactor], [0, 3, 1]);
      const retention = made.configs?.find((one) => one.name === 'retention.ms');
      assert.deepEqual([retention?.value, retention?.configSource], ['5', 1]);
      assert.deepEqual(await config(client, 't', 'retention.ms'), [
        '5',
        1,
        'retention.ms=5',
        'log.retention.ms=604800000',
      ]);
      assert.deepEqual(await config(client, 't', 'segment.bytes'), [
        '2000000',
        4,
        'log.segment.bytes=2000000',
        'log.segment.bytes=1073741824',
      ]);
      assert.deepEqual(await config(client, '1', 'num.partitions', 4), [
        '1',
        5,
        'num.partitions=1',
      ]);
      assert.equal(await config(client, 'no', 'retention.ms'), code('UNKNOWN_TOPIC_OR_PARTITION'));
      assert.equal(await config(client, '2', 'num.partitions', 4), code('INVALID_REQUEST'));
    },
    { 'log.segment.bytes': '2000000' },
  ));

test('configs are set, added to, taken from and reset; what is wrong changes nothing', () =>
  withBroker(async ({ client }) => {
    await create(client, 't');
    const policy = async () => (await config(client, 't', 'cleanup.policy')) ?? [];
    const [set, reset, append, subtract] = [0, 1, 2, 3];
    assert.equal(await alter(client, 't', append, ['cleanup.policy', 'compact']), 0);
    assert.deepEqual((await policy()).toString().split(',').slice(0, 2), ['delete', 'compact']);
    assert.equal(await alter(client, 't', subtract, ['cleanup.policy', 'delete']), 0);
    assert.match((await policy()).toString(), /^compact,1,/);
    const invalid = code('INVALID_CONFIG');
    assert.equal(await alter(client, 't', set, ['cleanup.policy', 'burn']), invalid);
    assert.equal(await alter(client, 't', set, ['nonsense', '1']), invalid);
    assert.equal(await alter(client, 't', reset, ['nonsense', null]), invalid);
    assert.equal(await alter(client, 't', append, ['retention.ms', '1']), invalid);
    assert.equal(await alter(client, 't', 9, ['retention.ms', '1']), code('INVALID_REQUEST'));
    assert.match((await policy()).toString(), /^compact,1,/);
    assert.equal(await alter(client, 't', reset, ['cleanup.policy', null]), 0);
    assert.match((await policy()).toString(), /^delete,5,/);
  }));

test('a changed config takes effect at once', () =>
  withBroker(async ({ client }) => {
    await create(client, 't');
    assert.equal((await produceTo(client)).errorCode, 0);
    await alter(client, 't', 0, ['max.message.bytes', '10']);
    assert.equal((await produceTo(client)).errorCode, code('MESSAGE_TOO_LARGE'));
  }));

test('topics are deleted by name and by id, with their records', () =>
  withBroker(async ({ client }) => {
    const topicId = await ensureTopic(client, 't');
    await produceTo(client);
    const drop = async (name: string | null, id: string): Promise<number | undefined> => {
      const request = { topics: [{ name, topicId: id }], topicNames: [], timeoutMs: 9 };
      return (await client.ask(DELETE, request)).responses[0]?.errorCode;
    };
    assert.equal(await drop('nowhere', ZERO_UUID), code('UNKNOWN_TOPIC_OR_PARTITION'));
    assert.equal(await drop(null, topicId), 0);
    assert.equal(await drop(null, topicId), code('UNKNOWN_TOPIC_ID'));
    const [old] = await fetchFrom(client, { topicId });
    assert.equal(old?.errorCode, code('UNKNOWN_TOPIC_ID'));
    assert.notEqual(await ensureTopic(client, 't'), topicId);
    const [fresh] = await fetchFrom(client);
    assert.equal(fresh?.highWatermark, 0);
    assert.equal(await drop('t', ZERO_UUID), 0);
  }));

test('records are deleted up to an offset, not from compacted topics', () =>
  withBroker(async ({ client }) => {
    await create(client, 't');
    await create(client, 'compacted', 1, [['cleanup.policy', 'compact']]);
    for (let i = 0; i < 3; i++) await produceTo(client);
    const drop = async (name: string, offset: number) => {
      const topics = [{ name, partitions: [{ partitionIndex: 0, offset }] }];
      const answer = await client.ask(DELETE_RECORDS, { topics, timeoutMs: 9 });
      const partition = answer.topics[0]?.partitions[0];
      return [partition?.errorCode, partition?.lowWatermark];
    };
    assert.deepEqual(await drop('t', 2), [0, 2]);
    assert.deepEqual(await drop('t', 9), [code('OFFSET_OUT_OF_RANGE'), -1]);
    assert.deepEqual(await drop('t', -1), [0, 3]);
    assert.deepEqual(await drop('compacted', 0), [code('POLICY_VIOLATION'), -1]);
    const [partition] = await fetchFrom(client, { offset: 3 });
    assert.deepEqual([partition?.errorCode, partition?.logStartOffset], [0, 3]);
  }));

test('topics are described page by page, without a gap', () =>
  withBroker(async ({ client }) => {
    for (const [name, count] of [
      ['a', 3],
      ['b', 1],
      ['c', 4],
    ] as const) {
      await create(client, name, count);
    }
    for (const limit of [1, 2, 3, 4, 5, 8, 100]) {
      const seen: string[] = [];
      let cursor: { topicName: string; partitionIndex: number } | null = null;
      do {
        const answer: DescribeTopicPartitionsResponse = await client.ask(PAGES, {
          topics: [],
          responsePartitionLimit: limit,
          cursor,
        });
        const partitions = answer.topics.flatMap((topic) =>
          topic.partitions.map((partition) => `${topic.name}${partition.partitionIndex}`),
        );
        assert.ok(partitions.length <= limit);
        seen.push(...partitions);
        cursor = answer.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(seen, ['a0', 'a1', 'a2', 'b0', 'c0', 'c1', 'c2', 'c3'], `limit ${limit}`);
    }
  }));
