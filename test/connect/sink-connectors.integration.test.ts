/** What Java's `SinkConnectorsIntegrationTest` asserts, of one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig } from './support/connect-worker.ts';
import { connectorIsGone, connectorRuns, eventually } from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const SUITE = 'SinkConnectorsIntegrationTest';

/** How often a partition was opened, closed and committed. */
type Times = readonly [opened: number, closed: number, committed: number];

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      // As Java's default: what is committed is committed because partitions go.
      props: {
        'offset.flush.interval.ms': '60000',
        'connector.client.config.override.policy': 'All',
        'consumer.heartbeat.interval.ms': '200',
      },
    });
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  /** A sink of three topics that do not exist yet, with one task whose journal is read. */
  class Observed {
    readonly name: string;
    readonly task: string;
    readonly topics: readonly [string, string, string];

    constructor(name: string) {
      this.name = name;
      this.task = `${name}-0`;
      this.topics = [`${name}-one`, `${name}-two`, `${name}-three`];
    }

    async start(assignor: string): Promise<void> {
      await worker.rest.putConnectorConfig(
        this.name,
        sinkConfig(this.topics.join(','), {
          'consumer.override.partition.assignment.strategy': assignor,
          // Commits fail for a topic that was deleted: not for as long as usual.
          'consumer.override.default.api.timeout.ms': '5000',
          'consumer.override.metadata.max.age.ms': '1000',
        }),
      );
      await connectorRuns(worker, this.name, 1);
      assert.deepEqual(this.assignment(), []);
    }

    /** All records that it was given, by value. */
    received(): readonly string[] {
      return worker.journal
        .entries(this.task, 'put')
        .flatMap((entry) => listed(entry['records']))
        .map((text) => text.split('=')[1] ?? '');
    }

    times(topic: string): Times {
      const count = (event: string): number =>
        worker.journal
          .entries(this.task, event)
          .filter((entry) => listed(entry['partitions']).some((text) => isOf(text, topic))).length;
      return [count('open'), count('close'), count('committed')];
    }

    /** What it was given to read and has not had to give back. */
    assignment(): readonly string[] {
      const held = new Set<string>();
      for (const { event, partitions } of worker.journal.entries(this.task)) {
        if (event === 'open') for (const each of listed(partitions)) held.add(each);
        if (event === 'close') for (const each of listed(partitions)) held.delete(each);
      }
      return [...held].map((text) => text.replace(/-0$/, '')).toSorted();
    }

    /** Waits until it has received exactly these, each once, and holds exactly these topics. */
    async has(values: readonly string[], topics: readonly string[]): Promise<void> {
      const isSo = (): boolean =>
        this.received().toSorted().join() === values.toSorted().join() &&
        this.assignment().join() === topics.toSorted().join();
      const onTimeout = (): string =>
        `received ${this.received().join()}, holds ${this.assignment().join()}`;
      await eventually(`${values.join()} of ${topics.join()}`, isSo, onTimeout);
    }
  }

  test('R10.17 testEagerConsumerPartitionAssignment: at each change all partitions are committed, closed and opened again', async () => {
    const sink = new Observed('eager');
    const [one, two, three] = sink.topics;
    await sink.start('org.apache.kafka.clients.consumer.RoundRobinAssignor');

    await broker.createTopic(one);
    await broker.produce(one, ['t1v1']);
    await sink.has(['t1v1'], [one]);
    assert.deepEqual(sink.times(one), [1, 0, 0]);

    await broker.createTopic(two);
    await broker.produce(two, ['t2v1']);
    await broker.produce(one, ['t1v2']);
    await sink.has(['t1v1', 't1v2', 't2v1'], [one, two]);
    assert.deepEqual(
      [one, two].map((topic) => sink.times(topic)),
      [
        [2, 1, 1],
        [1, 0, 0],
      ],
    );

    await broker.createTopic(three);
    await broker.produce(three, ['t3v1']);
    await broker.produce(two, ['t2v2']);
    await broker.produce(one, ['t1v3']);
    await sink.has(['t1v1', 't1v2', 't1v3', 't2v1', 't2v2', 't3v1'], [one, two, three]);
    assert.deepEqual(
      sink.topics.map((topic) => sink.times(topic)),
      [
        [3, 2, 2],
        [2, 1, 1],
        [1, 0, 0],
      ],
    );

    await broker.admin.deleteTopics([one]);
    await broker.produce(three, ['t3v2']);
    await broker.produce(two, ['t2v3']);
    await sink.has(['t1v1', 't1v2', 't1v3', 't2v1', 't2v2', 't2v3', 't3v1', 't3v2'], [two, three]);
    assert.deepEqual(
      sink.topics.map((topic) => sink.times(topic)),
      [
        [3, 3, 3],
        [3, 2, 2],
        [2, 1, 1],
      ],
    );
    await worker.rest.deleteConnector(sink.name);
    await connectorIsGone(worker, sink.name);
  });

  test('R10.17 testCooperativeConsumerPartitionAssignment: only what comes is opened, and only what goes is committed and closed', async () => {
    const sink = new Observed('cooperative');
    const [one, two, three] = sink.topics;
    await sink.start('org.apache.kafka.clients.consumer.CooperativeStickyAssignor');

    await broker.createTopic(one);
    await broker.produce(one, ['t1v1']);
    await sink.has(['t1v1'], [one]);
    assert.deepEqual(sink.times(one), [1, 0, 0]);

    await broker.createTopic(two);
    await broker.produce(two, ['t2v1']);
    await broker.produce(one, ['t1v2']);
    await sink.has(['t1v1', 't1v2', 't2v1'], [one, two]);
    assert.deepEqual(
      [one, two].map((topic) => sink.times(topic)),
      [
        [1, 0, 0],
        [1, 0, 0],
      ],
    );

    await broker.createTopic(three);
    await broker.produce(three, ['t3v1']);
    await broker.produce(two, ['t2v2']);
    await broker.produce(one, ['t1v3']);
    await sink.has(['t1v1', 't1v2', 't1v3', 't2v1', 't2v2', 't3v1'], [one, two, three]);
    assert.deepEqual(
      sink.topics.map((topic) => sink.times(topic)),
      [
        [1, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
      ],
    );

    await broker.admin.deleteTopics([one]);
    await broker.produce(three, ['t3v2']);
    await broker.produce(two, ['t2v3']);
    await sink.has(['t1v1', 't1v2', 't1v3', 't2v1', 't2v2', 't2v3', 't3v1', 't3v2'], [two, three]);
    assert.deepEqual(
      sink.topics.map((topic) => sink.times(topic)),
      [
        [1, 1, 1],
        [1, 0, 0],
        [1, 0, 0],
      ],
    );
    await worker.rest.deleteConnector(sink.name);
    await connectorIsGone(worker, sink.name);
  });

  for (const assignor of ['RangeAssignor', 'CooperativeStickyAssignor'])
    test(`R10.17 with ${assignor}, as tasks come and go, each partition has one task and each record is put once`, async () => {
      const name = `many-${assignor}`;
      await broker.createTopic(name, PARTITIONS);
      const all = Array.from({ length: PARTITIONS }, (_, i) => `${name}-${i}`);
      let sent = 0;
      for (const [phase, tasks] of [2, 4, 1].entries()) {
        await worker.rest.putConnectorConfig(
          name,
          sinkConfig(name, {
            'tasks.max': String(tasks),
            'consumer.override.partition.assignment.strategy': `org.apache.kafka.clients.consumer.${assignor}`,
          }),
        );
        await connectorRuns(worker, name, tasks);
        const ids = Array.from({ length: tasks }, (_, task) => `${name}-${task}`);
        const held = (): readonly (readonly string[])[] =>
          ids.map((id) => heldNow(worker.journal.entries(id)));
        await eventually(
          `${tasks} tasks to share ${PARTITIONS} partitions`,
          () =>
            held().flat().toSorted().join() === all.join() &&
            held().every((own) => own.length === PARTITIONS / tasks),
          () => JSON.stringify(held()),
        );
        for (let partition = 0; partition < PARTITIONS; partition++)
          await broker.produce(name, [`${phase}.${partition}`], partition);
        sent += PARTITIONS;
        await eventually('all records', () => putTo(name).length >= sent);
        // A record goes to the task that holds its partition, and nothing comes twice.
        for (const [i, id] of ids.entries()) {
          const own = worker.journal.entries(id, 'put').flatMap(({ records }) => listed(records));
          const now = own.filter((text) => text.includes(`=${phase}.`));
          const partitions = now.map((text) => text.slice(0, text.indexOf('@')));
          assert.deepEqual(partitions.toSorted(), held()[i]);
        }
      }
      const values = putTo(name).map((text) => text.split('=')[1]);
      assert.equal(new Set(values).size, sent);
      assert.equal(values.length, sent);
      await worker.rest.deleteConnector(name);
      await connectorIsGone(worker, name);
      const ids = Array.from({ length: PARTITIONS }, (_, task) => `${name}-${task}`);
      assert.deepEqual(
        ids.flatMap((id) => heldNow(worker.journal.entries(id))),
        [],
      );
    });

  function putTo(name: string): readonly string[] {
    return Array.from({ length: PARTITIONS }, (_, task) =>
      worker.journal.entries(`${name}-${task}`, 'put').flatMap((entry) => listed(entry['records'])),
    ).flat();
  }
});

const PARTITIONS = 4;

/** What is open and not closed, in the order of names. */
function heldNow(
  entries: readonly { readonly event: string; readonly [detail: string]: unknown }[],
): readonly string[] {
  const held = new Set<string>();
  for (const { event, partitions } of entries) {
    for (const each of listed(partitions)) {
      // Opened while it is open, or closed while it is not: no task may be told so.
      if (event === 'open') assert.ok(!held.has(each), `${each} was opened twice`);
      if (event === 'close') assert.ok(held.has(each), `${each} was closed and not open`);
      if (event === 'open') held.add(each);
      if (event === 'close') held.delete(each);
    }
  }
  return [...held].toSorted();
}

function listed(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Whether `topic-0` or `topic-0@5` is of that topic. */
function isOf(text: string, topic: string): boolean {
  return text.replace(/-\d+(@.*)?$/, '') === topic;
}
