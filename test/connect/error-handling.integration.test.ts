/** What Java's `ErrorHandlingIntegrationTest` asserts, of one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { kcat, makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import { ConnectWorker, sinkConfig } from './support/connect-worker.ts';
import { connectorIsGone, connectorRuns, eventually } from './support/connector-states.ts';
import { writePluginPackage } from './support/plugin-package.ts';
import { errorPlugins } from './support/plugins/error-plugins.ts';
import { Journal } from './support/plugins/journal.ts';
import { printedRecords } from './support/printed-record.ts';
import { SharedBroker } from './support/shared-broker.ts';
import { aPluginFolder, type PluginFolder } from './support/plugin-folder.ts';
import { taskMetricIs } from './support/worker-metrics.ts';

const SUITE = 'ErrorHandlingIntegrationTest';
const CONNECTOR = 'error-conn';
const TASK = 'error-conn-0';
const RECORDS = 1000;
const PREFIX = '__connect.errors.';
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
/** All errors tolerated, retried for a second, logged with the record, and into a topic. */
const ERRORS = {
  'errors.log.enable': 'true',
  'errors.log.include.messages': 'true',
  'errors.deadletterqueue.context.headers.enable': 'true',
  'errors.deadletterqueue.topic.replication.factor': '1',
  'errors.tolerance': 'all',
  'errors.retry.timeout': '1000',
};

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let plugins: PluginFolder;
  let dir: TempDir;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    plugins = await aPluginFolder();
    dir = await makeTempDir('error-plugins');
    await writePluginPackage(dir.path, {
      name: 'error-plugins',
      version: '1.0.0',
      module: new URL('./support/plugins/error-plugins.ts', import.meta.url),
      factory: 'errorPlugins',
      argument: dir.path,
      plugins: errorPlugins(dir.path),
    });
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      plugins,
      props: { 'plugin.path': `${plugins.path},${dir.path}` },
    });
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await dir?.[Symbol.asyncDispose]();
    await plugins?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  const produce = async (topic: string): Promise<void> => {
    const lines = Array.from({ length: RECORDS }, (_, i) => `key-${i}:value-${i}\n`);
    await kcat(['-b', broker.bootstrapServers, '-P', '-t', topic, '-K', ':'], lines.join(''));
  };
  const deadLetters = async (topic: string, count: number) => {
    await eventually(`${count} dead letters`, async () => {
      return (await printedRecords(broker.bootstrapServers, topic)).length >= count;
    });
    return printedRecords(broker.bootstrapServers, topic);
  };

  test('R10.09 testSkipRetryAndDLQWithHeaders: what fails once is tried again, what fails for ever is skipped, logged and told in the dead letter', async () => {
    await broker.createTopic('skip-retry');
    await worker.rest.createConnector({
      name: CONNECTOR,
      config: sinkConfig('skip-retry', {
        ...ERRORS,
        'errors.deadletterqueue.topic.name': 'skip-retry-errors',
        transforms: 'failing_transform',
        'transforms.failing_transform.type':
          'org.apache.kafka.connect.integration.ErrorHandlingIntegrationTest$FaultyPassthrough',
      }),
    });
    await connectorRuns(worker, CONNECTOR, 1);
    await produce('skip-retry');
    await eventually('all records but one', () => {
      return plugins.journal.sum(TASK, 'put', 'count') >= RECORDS - 1;
    });
    const values = plugins.journal
      .entries(TASK, 'put')
      .flatMap(({ records }) => (Array.isArray(records) ? records : []))
      .map((text) => String(text).split('=')[1]);
    const wanted = Array.from({ length: RECORDS }, (_, i) => `value-${i}`);
    assert.deepEqual(
      values,
      wanted.filter((value) => value !== 'value-7'),
    );

    const [letter, ...others] = await deadLetters('skip-retry-errors', 1);
    assert.deepEqual(others, []);
    assert.deepEqual([letter?.key, letter?.value], ['key-7', 'value-7']);
    assertContext(letter?.headers ?? []);
    const logged = worker.log
      .split('\n')
      .filter((line) => line.includes('Error encountered in task'));
    assert.equal(logged.length, 1);
    assert.match(
      logged[0] ?? '',
      /task error-conn-0\. Executing stage 'TRANSFORMATION' with class '.*FaultyPassthrough'.*topic='skip-retry', partition=0, offset=7/,
    );
    for (const [metric, value] of [
      ['total_records_skipped', 1],
      ['total_errors_logged', 1],
      ['deadletterqueue_produce_requests', 1],
      ['deadletterqueue_produce_failures', 0],
    ] as const)
      await taskMetricIs(
        worker,
        `kafka_connect_task_error_${metric}`,
        CONNECTOR,
        (values) => values.join() === String(value),
      );
    // Of the record that came through at the second try at least.
    await taskMetricIs(
      worker,
      'kafka_connect_task_error_total_retries',
      CONNECTOR,
      ([retries = 0]) => retries >= 1,
    );
    await worker.rest.deleteConnector(CONNECTOR);
    await connectorIsGone(worker, CONNECTOR);
  });

  test('R10.09 testErrantRecordReporter: each record that the sink reports is a dead letter, over many deliveries', async () => {
    await broker.createTopic('errant');
    const name = 'errant-conn';
    await worker.rest.createConnector({
      name,
      config: {
        ...sinkConfig('errant', ERRORS),
        'connector.class': 'ErrantRecordSinkConnector',
        'errors.deadletterqueue.topic.name': 'errant-errors',
        'consumer.override.max.poll.records': '5',
        'key.converter': STRING,
      },
    });
    await connectorRuns(worker, name, 1);
    await produce('errant');
    const journal = new Journal(dir.path);
    await eventually('all records', () => journal.sum(`${name}-0`, 'put', 'count') >= RECORDS);
    const puts = journal.entries(`${name}-0`, 'put').map(({ count }) => Number(count));
    assert.ok(Math.max(...puts) <= 5);
    assert.equal(journal.sum(`${name}-0`, 'put', 'count'), RECORDS);

    const letters = await deadLetters('errant-errors', RECORDS);
    assert.deepEqual(
      letters.map(({ key, value }) => `${key}:${value}`),
      Array.from({ length: RECORDS }, (_, i) => `key-${i}:value-${i}`),
    );
    const last = new Map(letters.at(-1)?.headers);
    assert.equal(last.get(`${PREFIX}stage`), 'TASK_PUT');
    assert.equal(last.get(`${PREFIX}offset`), String(RECORDS - 1));
    assert.equal(last.get(`${PREFIX}exception.message`), 'not wanted: value-999');
    // Committed offsets wait for the letters, and come to the end.
    await eventually('the last offset to be committed', async () => {
      const { offsets } = await worker.rest.connectorOffsets(name);
      return offsets[0]?.offset?.['kafka_offset'] === RECORDS;
    });
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  });
});

/** The ten headers of a dead letter, in Java's words. */
function assertContext(given: readonly (readonly [string, string])[]): void {
  const headers = new Map(given);
  const trace = headers.get(`${PREFIX}exception.stacktrace`) ?? '';
  const error = 'org.apache.kafka.connect.errors.RetriableException';
  assert.ok(trace.startsWith(`${error}: Error when value='value-7'\n`), trace);
  assert.equal(headers.size, given.length);
  assert.deepEqual(Object.fromEntries(headers), {
    [`${PREFIX}topic`]: 'skip-retry',
    [`${PREFIX}partition`]: '0',
    [`${PREFIX}offset`]: '7',
    [`${PREFIX}connector.name`]: CONNECTOR,
    [`${PREFIX}task.id`]: '0',
    [`${PREFIX}stage`]: 'TRANSFORMATION',
    [`${PREFIX}class.name`]:
      'org.apache.kafka.connect.integration.ErrorHandlingIntegrationTest$FaultyPassthrough',
    [`${PREFIX}exception.class.name`]: error,
    [`${PREFIX}exception.message`]: "Error when value='value-7'",
    [`${PREFIX}exception.stacktrace`]: trace,
  });
}
