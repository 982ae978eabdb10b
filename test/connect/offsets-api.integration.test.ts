/**
 * Counterpart of Java's OffsetsApiIntegrationTest (KIP-875), on one worker. The other cluster is a
 * broker of our own; what is about exactly-once sources needs distributed workers.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ConnectorOffset } from '@sluice/rest';
import { kcat, skipReason, startDevBrokerForTest, type DevBrokerServer } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import {
  connectorIsPaused,
  connectorIsStopped,
  connectorRuns,
  eventually,
  refusal,
} from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'offsets over REST';
const TASKS = 2;
const RECORDS = 10;
const FRAMEWORK_ALTERED =
  'The Connect framework-managed offsets for this connector have been altered successfully. ' +
  'However, if this connector manages offsets externally, they will need to be manually altered ' +
  'in the system that the connector uses.';
const FRAMEWORK_RESET = FRAMEWORK_ALTERED.replaceAll('altered', 'reset');
const ALTERED = 'The offsets for this connector have been altered successfully';

type Props = Readonly<Record<string, string>>;

describe(title, { skip: await skipReason('kafka', title), concurrency: 4 }, () => {
  let broker: SharedBroker;
  let other: DevBrokerServer;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    other = await startDevBrokerForTest();
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      props: { 'task.shutdown.graceful.timeout.ms': '2000' },
    });
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  /** What a method is tried with: Java's three variants of sinks, and its two of sources. */
  const sinks: Readonly<Record<string, () => { servers: string; props: Props }>> = {
    '': () => ({ servers: broker.bootstrapServers, props: {} }),
    OverriddenConsumerGroupId: () => ({
      servers: broker.bootstrapServers,
      props: { 'consumer.override.group.id': 'overridden-group-id' },
    }),
    DifferentKafkaClusterTargeted: () => ({
      servers: other.bootstrapServers,
      props: {
        'consumer.override.bootstrap.servers': other.bootstrapServers,
        'admin.override.bootstrap.servers': other.bootstrapServers,
      },
    }),
  };
  const sources: Readonly<Record<string, () => Props>> = {
    '': () => ({}),
    DifferentKafkaClusterTargeted: () => ({
      'producer.override.bootstrap.servers': other.bootstrapServers,
      'admin.override.bootstrap.servers': other.bootstrapServers,
    }),
  };

  test('R10.13 testGetNonExistentConnectorOffsets: a connector that is not there is 404', async () => {
    await assert.rejects(worker.rest.connectorOffsets('nobody'), refusal(404, /nobody not found/));
  });

  for (const [variant, make] of Object.entries(sinks)) {
    test(`R10.13 testGetSinkConnectorOffsets${variant}: they follow the end of the topic`, async () => {
      const name = `get-sink-${variant}`;
      const { servers, props } = make();
      await createSink(name, servers, withGroup(name, props));
      await sinkOffsetsAre(name, 3, RECORDS);
      await fill(name, servers);
      await sinkOffsetsAre(name, 3, 2 * RECORDS);
      await isGroupUsed(name, props);
    });

    test(`R10.13 testAlterSinkConnectorOffsets${variant}: altered, removed, and caught up again`, async () => {
      const name = `alter-sink-${variant}`;
      const { servers, props } = make();
      const config = withGroup(name, props);
      await createSink(name, servers, config);
      await sinkOffsetsAre(name, 3, RECORDS);
      await worker.rest.stopConnector(name);
      await connectorIsStopped(worker, name);
      const entry = (partition: number, offset: number | null): ConnectorOffset => ({
        partition: { kafka_topic: name, kafka_partition: partition },
        offset: offset === null ? null : { kafka_offset: offset },
      });
      const first = [entry(0, null), entry(1, 5), entry(2, 5)];
      assert.equal(
        (await worker.rest.alterConnectorOffsets(name, first)).message,
        FRAMEWORK_ALTERED,
      );
      await sinkOffsetsAre(name, 2, 5);
      // From now on its alterOffsets says that it has altered its own.
      const changed = sinkConfig(name, { ...config, 'alter.offsets.result': 'true' });
      await worker.rest.putConnectorConfig(name, changed);
      const second = await worker.rest.alterConnectorOffsets(name, [entry(1, 3), entry(2, 3)]);
      assert.equal(second.message, ALTERED);
      await sinkOffsetsAre(name, 2, 3);
      await worker.rest.resumeConnector(name);
      await connectorRuns(worker, name, 1);
      await sinkOffsetsAre(name, 3, RECORDS);
      await isGroupUsed(name, props);
    });

    test(`R10.13 testResetSinkConnectorOffsets${variant}: gone, gone still, and caught up again`, async () => {
      const name = `reset-sink-${variant}`;
      const { servers, props } = make();
      await createSink(name, servers, withGroup(name, props));
      await sinkOffsetsAre(name, 3, RECORDS);
      await isResetTwice(name);
      await worker.rest.resumeConnector(name);
      await connectorRuns(worker, name, 1);
      await sinkOffsetsAre(name, 3, RECORDS);
      await isGroupUsed(name, props);
    });
  }

  for (const [variant, make] of Object.entries(sources)) {
    test(`R10.13 testGetSourceConnectorOffsets${variant}: they follow what was produced`, async () => {
      const name = `get-source-${variant}`;
      await createSource(name, make());
      await sourceOffsetsAre(name, RECORDS);
      const more = sourceOf(name, { ...make(), 'max.messages': String(2 * RECORDS) });
      await worker.rest.putConnectorConfig(name, more);
      await sourceOffsetsAre(name, 2 * RECORDS);
    });

    test(`R10.13 testAlterSourceConnectorOffsets${variant}: altered, and gone on from there`, async () => {
      const name = `alter-source-${variant}`;
      await createSource(name, make());
      await sourceOffsetsAre(name, RECORDS);
      await worker.rest.stopConnector(name);
      await connectorIsStopped(worker, name);
      const first = await worker.rest.alterConnectorOffsets(name, sourceEntries(name, 5));
      assert.equal(first.message, FRAMEWORK_ALTERED);
      await sourceOffsetsAre(name, 5);
      const changed = sourceOf(name, { ...make(), 'alter.offsets.result': 'true' });
      await worker.rest.putConnectorConfig(name, changed);
      const second = await worker.rest.alterConnectorOffsets(name, sourceEntries(name, 7));
      assert.equal(second.message, ALTERED);
      await sourceOffsetsAre(name, 7);
      await worker.rest.resumeConnector(name);
      await connectorRuns(worker, name, TASKS);
      await sourceOffsetsAre(name, RECORDS);
      assert.equal(worker.journal.entries(`${name}-0`, 'start').at(-1)?.['from'], 7);
    });

    test(`R10.13 testResetSourceConnectorOffsets${variant}: gone, gone still, and from the start`, async () => {
      const name = `reset-source-${variant}`;
      await createSource(name, make());
      await sourceOffsetsAre(name, RECORDS);
      await isResetTwice(name);
      await worker.rest.resumeConnector(name);
      await connectorRuns(worker, name, TASKS);
      await sourceOffsetsAre(name, RECORDS);
      assert.equal(worker.journal.entries(`${name}-0`, 'start').at(-1)?.['from'], 0);
    });
  }

  test('R10.13 testAlterOffsetsNonExistentConnector: a connector that is not there is 404', async () => {
    const entries = [{ partition: {}, offset: {} }];
    await assert.rejects(
      worker.rest.alterConnectorOffsets('nobody', entries),
      refusal(404, /nobody not found/),
    );
  });

  test('R10.13 testAlterOffsetsNonStoppedConnector: one that runs or is paused is left alone', async () => {
    const name = 'alter-not-stopped';
    await createSource(name, {});
    const isRefused = refusal(400, /must be in the STOPPED state before their offsets can be mod/);
    const alter = () => worker.rest.alterConnectorOffsets(name, sourceEntries(name, 5));
    await assert.rejects(alter(), isRefused);
    await worker.rest.pauseConnector(name);
    await connectorIsPaused(worker, name, TASKS);
    await assert.rejects(alter(), isRefused);
    await sourceOffsetsAre(name, RECORDS);
  });

  test('R10.13 testAlterSinkConnectorOffsetsZombieSinkTasks: while a task that was given up is in the group, 500', async () => {
    const name = 'alter-zombie';
    await createZombie(name);
    const entries = [{ partition: { kafka_topic: name, kafka_partition: 0 }, offset: null }];
    await assert.rejects(
      worker.rest.alterConnectorOffsets(name, entries),
      refusal(500, /zombie sink task/),
    );
    await sinkOffsetsAre(name, 1, RECORDS);
  });

  test('R10.13 testResetSinkConnectorOffsetsZombieSinkTasks: while a task that was given up is in the group, 500', async () => {
    const name = 'reset-zombie';
    await createZombie(name);
    await assert.rejects(worker.rest.resetConnectorOffsets(name), refusal(500, /zombie sink task/));
    await sinkOffsetsAre(name, 1, RECORDS);
  });

  test('R10.13 testAlterSinkConnectorOffsetsInvalidRequestBody: each mistake is named', async () => {
    const name = 'bad-sink-bodies';
    await createSink(name, broker.bootstrapServers, {});
    await worker.rest.stopConnector(name);
    const partition = '"kafka_topic":"test","kafka_partition"';
    await bodiesAreRefused(name, [
      ['{}', 400, 'Partitions / offsets need to be provided for an alter offsets request'],
      ['{"offsets":[]}', 400, 'Partitions / offsets need to be provided for an alter offsets req'],
      ['{"offsets":[{}]}', 400, 'The partition for a sink connector offset cannot be null or mis'],
      ['{"offsets":[{"partition":null,"offset":null}]}', 400, 'cannot be null or missing'],
      [
        '{"offsets":[{"partition":{},"offset":null}]}',
        400,
        "must contain the keys 'kafka_topic' and 'kafka_partition'",
      ],
      [
        `{"offsets":[{"partition":{${partition}:"not a number"},"offset":null}]}`,
        400,
        'Partition values for sink connectors need to be integers',
      ],
      [
        `{"offsets":[{"partition":{${partition}:1},"offset":{}}]}`,
        400,
        "The offset for a sink connector should either be null or contain the key 'kafka_offset'",
      ],
      [
        `{"offsets":[{"partition":{${partition}:1},"offset":{"kafka_offset":"not a number"}}]}`,
        400,
        'Offset values for sink connectors need to be integers',
      ],
    ]);
  });

  test('R10.13 testAlterSourceConnectorOffsetsInvalidRequestBody: each mistake is named', async () => {
    const name = 'bad-source-bodies';
    await createSource(name, {});
    await worker.rest.stopConnector(name);
    await bodiesAreRefused(name, [
      ['[]', 500, 'Cannot deserialize value'],
      ['{}', 400, 'Partitions / offsets need to be provided for an alter offsets request'],
      ['{"key":[]}', 500, 'Unrecognized field'],
      ['{"offsets":[]}', 400, 'Partitions / offsets need to be provided for an alter offsets req'],
      ['{"offsets":{}}', 500, 'Cannot deserialize value'],
      ['{"offsets":[123]}', 500, 'Cannot construct instance'],
      ['{"offsets":[{"key":"val"}]}', 500, 'Unrecognized field'],
      ['{"offsets":[{"partition":[]}]}', 500, 'Cannot deserialize value'],
    ]);
  });

  async function createSink(name: string, servers: string, props: Props): Promise<void> {
    await kcatCreate(servers, name);
    await fill(name, servers);
    await worker.rest.createConnector({ name, config: sinkConfig(name, props) });
    await connectorRuns(worker, name, 1);
  }

  /** Three partitions, on whichever cluster. */
  async function kcatCreate(servers: string, name: string): Promise<void> {
    if (servers === broker.bootstrapServers) await broker.createTopic(name, 3);
    else await SharedBroker.createTopicOn(servers, name, 3);
  }

  async function fill(topic: string, servers: string): Promise<void> {
    const lines = Array.from({ length: RECORDS }, (_, at) => `value-${at}\n`).join('');
    for (const partition of ['0', '1', '2'])
      await kcat(['-b', servers, '-P', '-t', topic, '-p', partition], lines);
  }

  async function createZombie(name: string): Promise<void> {
    await broker.createTopic(name);
    const lines = Array.from({ length: RECORDS }, (_, at) => `value-${at}`);
    await broker.produce(name, lines);
    const config = {
      'connector.class': 'BlockingSinkConnector',
      topics: name,
      block: 'Task::stop',
      // A thread that is ended can't leave its group.
      'block.how': 'sync',
    };
    await worker.rest.createConnector({ name, config });
    await connectorRuns(worker, name, 1);
    await sinkOffsetsAre(name, 1, RECORDS);
    await worker.rest.stopConnector(name);
    await connectorIsStopped(worker, name);
    await eventually('its task to block', () => worker.journal.count(name, 'block') === 1);
  }

  async function createSource(name: string, props: Props): Promise<void> {
    await worker.rest.createConnector({ name, config: sourceOf(name, props) });
    await connectorRuns(worker, name, TASKS);
    await sourceOffsetsAre(name, RECORDS);
  }

  const sourceOf = (name: string, props: Props): Props =>
    sourceConfig(name, {
      'tasks.max': String(TASKS),
      throughput: '-1',
      'messages.per.poll': '3',
      'max.messages': String(RECORDS),
      ...props,
    });

  async function isResetTwice(name: string): Promise<void> {
    await worker.rest.stopConnector(name);
    await connectorIsStopped(worker, name);
    for (const _time of ['first', 'second']) {
      const { message } = await worker.rest.resetConnectorOffsets(name);
      assert.equal(message, FRAMEWORK_RESET);
      assert.deepEqual((await worker.rest.connectorOffsets(name)).offsets, []);
    }
  }

  /** The group of the override has offsets, the connector's own has none; or the other way round. */
  async function isGroupUsed(name: string, props: Props): Promise<void> {
    if (props['admin.override.bootstrap.servers'] !== undefined) {
      assert.deepEqual(await broker.admin.listGroupOffsets(`connect-${name}`), []);
      return;
    }
    const group = withGroup(name, props)['consumer.override.group.id'];
    const own = await broker.admin.listGroupOffsets(`connect-${name}`);
    assert.equal(own.length, group === undefined ? 3 : 0);
    if (group !== undefined) assert.equal((await broker.admin.listGroupOffsets(group)).length, 3);
  }

  async function sinkOffsetsAre(name: string, partitions: number, offset: number): Promise<void> {
    await offsetsAre(name, partitions, (each) => each.offset?.['kafka_offset'] === offset);
  }

  async function sourceOffsetsAre(name: string, saved: number): Promise<void> {
    await offsetsAre(name, TASKS, ({ partition, offset }) => {
      assert.ok(String(partition?.['task.id']).startsWith(name));
      return offset?.['saved'] === saved;
    });
  }

  async function offsetsAre(
    name: string,
    count: number,
    isAsWanted: (each: ConnectorOffset) => boolean,
  ): Promise<void> {
    let last = '';
    await eventually(
      `the offsets of ${name} to be as wanted`,
      async () => {
        const { offsets } = await worker.rest.connectorOffsets(name);
        last = JSON.stringify(offsets);
        return offsets.length === count && offsets.every(isAsWanted);
      },
      () => last,
    );
  }

  async function bodiesAreRefused(
    name: string,
    bodies: readonly (readonly [string, number, string])[],
  ): Promise<void> {
    for (const [body, status, text] of bodies) {
      const answer = await worker.ask('PATCH', `/connectors/${name}/offsets`, body);
      const said = JSON.stringify(answer.body);
      assert.ok(said.includes(text), `${body} was answered with ${said}`);
      assert.equal(answer.status, status, body);
    }
  }
});

function sourceEntries(name: string, saved: number): readonly ConnectorOffset[] {
  return Array.from({ length: TASKS }, (_, task) => ({
    partition: { 'task.id': `${name}-${task}` },
    offset: { saved },
  }));
}

/** Each connector needs a group of its own. */
function withGroup(name: string, props: Props): Props {
  const group = props['consumer.override.group.id'];
  return group === undefined
    ? props
    : { ...props, 'consumer.override.group.id': `${name}-${group}` };
}
