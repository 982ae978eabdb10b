/**
 * Goal: section 8 of Connect's facts, row by row: every attribute that Java's worker has over JMX stands
 * in `/metrics` of a running one, under the name that the usual rules of the JMX exporter give it, in text
 * that Prometheus takes. One worker with a source and a sink, both transforming; one broker.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RestServer } from '@sluice/rest/server';
import { freePort, startDevBrokerForTest, type DevBrokerServer } from '@sluice/testing';
import { parseExposition, type ExposedFamily } from './support/exposition-text.ts';
import { aLiveWorker, eventually, type LiveWorker } from './support/live-worker.ts';
import { MemoryLogger } from './support/task-fixture.ts';

const KAFKA = 'org.apache.kafka.connect';
const TRANSFORMATION = {
  transforms: 'hoist',
  'transforms.hoist.type': `${KAFKA}.transforms.HoistField$Value`,
  'transforms.hoist.field': 'line',
  'transforms.hoist.predicate': 'all',
  predicates: 'all',
  'predicates.all.type': `${KAFKA}.transforms.predicates.TopicNameMatches`,
  'predicates.all.pattern': '.*',
};
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Tells the labels of a task of either connector. */
const SOURCE = { connector: 'source', task: '0' };
const SINK = { connector: 'sink', task: '0' };

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

describe('metrics of a running worker', () => {
  let broker: DevBrokerServer;
  let worker: LiveWorker;
  let server: RestServer;
  let families: ReadonlyMap<string, ExposedFamily>;

  before(async () => {
    broker = await startDevBrokerForTest();
    worker = await aLiveWorker(broker.bootstrapServers);
    server = await RestServer.start({
      props: { listeners: `http://127.0.0.1:${await freePort()}` },
      logger: new MemoryLogger(),
    });
    server.mount(worker.herder);
    const file = await worker.write('in', 'one\ntwo\nthree\n');
    const source = { name: 'source', 'connector.class': 'FileStreamSource', topic: 'lines', file };
    const sink = { name: 'sink', 'connector.class': 'FileStreamSink', topics: 'lines' };
    await worker.create({ ...source, ...TRANSFORMATION });
    await worker.create({ ...sink, ...TRANSFORMATION, file: worker.dir.join('out') });
    await eventually('all is through and committed', async () => {
      const { insight } = worker.herder;
      const [[read], [written]] = await Promise.all([
        insight.progress('source'),
        insight.progress('sink'),
      ]);
      const commits = [read?.offset_commits ?? 0, written?.offset_commits ?? 0];
      return written?.records_out === 3 && commits.every((count) => count > 0);
    });
    families = parseExposition(await scrape());
  });
  after(async () => {
    await server.close();
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  async function scrape(): Promise<string> {
    const answer = await fetch(`${server.localUrl}/metrics`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), CONTENT_TYPE);
    return answer.text();
  }

  /** The labels of the one sample that has these; fails when there are none or several. */
  function labelsOf(name: string, labels: object): Readonly<Record<string, string>> {
    const wanted = Object.entries(labels);
    const found = (families.get(name)?.samples ?? []).filter((sample) =>
      wanted.every(([label, value]) => sample.labels[label] === value),
    );
    assert.equal(found.length, 1, `${name}${JSON.stringify(labels)}`);
    return found[0]?.labels ?? {};
  }

  function value(name: string, labels: object): number {
    const keys = Object.keys(labels).sort();
    const samples = families.get(name)?.samples ?? [];
    const found = samples.find(
      (sample) =>
        Object.keys(sample.labels).sort().join() === keys.join() &&
        Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
    );
    assert.ok(found !== undefined, `${name}${JSON.stringify(labels)} is missing`);
    return found.value;
  }

  /** Every attribute is there, with exactly these labels. */
  function valuesOf(
    prefix: string,
    attributes: string,
    labels: object,
  ): ReadonlyMap<string, number> {
    return new Map(
      words(attributes).map((attribute) => [
        attribute,
        value(`${prefix}_${attribute.replaceAll('-', '_')}`, labels),
      ]),
    );
  }

  test('the text is what Prometheus reads, at every scrape', async () => {
    const names = [...families.keys()];
    assert.ok(names.length > 100, String(names.length));
    assert.deepEqual(names, [...names].sort());
    assert.deepEqual([...parseExposition(await scrape()).keys()], names);
    for (const [name, { type, help }] of families) {
      assert.ok(help.endsWith('.') || help.length > 0, name);
      if (name.endsWith('_total')) assert.equal(type, 'counter', name);
    }
  });

  test('R8.01 a connector tells its state, class, type and version', () => {
    const { connector_class, connector_type, connector_version, status } = labelsOf(
      'kafka_connect_connector_info',
      { connector: 'sink' },
    );
    assert.equal(connector_class, `${KAFKA}.file.FileStreamSinkConnector`);
    assert.equal(connector_type, 'sink');
    assert.match(connector_version ?? '', /^\d+\.\d+/);
    assert.equal(status, 'running');
    for (const connector of ['source', 'sink'])
      assert.equal(value('kafka_connect_connector_status', { connector, status: 'running' }), 1);
  });

  test('R8.02 a task tells its state, how it spends its time, its batches and its commits', () => {
    const attributes = `running-ratio pause-ratio offset-commit-max-time-ms offset-commit-avg-time-ms
      batch-size-max batch-size-avg offset-commit-failure-percentage
      offset-commit-success-percentage`;
    for (const labels of [SOURCE, SINK]) {
      const found = valuesOf('kafka_connect_connector_task', attributes, labels);
      for (const attribute of words(attributes))
        assert.ok(Number(found.get(attribute)) >= 0, `${labels.connector} ${attribute}`);
      assert.equal(found.get('batch-size-max'), 3);
      assert.equal(found.get('offset-commit-success-percentage'), 1);
      const running = { ...labels, status: 'running' };
      assert.equal(value('kafka_connect_connector_task_status', running), 1);
      assert.equal(value('kafka_connect_connector_status', running), 1);
    }
  });

  test('R8.03 a source task tells what it polled, wrote and has under way', () => {
    const found = valuesOf(
      'kafka_connect_source_task',
      `source-record-poll-rate source-record-poll-total source-record-write-rate
      source-record-write-total poll-batch-max-time-ms poll-batch-avg-time-ms
      source-record-active-count source-record-active-count-max source-record-active-count-avg
      transaction-size-min transaction-size-max transaction-size-avg`,
      SOURCE,
    );
    assert.equal(found.get('source-record-poll-total'), 3);
    assert.equal(found.get('source-record-write-total'), 3);
    assert.equal(found.get('source-record-active-count'), 0);
    assert.equal(found.get('source-record-active-count-max'), 3);
    assert.ok(Number(found.get('source-record-poll-rate')) > 0);
    assert.ok(Number(found.get('source-record-write-rate')) > 0);
    assert.ok(Number(found.get('poll-batch-max-time-ms')) >= 0);
    assert.equal(found.get('transaction-size-max'), Number.NaN);
    assert.equal(
      families.get('kafka_connect_source_task_source_record_poll_total')?.samples.length,
      1,
    );
  });

  test('R8.04 a sink task tells what it read, sent, committed and has under way', () => {
    const found = valuesOf(
      'kafka_connect_sink_task',
      `sink-record-read-rate sink-record-read-total sink-record-send-rate sink-record-send-total
      sink-record-lag-max partition-count offset-commit-seq-no offset-commit-completion-rate
      offset-commit-completion-total offset-commit-skip-rate offset-commit-skip-total
      put-batch-max-time-ms put-batch-avg-time-ms sink-record-active-count
      sink-record-active-count-max sink-record-active-count-avg`,
      SINK,
    );
    assert.equal(found.get('sink-record-read-total'), 3);
    assert.equal(found.get('sink-record-send-total'), 3);
    assert.equal(found.get('partition-count'), 1);
    assert.equal(found.get('sink-record-active-count'), 0);
    assert.ok(Number(found.get('offset-commit-seq-no')) >= 1);
    assert.ok(Number(found.get('offset-commit-completion-total')) >= 1);
    assert.equal(found.get('offset-commit-skip-total'), 0);
    assert.ok(Number(found.get('put-batch-max-time-ms')) >= 0);
  });

  test('R8.05 a task tells its errors', () => {
    const attributes = `total-record-failures total-record-errors total-records-skipped total-retries
      total-errors-logged deadletterqueue-produce-requests deadletterqueue-produce-failures
      last-error-timestamp`;
    for (const labels of [SOURCE, SINK]) {
      const found = valuesOf('kafka_connect_task_error', attributes, labels);
      assert.deepEqual(
        [...found.values()],
        words(attributes).map(() => 0),
      );
    }
  });

  test('R8.06 a worker tells how many connectors and tasks it has and how they started', () => {
    const startups = (what: string): string =>
      words('attempts-total success-total success-percentage failure-total failure-percentage')
        .map((name) => `${what}-startup-${name}`)
        .join(' ');
    const attributes = `connector-count task-count ${startups('connector')} ${startups('task')}`;
    const found = valuesOf('kafka_connect_worker', attributes, {});
    assert.deepEqual([...found.values()], [2, 2, 2, 2, 1, 0, 0, 2, 2, 1, 0, 0]);
  });

  test('R8.07 a worker tells the states of the tasks of each connector', () => {
    const states = words('total running paused failed unassigned destroyed restarting');
    const attributes = states.map((state) => `connector-${state}-task-count`).join(' ');
    for (const connector of ['source', 'sink']) {
      const found = valuesOf('kafka_connect_worker', attributes, { connector });
      assert.deepEqual([...found.values()], [1, 1, 0, 0, 0, 0, 0]);
    }
  });

  test('R8.11 states are in small letters, and the cluster is told', () => {
    for (const name of ['kafka_connect_connector_status', 'kafka_connect_connector_task_status'])
      for (const { labels } of families.get(name)?.samples ?? [])
        assert.match(labels['status'] ?? '', /^[a-z]+$/);
    const info = labelsOf('kafka_connect_app_info', {});
    assert.equal(info['connect_kafka_cluster_id'], 'c');
    assert.match(info['version'] ?? '', /^4\./);
  });

  test('versions and the start of the worker have the names that the exporter gives them', () => {
    const clientid = 'me:8083';
    assert.equal(labelsOf('kafka_connect_version_info', { clientid })['version'], '4.3.1-sluice');
    assert.equal(labelsOf('kafka_connect_commit_id_info', { clientid })['commit_id'], 'x');
    const startedS = value('kafka_connect_start_time_seconds', { clientid });
    assert.ok(Math.abs(Date.now() / 1_000 - startedS) < 3_600, String(startedS));
  });

  test('R8.12 a task tells the class and version of all that takes part in it', () => {
    for (const labels of [SOURCE, SINK]) {
      const { connector } = labels;
      const simple = connector === 'source' ? 'FileStreamSource' : 'FileStreamSink';
      const info = labelsOf('kafka_connect_connector_task_info', labels);
      assert.equal(info['connector_type'], connector);
      assert.equal(info['connector_class'], `${KAFKA}.file.${simple}Connector`);
      assert.equal(info['task_class'], `${KAFKA}.file.${simple}Task`);
      for (const part of words('key-converter value-converter header-converter')) {
        const label = part.replaceAll('-', '_');
        assert.match(info[`${label}_class`] ?? '', /^org\.apache\.kafka\.connect\..*Converter$/);
        assert.match(info[`${label}_version`] ?? '', /^\d+\.\d+/);
      }
      assert.match(info['connector_version'] ?? '', /^\d+\.\d+/);
      assert.match(info['task_version'] ?? '', /^\d+\.\d+/);
      const transform = { ...labels, transform: 'hoist' };
      const step = labelsOf('kafka_connect_connector_transform_info', transform);
      assert.equal(step['transform_class'], TRANSFORMATION['transforms.hoist.type']);
      assert.match(step['transform_version'] ?? '', /^\d+\.\d+/);
      const test = labelsOf('kafka_connect_connector_predicate_info', {
        ...labels,
        predicate: 'all',
      });
      assert.equal(test['predicate_class'], TRANSFORMATION['predicates.all.type']);
      assert.match(test['predicate_version'] ?? '', /^\d+\.\d+/);
    }
  });
});
