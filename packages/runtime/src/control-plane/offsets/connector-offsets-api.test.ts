import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ConnectError, type Props } from '@sluice/api';
import type { KafkaAdmin } from '@sluice/kafka';
import { discoverPlugins } from '../../plugins/discover-plugins.ts';
import { PluginCatalog } from '../../plugins/plugin-catalog.ts';
import { ConnectorOffsets } from '../../storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../../storage/memory-offset-backing-store.ts';
import type { TaskHost } from '../../task-host/contract.ts';
import { ConnectorOffsetsApi } from './connector-offsets-api.ts';
import type { OffsetsOwner } from './offsets-owner.ts';

const CLI = dirname(fileURLToPath(new URL('../../../../cli/package.json', import.meta.url)));
const catalog = new PluginCatalog(await discoverPlugins({ workerDirectory: CLI, pluginPath: [] }));
const PARTITION = '{"kafka_topic":"t","kafka_partition":0}';

/** An admin of which only the calls about group offsets are used. */
function anAdmin(answers: Partial<KafkaAdmin>): KafkaAdmin {
  const unused = (): never => {
    throw new Error('not to be called');
  };
  return {
    describeCluster: unused,
    createTopics: unused,
    deleteTopics: unused,
    describeTopics: unused,
    listTopics: unused,
    describeTopicConfigs: unused,
    listGroupOffsets: () => Promise.resolve([{ topic: 't', partition: 0, offset: 3 }]),
    alterGroupOffsets: () => Promise.resolve(),
    deleteGroupOffsets: () => Promise.resolve(),
    deleteGroup: () => Promise.resolve(),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...answers,
  };
}

function setUp(
  admin: Partial<KafkaAdmin> = {},
  alterOffsets: TaskHost['alterOffsets'] = () => Promise.resolve(true),
): { readonly api: ConnectorOffsetsApi; readonly configs: Props[] } {
  const configs: Props[] = [];
  const api = new ConnectorOffsetsApi({
    host: { alterOffsets },
    offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
    openAdmin: (config) => {
      configs.push(config);
      return Promise.resolve(anAdmin(admin));
    },
    workerProps: { 'bootstrap.servers': 'b:1', 'admin.retries': '3' },
  });
  return { api, configs };
}

function owner(name: string, props: Props = {}): OffsetsOwner {
  return { name, plugin: catalog.connector(name), props };
}

const refusing = (code: string) => () => Promise.reject(Object.assign(new Error('no'), { code }));

test('R1.56 members that are still there are told as Java tells them', async () => {
  const { api } = setUp({
    alterGroupOffsets: refusing('UNKNOWN_MEMBER_ID'),
    deleteGroup: refusing('NON_EMPTY_GROUP'),
  });
  const text = (verb: string): RegExp =>
    new RegExp(
      `^Failed to ${verb} consumer group offsets for connector FileStreamSink either because its ` +
        "tasks haven't stopped completely yet or the connector was resumed before the request to " +
        `${verb} its offsets could be successfully completed\\. .* get rid of the zombie sink tasks\\.$`,
    );
  const sink = owner('FileStreamSink');
  const entries = [{ partition: PARTITION, offset: '{"kafka_offset":1}' }];
  await assert.rejects(api.alter(sink, entries), { message: text('alter') });
  await assert.rejects(api.reset(sink), { message: text('reset') });
});

test('R1.56 group and cluster come from the overrides', async () => {
  const asked: string[] = [];
  const { api, configs } = setUp({
    listGroupOffsets: (group) => {
      asked.push(group);
      return Promise.resolve([]);
    },
  });
  await api.read(owner('FileStreamSink'));
  const overrides = {
    'consumer.override.group.id': 'mine',
    'admin.override.bootstrap.servers': 'other:2',
  };
  await api.read(owner('FileStreamSink', overrides));
  assert.deepEqual(asked, ['connect-FileStreamSink', 'mine']);
  assert.deepEqual(
    configs.map((config) => [config['bootstrap.servers'], config['client.id'], config['retries']]),
    [
      ['b:1', 'connector-worker-adminclient-FileStreamSink', '3'],
      ['other:2', 'connector-worker-adminclient-FileStreamSink', '3'],
    ],
  );
});

test('R1.54 a connector that does not say that all is done gets the longer message', async () => {
  for (const answer of [false, null]) {
    const { api } = setUp({}, () => Promise.resolve(answer));
    const { message } = await api.reset(owner('FileStreamSource'));
    assert.equal(
      message,
      'The Connect framework-managed offsets for this connector have been reset successfully. ' +
        'However, if this connector manages offsets externally, they will need to be manually ' +
        'reset in the system that the connector uses.',
    );
  }
});

test('R1.58 a connector that allows no changes is named, and nothing is written', async () => {
  const refusal = new ConnectError('no', { code: 'CONNECT_UNSUPPORTED_OPERATION' });
  const { api } = setUp({}, () => Promise.reject(refusal));
  const source = owner('FileStreamSource');
  const entries = [{ partition: '{"filename":"x"}', offset: '{"position":1}' }];
  await assert.rejects(api.alter(source, entries), {
    message:
      "Failed to modify offsets for connector FileStreamSource because it doesn't support " +
      'external modification of offsets',
  });
  assert.deepEqual(await api.read(source), []);
});

test('R1.53 no offsets at all are refused; blanks and numbers keep their meaning', async () => {
  const { api } = setUp();
  const source = owner('FileStreamSource');
  await assert.rejects(api.alter(source, []), /may not be null or empty/);
  const precise = '{"a":1.0,"b":9007199254740993}';
  await api.alter(source, [{ partition: '{ "filename" : "x" }', offset: precise }]);
  assert.deepEqual(await api.read(source), [{ partition: '{"filename":"x"}', offset: precise }]);
});

test('R1.57 an offset without a partition is refused; without an offset either, it is removed', async () => {
  const shown: unknown[] = [];
  const { api } = setUp({}, (_plugin, _props, offsets) => {
    shown.push(offsets);
    return Promise.resolve(true);
  });
  const source = owner('FileStreamSource');
  await assert.rejects(api.alter(source, [{ partition: null, offset: '{"position":1}' }]), {
    message: 'Partition objects cannot be null',
  });
  const named = { partition: '{"filename":"x"}', offset: '{"position":1}' };
  await api.alter(source, [named, { partition: null, offset: null }]);
  assert.deepEqual(shown, [[named]]);
  assert.deepEqual(await api.read(source), [named]);
});
