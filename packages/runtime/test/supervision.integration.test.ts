import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { MetricFamily } from '@sluice/rest';
import { startDevBrokerForTest, type DevBrokerServer } from '@sluice/testing';
import { aLiveWorker, eventually, soon, type LiveWorker } from './support/live-worker.ts';

const HOIST = 'org.apache.kafka.connect.transforms.HoistField$Value';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

describe('what a worker tells of connectors that really run', () => {
  let broker: DevBrokerServer;
  let worker: LiveWorker;
  let source: Record<string, string>;
  let sink: Record<string, string>;
  before(async () => {
    broker = await startDevBrokerForTest();
    worker = await aLiveWorker(broker.bootstrapServers);
    const file = await worker.write('in', 'one\ntwo\nthree\n');
    source = { name: 'source', 'connector.class': 'FileStreamSource', topic: 'lines', file };
    sink = { name: 'sink', 'connector.class': 'FileStreamSink', topics: 'lines' };
    await worker.create(source);
    await worker.create({ ...sink, file: worker.dir.join('out') });
    await eventually('all is through', async () => {
      const [task] = await worker.herder.insight.progress('sink');
      return task?.records_out === 3 && task.offset_commits > 0;
    });
    // The first commits may have had nothing to commit yet.
    await eventually('and committed', async () => {
      const active = (await families()).get('kafka_connect_sink_task_sink_record_active_count');
      return active?.samples.every(({ value }) => value === 0) === true;
    });
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  async function families(): Promise<ReadonlyMap<string, MetricFamily>> {
    const found = await worker.herder.metrics.families();
    return new Map(found.map((family) => [family.name, family]));
  }

  test('R8.02 R8.03 R8.04 R8.06 R8.07 the totals, counts and times of a source and a sink that run', async () => {
    await soon('the totals are right', async () => {
      const found = await families();
      const value = (name: string, connector?: string): number | undefined =>
        found
          .get(`kafka_connect_${name}`)
          ?.samples.find(({ labels }) => labels['connector'] === connector)?.value;
      assert.equal(value('worker_connector_count'), 2);
      assert.equal(value('worker_task_count'), 2);
      assert.equal(value('worker_connector_startup_success_total'), 2);
      assert.equal(value('worker_task_startup_attempts_total'), 2);
      assert.equal(value('worker_task_startup_failure_percentage'), 0);
      assert.equal(value('worker_connector_running_task_count', 'sink'), 1);
      assert.equal(value('source_task_source_record_poll_total', 'source'), 3);
      assert.equal(value('source_task_source_record_write_total', 'source'), 3);
      assert.equal(value('source_task_source_record_active_count', 'source'), 0);
      assert.equal(value('sink_task_sink_record_read_total', 'sink'), 3);
      assert.equal(value('sink_task_sink_record_send_total', 'sink'), 3);
      assert.equal(value('sink_task_partition_count', 'sink'), 1);
      assert.equal(value('sink_task_sink_record_active_count', 'sink'), 0);
      assert.equal(value('task_error_total_records_skipped', 'sink'), 0);
      assert.equal(value('connector_task_offset_commit_success_percentage', 'sink'), 1);
      assert.ok(Number(value('connector_task_running_ratio', 'source')) > 0.1);
      assert.ok(Number(value('source_task_poll_batch_avg_time_ms', 'source')) >= 0);
      const status = found.get('kafka_connect_connector_status')?.samples ?? [];
      assert.deepEqual(
        status.map(({ labels }) => `${labels['connector']} ${labels['status']}`),
        ['source running', 'source running', 'sink running', 'sink running'],
      );
      assert.match(
        found.get('kafka_connect_connector_task_info')?.samples[0]?.labels['task_class'] ?? '',
        /FileStreamSourceTask$/,
      );
      const lag = found.get('kafka_consumer_fetch_manager_records_lag_max')?.samples ?? [];
      assert.ok(lag.some(({ labels }) => labels['clientid'] === 'connector-consumer-sink-0'));
      assert.ok(Number(value('sink_task_sink_record_lag_max', 'sink')) >= 0);
      assert.ok(found.has('kafka_connect_connector_info') && found.has('kafka_connect_app_info'));
      assert.ok(Number(found.get('process_cpu_seconds_total')?.samples[0]?.value) > 0);
    });
  });

  test('R8.01 R8.02 R8.03 R8.04 R8.05 R8.06 R8.07 every sensor of Java is there, by names that Prometheus takes', async () => {
    await soon('every sensor is there', async () => {
      const names = [...(await families()).keys()];
      assert.deepEqual(names, [...names].sort());
      for (const name of names) assert.match(name, /^[a-z_][a-z0-9_]*$/);
      assert.equal(new Set(names).size, names.length);
      for (const name of JAVA_SENSORS) assert.ok(names.includes(name), `${name} is missing`);
    });
  });

  test('how old records are when they are in Kafka, and when put returns', async () => {
    await soon('the age of records is told', async () => {
      const latency = (await families()).get('sluice_task_record_latency_max_ms')?.samples ?? [];
      const sink = latency.find(({ labels }) => labels['connector'] === 'sink');
      assert.ok(Number(sink?.value) >= 0);
    });
  });

  test('progress, health and stalls of healthy tasks', async () => {
    await soon('they are healthy', async () => {
      const { insight } = worker.herder;
      const [task] = await insight.progress('source');
      assert.equal(task?.records_in, 3);
      assert.equal(task?.state, 'RUNNING');
      assert.ok(Number(task?.last_progress_ms) > 0);
      const { connectors, failed_tasks, parts } = await insight.health();
      assert.deepEqual([connectors, failed_tasks], [2, 0]);
      assert.deepEqual(
        parts.map(({ name, status }) => `${name} ${status}`),
        ['kafka healthy', 'offset-store healthy', 'tasks healthy', 'task-threads healthy'],
      );
      assert.deepEqual(await insight.stalledTasks(), []);
      await assert.rejects(insight.progress('nope'), /Connector nope not found/);
    });
  });

  test('a preview of a source shows each step, and stores nothing', async () => {
    await soon('the preview is complete', async () => {
      const { herder } = worker;
      const config = {
        ...source,
        name: 'tried',
        'value.converter': JSON_CONVERTER,
        'value.converter.schemas.enable': 'false',
        transforms: 'hoist',
        'transforms.hoist.type': HOIST,
        'transforms.hoist.field': 'line',
      };
      const { records, notes } = await herder.insight.preview({ config, records: 2 });
      assert.deepEqual(
        records[0]?.steps.map(({ step }) => step),
        ['poll', 'transformation:hoist', 'KAFKA_PRODUCE'],
      );
      assert.equal(records[0]?.steps[0]?.record?.['value'], 'one');
      assert.equal(records[0]?.steps[1]?.record?.['value'], 'Struct{line=one}');
      assert.equal(records[1]?.steps[2]?.record?.['value'], '{"line":"two"}');
      assert.match(notes.join(), /no offset was read or stored/);
      assert.deepEqual(await herder.connectors(), ['source', 'sink']);
    });
  });

  test('a preview of a sink shows where a converter fails, and what it was given', async () => {
    await soon('the preview is complete', async () => {
      const file = worker.dir.join('never');
      const config = { ...sink, file, 'value.converter': JSON_CONVERTER };
      const { records } = await worker.herder.insight.preview({ config, records: 1 });
      const steps = records[0]?.steps ?? [];
      assert.deepEqual(
        steps.map(({ step }) => step),
        ['KAFKA_CONSUME', 'VALUE_CONVERTER'],
      );
      assert.equal(steps[0]?.record?.['value'], 'three');
      assert.match(steps[1]?.error ?? '', /Converting byte\[\] to Kafka Connect data failed/);
    });
  });

  test('a preview of what is not valid is refused with the reasons', async () => {
    const config = { 'connector.class': 'FileStreamSink', topics: '', name: 'x' };
    await assert.rejects(
      worker.herder.insight.preview({ config, records: 1 }),
      /Must configure one of topics or topics\.regex/,
    );
    await assert.rejects(
      worker.herder.insight.preview({ config: sink, records: 0 }),
      /ask for 1 to 100/,
    );
  });
});

test('the restart policy brings a task back that fails for a while', async () => {
  await using broker = await startDevBrokerForTest();
  await using worker = await aLiveWorker(broker.bootstrapServers, {
    'sluice.restart.enable': 'true',
    'sluice.restart.backoff.ms': '50',
  });
  const file = await worker.write('values', '{"a":1}\n{"a":}\n');
  const config = {
    name: 'json',
    'connector.class': 'JsonLinesSource',
    topic: 'values',
    file,
    'value.converter': JSON_CONVERTER,
    'value.converter.schemas.enable': 'false',
  };
  const { herder } = worker;
  await herder.putConnectorConfig('json', config, { allowReplace: false });
  await eventually('it has failed and was restarted more than once', async () => {
    const [entry] = await herder.insight.errors('json');
    return Number(entry?.count) > 2;
  });
  const [entry] = await herder.insight.errors('json');
  assert.equal(entry?.task, 0);
  assert.match(entry?.last_message ?? '', /line 2/);
  await writeFile(file, '{"a":1}\n{"a":2}\n');
  await eventually('it runs and has read the rest', async () => {
    const { tasks } = await herder.connectorStatus('json');
    const [task] = await herder.insight.progress('json');
    return tasks[0]?.state === 'RUNNING' && Number(task?.records_out) > 0;
  });
});

test('R8.05 dead letters of a source: what failed, where it came from and why; the rest goes on', async () => {
  await using broker = await startDevBrokerForTest();
  await using worker = await aLiveWorker(broker.bootstrapServers);
  const file = await worker.write('in', '1\ntwo\n3\n');
  const { herder } = worker;
  await worker.create({
    name: 'numbers',
    'connector.class': 'FileStreamSource',
    topic: 'numbers',
    file,
    transforms: 'cast',
    'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
    'transforms.cast.spec': 'int32',
    'errors.tolerance': 'all',
    'sluice.errors.deadletterqueue.topic.name': 'rejected',
    'sluice.errors.deadletterqueue.topic.replication.factor': '1',
  });
  await eventually('all three are done with', async () => {
    const [task] = await herder.insight.progress('numbers');
    return task?.records_out === 2 && task.records_skipped === 1;
  });
  await eventually('the offset behind all of them is stored', async () => {
    const [stored] = await herder.connectorOffsets('numbers');
    return stored?.offset === '{"position":8}';
  });
  const config = {
    name: 'look',
    'connector.class': 'FileStreamSink',
    topics: 'rejected',
    file: worker.dir.join('none'),
    'header.converter': 'org.apache.kafka.connect.storage.StringConverter',
  };
  let letter: Readonly<Record<string, unknown>> | undefined;
  await soon('the letter is read', async () => {
    const { records } = await herder.insight.preview({ config, records: 5 });
    assert.equal(records.length, 1);
    letter = records[0]?.steps.at(-1)?.record ?? undefined;
  });
  assert.equal(letter?.['value'], 'two');
  const headers = String(letter?.['headers']);
  const partition = JSON.stringify({ filename: file });
  assert.ok(headers.startsWith('__connect.errors.topic=numbers, '), headers);
  assert.ok(headers.includes(`__connect.errors.source.partition=${partition}, `), headers);
  assert.ok(headers.includes('__connect.errors.source.offset={"position":6}, '), headers);
  assert.ok(headers.includes('__connect.errors.stage=TRANSFORMATION, '), headers);
  await soon('it is counted', async () => {
    const families = await herder.metrics.families();
    const counted = (name: string): number | undefined =>
      families
        .find((family) => family.name === `kafka_connect_task_error_${name}`)
        ?.samples.find(({ labels }) => labels['connector'] === 'numbers')?.value;
    const counts = ['total_record_failures', 'total_record_errors', 'total_records_skipped'];
    assert.deepEqual(counts.map(counted), [1, 1, 1]);
    assert.equal(counted('deadletterqueue_produce_requests'), 1);
    assert.equal(counted('deadletterqueue_produce_failures'), 0);
    assert.ok(Number(counted('last_error_timestamp')) > Date.now() - 600_000);
    const [seen] = await herder.insight.errors('numbers');
    assert.deepEqual([seen?.code, seen?.count, seen?.task], ['CONNECT_DATA', 1, 0]);
  });
});

/** Section 8, row by row, under the names that the usual rules of the JMX exporter give. */
const JAVA_SENSORS: readonly string[] = [
  'kafka_connect_connector_info',
  ...`running_ratio pause_ratio offset_commit_max_time_ms offset_commit_avg_time_ms batch_size_max
    batch_size_avg offset_commit_failure_percentage offset_commit_success_percentage`
    .split(/\s+/)
    .map((name) => `kafka_connect_connector_task_${name}`),
  ...`source_record_poll_rate source_record_poll_total source_record_write_rate
    source_record_write_total poll_batch_max_time_ms poll_batch_avg_time_ms
    source_record_active_count source_record_active_count_max source_record_active_count_avg
    transaction_size_min transaction_size_max transaction_size_avg`
    .split(/\s+/)
    .map((name) => `kafka_connect_source_task_${name}`),
  ...`sink_record_read_rate sink_record_read_total sink_record_send_rate sink_record_send_total
    partition_count offset_commit_seq_no offset_commit_completion_rate
    offset_commit_completion_total offset_commit_skip_rate offset_commit_skip_total
    put_batch_max_time_ms put_batch_avg_time_ms sink_record_active_count
    sink_record_active_count_max sink_record_active_count_avg`
    .split(/\s+/)
    .map((name) => `kafka_connect_sink_task_${name}`),
  ...`total_record_failures total_record_errors total_records_skipped total_retries
    total_errors_logged deadletterqueue_produce_requests deadletterqueue_produce_failures
    last_error_timestamp`
    .split(/\s+/)
    .map((name) => `kafka_connect_task_error_${name}`),
  ...`connector_count task_count connector_startup_attempts_total
    connector_startup_success_total connector_startup_success_percentage
    connector_startup_failure_total connector_startup_failure_percentage
    task_startup_attempts_total task_startup_success_total task_startup_success_percentage
    task_startup_failure_total task_startup_failure_percentage connector_total_task_count
    connector_running_task_count connector_paused_task_count connector_failed_task_count
    connector_unassigned_task_count connector_destroyed_task_count
    connector_restarting_task_count`
    .split(/\s+/)
    .map((name) => `kafka_connect_worker_${name}`),
];
