/** What Java's `TransformationIntegrationTest` asserts, of one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { kcat, skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import { connectorIsGone, connectorRuns, eventually } from './support/connector-states.ts';
import { printedRecords } from './support/printed-record.ts';
import { SharedBroker } from './support/shared-broker.ts';

const SUITE = 'TransformationIntegrationTest';
const RECORDS = 2000;
const PARTITIONS = 3;
const FILTER = { transforms: 'filter', 'transforms.filter.type': 'Filter' };

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    worker = await ConnectWorker.start({ bootstrapServers: broker.bootstrapServers });
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  const remove = async (name: string): Promise<void> => {
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  };
  /** How many records of each topic a sink's only task was given. */
  const observed = (name: string): Readonly<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const { records } of worker.journal.entries(`${name}-0`, 'put'))
      for (const text of Array.isArray(records) ? records.map(String) : []) {
        const topic = /^(.*)-\d+@/.exec(text)?.[1] ?? '';
        counts[topic] = (counts[topic] ?? 0) + 1;
      }
    return counts;
  };
  /** Filtered records are committed as the others are. */
  const committed = async (name: string): Promise<number> => {
    const { offsets } = await worker.rest.connectorOffsets(name);
    return offsets.reduce((sum, { offset }) => sum + Number(offset?.['kafka_offset'] ?? 0), 0);
  };

  test('R10.20 testFilterOnTopicNameWithSinkConnector: records of topics that match the predicate are dropped, and committed', async () => {
    const name = 'by-topic';
    await broker.createTopic('foo-topic', PARTITIONS);
    await broker.createTopic('bar-topic', PARTITIONS);
    await worker.rest.putConnectorConfig(
      name,
      sinkConfig('foo-topic,bar-topic', {
        ...FILTER,
        'transforms.filter.predicate': 'barPredicate',
        predicates: 'barPredicate',
        'predicates.barPredicate.type': 'TopicNameMatches',
        'predicates.barPredicate.pattern': 'bar-.*',
      }),
    );
    await connectorRuns(worker, name, 1);
    for (const topic of ['bar-topic', 'foo-topic'])
      for (let partition = 0; partition < PARTITIONS; partition++)
        await broker.produce(topic, valuesOf(partition), partition);
    await eventually('all commits', async () => (await committed(name)) === 2 * RECORDS);
    assert.deepEqual(observed(name), { 'foo-topic': RECORDS });
    await remove(name);
  });

  test('R10.20 testFilterOnTombstonesWithSinkConnector: tombstones are dropped, and committed', async () => {
    const name = 'by-tombstone';
    const topic = 'tombstone-topic';
    await broker.createTopic(topic, PARTITIONS);
    await worker.rest.putConnectorConfig(
      name,
      sinkConfig(topic, {
        ...FILTER,
        'transforms.filter.predicate': 'barPredicate',
        predicates: 'barPredicate',
        'predicates.barPredicate.type': 'RecordIsTombstone',
      }),
    );
    await connectorRuns(worker, name, 1);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const lines = valuesOf(partition).map((value, i) => `key:${i % 2 === 0 ? value : ''}\n`);
      // An empty value is sent as null.
      const to = ['-b', broker.bootstrapServers, '-P', '-t', topic, '-p', String(partition)];
      await kcat([...to, '-K', ':', '-Z'], lines.join(''));
    }
    await eventually('all commits', async () => (await committed(name)) === RECORDS);
    const kept = Array.from({ length: PARTITIONS }, (_, i) => Math.ceil(valuesOf(i).length / 2));
    assert.deepEqual(observed(name), { [topic]: kept.reduce((sum, count) => sum + count, 0) });
    await remove(name);
  });

  test('R10.20 testFilterOnHasHeaderKeyWithSourceConnectorAndTopicCreation: only records with the header are produced, into a topic made as configured', async () => {
    const name = 'by-header';
    const topic = 'header-topic';
    const config = sourceConfig(topic, {
      ...FILTER,
      'tasks.max': '1',
      throughput: '500',
      'max.messages': '500',
      'transforms.filter.predicate': 'headerPredicate',
      'transforms.filter.negate': 'true',
      predicates: 'headerPredicate',
      'predicates.headerPredicate.type': 'HasHeaderKey',
      'predicates.headerPredicate.name': 'header-8',
      'topic.creation.default.replication.factor': '-1',
      'topic.creation.default.partitions': String(PARTITIONS),
    });
    const { error_count: errors } = await worker.rest.validateConfig(
      config['connector.class'] ?? '',
      { ...config, name },
    );
    assert.equal(errors, 0);
    await worker.rest.putConnectorConfig(name, config);
    const { journal } = worker;
    await eventually('all records', () => journal.sum(`${name}-0`, 'records', 'count') >= 500);
    // What is dropped counts as done: the task is told.
    await eventually('all commits', () => journal.sum(`${name}-0`, 'committed', 'count') >= 500);
    assert.equal(journal.sum(`${name}-0`, 'committed', 'count'), 500);
    // Its offset is not kept: that is the one of the only record that was produced (R4.05).
    const { offsets } = await worker.rest.connectorOffsets(name);
    assert.deepEqual(offsets, [{ partition: { 'task.id': `${name}-0` }, offset: { saved: 8 } }]);
    const [record, ...others] = await printedRecords(broker.bootstrapServers, topic);
    assert.deepEqual(others, []);
    assert.deepEqual(record?.headers, [['header-8', '8']]);
    const description = (await broker.admin.describeTopics([topic])).get(topic);
    assert.equal(description?.partitions.length, PARTITIONS);
    await remove(name);
  });
});

/** Those of one partition, when all go round. */
function valuesOf(partition: number): readonly string[] {
  return Array.from({ length: RECORDS }, (_, i) => i)
    .filter((i) => i % PARTITIONS === partition)
    .map((i) => `simple-message-value-${i}`);
}
