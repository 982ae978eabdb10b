import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { ConfigError, RetriableError, type SinkTask, type SourceTask } from '@sluice/api';
import { KafkaError } from '@sluice/kafka';
import { NotingTask, P0, start, values } from '../../test/support/sink-task-run.ts';
import { lines, QueueTask, runUntilIdle } from '../../test/support/source-task-run.ts';
import { mapValue, TaskFixture, until } from '../../test/support/task-fixture.ts';
import type { SinkTaskSpec, SourceTaskSpec } from '../task-host/contract.ts';
import type { WorkerSinkTask } from '../data-plane/worker-sink-task.ts';
import type { WorkerSourceTask } from '../data-plane/worker-source-task.ts';
import { openTelemetry, type OpenTelemetry } from './open-telemetry.ts';
import { requestTracer } from './request-tracing.ts';
import { SinkTracing } from './sink-tracing.ts';
import { SourceTracing } from './source-tracing.ts';

const TASK = { id: { connector: 'orders', task: 0 }, className: 'com.example.Orders' };

interface Recorded {
  readonly telemetry: OpenTelemetry;
  /** Name, attributes that tell of the batch, events and status of each span that has ended. */
  readonly spans: () => readonly string[];
}

function recorded(): Recorded {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return {
    telemetry: { api, tracer: provider.getTracer('test') },
    spans: () =>
      exporter.getFinishedSpans().map(({ name, attributes, events, status }) => {
        const count = attributes['messaging.batch.message_count'] ?? '';
        const steps = events.map((event) => event.name).join(' ');
        const end = attributes['sluice.committed'] ?? attributes['sluice.acknowledged'] ?? '';
        const verdict = status.code === api.SpanStatusCode.ERROR ? 'error' : '';
        return [name, count, steps, String(end) + verdict].join('|');
      }),
  };
}

class TracedFixture extends TaskFixture {
  readonly recorded: Recorded;
  readonly sources: SourceTracing;
  readonly sinks: SinkTracing;

  constructor(options: ConstructorParameters<typeof TaskFixture>[0] = {}) {
    const made = recorded();
    const sources = new SourceTracing(made.telemetry, TASK);
    const sinks = new SinkTracing(made.telemetry, TASK);
    super({ ...options, clients: (kafka) => sinks.clients(sources.clients(kafka)) });
    this.recorded = made;
    this.sources = sources;
    this.sinks = sinks;
  }

  override source(task: SourceTask, spec: Partial<SourceTaskSpec> = {}): WorkerSourceTask {
    return super.source(this.sources.task(task), spec);
  }

  override sink(task: SinkTask, spec: Partial<SinkTaskSpec> = {}): WorkerSinkTask {
    return super.sink(this.sinks.task(task), spec);
  }
}

test('a source batch is a span from its poll to its last acknowledgement', async () => {
  const drop = mapValue((value) => (value === 'drop' ? null : value));
  const fixture = new TracedFixture({ steps: [drop] });
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const task = new QueueTask(lines('one', 'drop', 'two'), lines('three'), lines('drop'));
  const run = await runUntilIdle(fixture, task);
  const [producer] = fixture.kafka.producers;
  assert.deepEqual(
    fixture.recorded.spans(),
    ['send orders|1|sent|'],
    'nothing is left to wait for',
  );
  producer?.ackValues(['three', 'one']);
  assert.deepEqual(fixture.recorded.spans().slice(1), ['send orders|1|sent|']);
  producer?.ackValues(['two']);
  assert.deepEqual(fixture.recorded.spans().slice(2), ['send orders|3|sent|']);
  await run.stop();
  assert.deepEqual(new Set(task.committed), new Set(['drop', 'one', 'three', 'two']));
});

test('a batch that Kafka refused is an error, one without an answer says so at the end', async () => {
  const fixture = new TracedFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const run = await runUntilIdle(fixture, new QueueTask(lines('one'), lines('two')));
  fixture.kafka.producers[0]?.fail(new KafkaError('MESSAGE_TOO_LARGE', 'too large'), 1);
  assert.deepEqual(fixture.recorded.spans(), ['send orders|1|sent exception|error']);
  await run.stop();
  fixture.sources.close();
  assert.deepEqual(fixture.recorded.spans().slice(1), ['send orders|1|sent|false']);
});

test('a sink batch is a span from its fetch over put to the commit of its offsets', async () => {
  const fixture = new TracedFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('one', 'two'));
  run.consumer.assignLater([P0]);
  await until('the records are put', () => task.values.length === 2);
  assert.deepEqual(fixture.recorded.spans(), []);
  await run.stop();
  assert.deepEqual(fixture.recorded.spans(), ['process orders|2|put committed|']);
});

test('empty polls between fetch and commit leave nothing in the span', async () => {
  const fixture = new TracedFixture({ spec: { offsetFlushIntervalMs: 20 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('one'));
  run.consumer.assignLater([P0]);
  await until('empty batches are put', () => task.emptyPuts >= 2);
  await until('it is committed', () => fixture.recorded.spans().length > 0);
  await run.stop();
  assert.deepEqual(fixture.recorded.spans(), ['process orders|1|put committed|']);
});

test('a put that is tried again tells both, one that fails for good is an error', async () => {
  const fixture = new TracedFixture();
  const failures = [new RetriableError('not now'), null, new Error('never')];
  const task = new NotingTask();
  task.onPut = () => {
    const failure = failures.shift() ?? null;
    if (failure !== null) throw failure;
  };
  const run = await start(fixture, task);
  run.consumer.assignLater([P0]);
  run.consumer.log('orders', 0, values('one'));
  await until('the first is put', () => failures.length <= 1);
  run.consumer.log('orders', 0, values('two'));
  await run.outcome;
  fixture.sinks.close();
  assert.deepEqual(fixture.recorded.spans(), [
    'process orders|1|exception put committed|',
    'process orders|1|exception|falseerror',
  ]);
});

test('a REST request is a span with its route, 5xx and clients that have gone are errors', () => {
  const { telemetry, spans } = recorded();
  const tracer = requestTracer(telemetry);
  const request = { method: 'GET', path: '/connectors/a', headers: {} };
  tracer.begin(request).end(200, '/connectors/:connector');
  tracer.begin(request).end(500, null);
  tracer.begin(request).end(null, null);
  assert.deepEqual(spans(), ['GET /connectors/:connector|||', 'GET|||error', 'GET|||error']);
});

test('nothing is imported unless it is asked for, and what is missing is said with the command', async () => {
  const missing = Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' });
  const importNothing = (): Promise<typeof api> => Promise.reject(missing);
  assert.equal(await openTelemetry('none', importNothing), null);
  await assert.rejects(openTelemetry('opentelemetry', importNothing), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /sluice\.tracing.*"npm install @opentelemetry\/api"/);
    return true;
  });
  const found = await openTelemetry('OpenTelemetry');
  assert.equal(typeof found?.tracer.startSpan, 'function');
});
