/** What Java's `ExampleConnectIntegrationTest` asserts, of one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import { connectorIsGone, connectorRuns, eventually } from './support/connector-states.ts';
import { printedRecords } from './support/printed-record.ts';
import { SharedBroker } from './support/shared-broker.ts';
import { taskMetricIs } from './support/worker-metrics.ts';

const SUITE = 'ExampleConnectIntegrationTest';
const RECORDS = 2000;
const PARTITIONS = 3;
const TASKS = [0, 1, 2];

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      // Members of a group learn of each other at their heartbeats: every 3 s by default.
      props: { 'consumer.heartbeat.interval.ms': '200' },
    });
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  /** As `PUT .../config/validate` counts them. */
  const errorCount = async (config: Readonly<Record<string, string>>): Promise<number> => {
    const { 'connector.class': className = '' } = config;
    const infos = await worker.rest.validateConfig(className, config);
    return infos.error_count;
  };
  const metricIs = (
    name: string,
    connector: string,
    isRight: (values: readonly number[]) => boolean,
  ): Promise<void> => taskMetricIs(worker, `kafka_connect_${name}`, connector, isRight);

  test('R10.11 testSinkConnector: three tasks take a partition each, all records and commits arrive, and the metrics count them', async () => {
    const name = 'simple-sink';
    await broker.createTopic('sink-topic', PARTITIONS);
    const config = sinkConfig('sink-topic', { 'tasks.max': String(TASKS.length) });
    assert.equal(await errorCount(config), 1);
    assert.equal(await errorCount({ ...config, name }), 0);
    await worker.rest.putConnectorConfig(name, config);
    await connectorRuns(worker, name, TASKS.length);
    const { journal } = worker;
    const isEach = (counts: readonly number[]): boolean =>
      counts.length === TASKS.length && counts.every((count) => count === 1);
    await metricIs('sink_task_partition_count', name, isEach);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const own = Array.from({ length: RECORDS }, (_, i) => i).filter(
        (i) => i % PARTITIONS === partition,
      );
      const values = own.map((i) => `simple-message-value-${i}`);
      await broker.produce('sink-topic', values, partition);
    }
    const received = (): number =>
      TASKS.reduce((sum, task) => sum + journal.sum(`${name}-${task}`, 'put', 'count'), 0);
    await eventually('all records', () => received() >= RECORDS);
    const committed = (): number =>
      TASKS.map((task) => {
        const [text = ''] = stringsOf(journal.entries(`${name}-${task}`, 'committed').at(-1));
        return Number(text.split('@')[1] ?? 0);
      }).reduce((sum, offset) => sum + offset, 0);
    await eventually('all commits', () => committed() === RECORDS);
    assert.equal(received(), RECORDS);
    for (const total of ['sink_record_read_total', 'sink_record_send_total'])
      await metricIs(`sink_task_${total}`, name, (values) => sum(values) === RECORDS);
    await metricIs(
      'sink_task_offset_commit_completion_total',
      name,
      (counts) => counts.length === TASKS.length && counts.every((count) => count > 0),
    );
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  });

  test('R10.11 testSourceConnector: three tasks fill a topic, their records are committed, and the metrics count them', async () => {
    const name = 'simple-source';
    const each = Math.ceil(RECORDS / TASKS.length);
    await broker.createTopic('source-topic', PARTITIONS);
    const config = sourceConfig('source-topic', {
      'tasks.max': String(TASKS.length),
      throughput: '500',
      'max.messages': String(each),
    });
    assert.equal(await errorCount(config), 1);
    assert.equal(await errorCount({ ...config, name }), 0);
    await worker.rest.putConnectorConfig(name, config);
    const { journal } = worker;
    const counted = (event: string): number =>
      TASKS.reduce((all, task) => all + journal.sum(`${name}-${task}`, event, 'count'), 0);
    await eventually('enough records', () => counted('records') >= RECORDS);
    await eventually('all commits', () => counted('committed') === counted('records'));
    const records = await printedRecords(broker.bootstrapServers, 'source-topic');
    const wanted = TASKS.flatMap((task) =>
      Array.from({ length: each }, (_, i) => `value-${name}-${task}-${i + 1}`),
    );
    const values = records.map(({ value }) => value ?? '');
    assert.deepEqual(values.toSorted(), wanted.toSorted());
    const wantedTotals = [each, each, each].join();
    for (const total of ['source_record_poll_total', 'source_record_write_total'])
      await metricIs(`source_task_${total}`, name, (values) => values.join() === wantedTotals);
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function stringsOf(entry: { readonly [detail: string]: unknown } | undefined): readonly string[] {
  const partitions = entry?.['partitions'];
  return Array.isArray(partitions) ? partitions.map(String) : [];
}
