import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSinkRecord, type SinkRecord, type SinkTask, type SinkTaskContext } from '@sluice/api';
import { KafkaError } from '@sluice/kafka';
import { columnsOf } from '../../../test/support/fake-consumer.ts';
import { FakeKafka } from '../../../test/support/fake-kafka.ts';
import {
  MemoryLogger,
  TaskFixture,
  textConverter,
  textConverters,
  until,
} from '../../../test/support/task-fixture.ts';
import type { DeadLetterSpec } from '../../task-host/contract.ts';
import { consumedRecord } from './consumed-record.ts';
import { DeadLetterReporter } from './dead-letter-reporter.ts';
import { newErrorMetrics } from './error-metrics.ts';

const SPEC: DeadLetterSpec = {
  topic: 'orders.dead',
  replicationFactor: 1,
  isContextInHeaders: true,
  producerConfig: {},
  adminConfig: {},
};

function reporterOn(kafka: FakeKafka, changes: Partial<DeadLetterSpec> = {}): DeadLetterReporter {
  return new DeadLetterReporter({
    id: { connector: 'orders', task: 0 },
    spec: { ...SPEC, ...changes },
    clients: kafka,
    metrics: newErrorMetrics(),
    logger: new MemoryLogger(),
    converters: null,
  });
}

function aFailure() {
  const columns = columnsOf('orders', 1, 7, [
    { key: 'k', value: 'v', timestamp: 99, headers: [{ key: 'own', value: Buffer.from('h') }] },
  ]);
  return {
    stage: 'VALUE_CONVERTER',
    className: 'org.apache.kafka.connect.json.JsonConverter',
    error: new SyntaxError('Unexpected token'),
    failed: { type: 'sink', record: consumedRecord(columns, 0) },
  } as const;
}

test('the topic is created with one partition when it is missing (R5.18)', async () => {
  const kafka = new FakeKafka();
  await reporterOn(kafka).setUp(new AbortController().signal);
  assert.deepEqual(kafka.topics.get('orders.dead'), {
    name: 'orders.dead',
    partitions: 1,
    replicationFactor: 1,
    configs: {},
  });
  assert.deepEqual(kafka.producers[0]?.prepared, ['orders.dead']);
});

test('a topic that cannot be created fails the start with the key to change', async () => {
  const kafka = new FakeKafka();
  kafka.createError = new KafkaError('INVALID_REPLICATION_FACTOR', 'only 1 broker');
  await assert.rejects(
    reporterOn(kafka, { replicationFactor: 3 }).setUp(new AbortController().signal),
    /topic=orders\.dead: only 1 broker.*errors\.deadletterqueue\.topic\.replication\.factor/,
  );
});

test('a dead letter has the bytes, headers and time of the record, then what went wrong (R5.19)', async () => {
  const kafka = new FakeKafka();
  await reporterOn(kafka).report(aFailure());
  const [letter] = kafka.producers[0]?.appended ?? [];
  assert.deepEqual(
    [letter?.topic, letter?.partition, letter?.keyText, letter?.valueText, letter?.timestamp],
    ['orders.dead', null, 'k', 'v', 99],
  );
  const headers = (letter?.headers ?? []).map(({ key, value }) => [key, String(value)]);
  const stack = headers.pop();
  assert.deepEqual(headers, [
    ['own', 'h'],
    ['__connect.errors.topic', 'orders'],
    ['__connect.errors.partition', '1'],
    ['__connect.errors.offset', '7'],
    ['__connect.errors.connector.name', 'orders'],
    ['__connect.errors.task.id', '0'],
    ['__connect.errors.stage', 'VALUE_CONVERTER'],
    ['__connect.errors.class.name', 'org.apache.kafka.connect.json.JsonConverter'],
    ['__connect.errors.exception.class.name', 'java.lang.IllegalArgumentException'],
    ['__connect.errors.exception.message', 'Unexpected token'],
  ]);
  assert.equal(stack?.[0], '__connect.errors.exception.stacktrace');
  assert.match(stack?.[1] ?? '', /^java\.lang\.IllegalArgumentException: Unexpected token\n\tat /);
});

test('R5.19 an error without a message has a header without a value', async () => {
  const kafka = new FakeKafka();
  await reporterOn(kafka).report({ ...aFailure(), error: new TypeError() });
  const headers = kafka.producers[0]?.appended[0]?.headers ?? [];
  const message = headers.find(({ key }) => key === '__connect.errors.exception.message');
  assert.equal(message?.value, null);
});

test('R5.18 a dead letter of a record without key, value and timestamp has none of them either', async () => {
  const kafka = new FakeKafka();
  const failed = {
    type: 'sink',
    record: consumedRecord(columnsOf('orders', 1, 7, [{ value: null }]), 0),
  } as const;
  await reporterOn(kafka).report({ ...aFailure(), failed });
  const [letter] = kafka.producers[0]?.appended ?? [];
  assert.deepEqual(
    [letter?.key, letter?.value, letter?.timestamp, letter?.partition],
    [null, null, null, null],
  );
});

test('without context headers a dead letter has only its own (R5.19)', async () => {
  const kafka = new FakeKafka();
  await reporterOn(kafka, { isContextInHeaders: false }).report(aFailure());
  assert.deepEqual(
    kafka.producers[0]?.appended[0]?.headers.map(({ key }) => key),
    ['own'],
  );
});

test('a report settles when Kafka has it, and rejects when it refuses it', async () => {
  const kafka = new FakeKafka();
  kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const reporter = reporterOn(kafka);
  const refused = reporter.report(aFailure());
  kafka.producers[0]?.fail(new KafkaError('RECORD_TOO_LARGE', 'too large'));
  await assert.rejects(Promise.resolve(refused), /too large/);
});

/** A sink task that reports what it can't write. */
class PickyTask implements SinkTask {
  readonly values: unknown[] = [];
  readonly reports: Promise<void>[] = [];
  #context: SinkTaskContext | null = null;
  onBad: (record: SinkRecord) => SinkRecord = (record) => record;

  initialize(context: SinkTaskContext): void {
    this.#context = context;
  }

  start(): void {}

  put(records: readonly SinkRecord[]): void {
    for (const record of records) {
      if (record.value !== 'bad') {
        this.values.push(record.value);
        continue;
      }
      const reporter = this.#context?.errantRecordReporter();
      if (reporter === null || reporter === undefined) throw new Error('no reporter');
      this.reports.push(reporter.report(this.onBad(record), new Error('no such column')));
    }
  }

  stop(): void {}
}

async function start(task: SinkTask, options: ConstructorParameters<typeof TaskFixture>[0]) {
  const dead = new FakeKafka();
  dead.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const reporter = reporterOn(dead);
  const fixture = new TaskFixture({ ...options, reporters: [reporter] });
  const worker = fixture.sink(task);
  const consumer = fixture.kafka.consumers[0];
  const letters = dead.producers[0];
  if (consumer === undefined || letters === undefined) throw new Error('no clients were made');
  consumer.log('orders', 0, [{ value: 'good' }, { key: 'k', value: 'bad' }, { value: 'better' }]);
  consumer.assignLater([{ topic: 'orders', partition: 0 }]);
  await worker.start();
  const outcome = worker.run().then(
    () => null,
    (error: unknown) => error,
  );
  return { fixture, worker, consumer, letters, outcome };
}

test('offsets wait until the dead letters before them are stored (R5.21)', async () => {
  const task = new PickyTask();
  const run = await start(task, {
    errors: { tolerance: 'all' },
    spec: { offsetFlushIntervalMs: 5 },
  });
  await until('the batch is put', () => task.values.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(run.consumer.committedOffsets.size, 0);
  run.letters.ack();
  await Promise.all(task.reports);
  await until('the offset is committed', () => run.consumer.committedOffsets.get('orders-0') === 3);
  assert.deepEqual(run.letters.values, ['bad']);
  assert.equal(run.letters.appended[0]?.keyText, 'k');
  run.fixture.control.stop();
  assert.equal(await run.outcome, null);
  await run.worker.close();
});

test('a record of the task own making is converted back (R5.21)', async () => {
  const task = new PickyTask();
  task.onBad = (record) => newSinkRecord({ ...record, value: 'changed', headers: [] });
  const run = await start(task, { errors: { tolerance: 'all' } });
  await until('the batch is put', () => task.values.length === 2);
  run.letters.ack();
  run.fixture.control.stop();
  assert.equal(await run.outcome, null);
  await run.worker.close();
  assert.deepEqual(run.letters.values, ['changed']);
});

test('with errors.tolerance=none a report fails the task, but the dead letter is sent (R5.15)', async () => {
  const task = new PickyTask();
  const run = await start(task, {});
  await until('the letter is there', () => run.letters.appended.length === 1);
  run.letters.ack();
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /Tolerance exceeded in error handler.*TASK_PUT.*orders-0@1/);
  assert.equal(run.consumer.committedOffsets.size, 0);
});

test('a task that catches what report threw fails all the same (R5.21)', async () => {
  const task = new PickyTask();
  const put = task.put.bind(task);
  task.put = (records) => {
    try {
      put(records);
    } catch {
      // Just what this test is about.
    }
  };
  const run = await start(task, {});
  await until('the letter is there', () => run.letters.appended.length === 1);
  run.letters.ack();
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /the task reported an errant record: no such column/);
});

test('what cannot be converted goes to the dead letters with its bytes as they were', async () => {
  const failing = textConverters({
    value: {
      ...textConverter(),
      toConnectData: (_topic, bytes) => {
        if (String(bytes) === 'bad') throw new SyntaxError('Unexpected token');
        return { schema: null, value: String(bytes) };
      },
    },
  });
  const task = new PickyTask();
  const run = await start(task, { errors: { tolerance: 'all' }, converters: failing });
  await until('the rest is put', () => task.values.length === 2);
  run.letters.ack();
  run.fixture.control.stop();
  assert.equal(await run.outcome, null);
  await run.worker.close();
  assert.deepEqual(run.letters.values, ['bad']);
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 3);
});

test('a dead letter that is refused holds back the offsets and fails the task', async () => {
  const task = new PickyTask();
  const run = await start(task, {
    errors: { tolerance: 'all' },
    spec: { offsetFlushIntervalMs: 5 },
  });
  await until('the letter is there', () => run.letters.appended.length === 1);
  run.letters.fail(new KafkaError('RECORD_TOO_LARGE', 'too large'));
  task.reports[0]?.catch(() => undefined);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /could not be stored/);
  assert.equal(run.consumer.committedOffsets.size, 0);
});

test('R5.10 reports of partitions that are lost are waited for no longer', async () => {
  const task = new PickyTask();
  const run = await start(task, { errors: { tolerance: 'all' } });
  const closed: unknown[] = [];
  Object.assign(task, { close: (partitions: unknown) => void closed.push(partitions) });
  await until('the letter is there', () => run.letters.appended.length === 1);
  run.consumer.loseLater([{ topic: 'orders', partition: 0 }]);
  await until('it is closed', () => closed.length === 1);
  run.fixture.control.stop();
  // Nothing acknowledges the letter: the end does not wait for it.
  assert.equal(await run.outcome, null);
  await run.worker.close();
  assert.equal(run.consumer.committedOffsets.size, 0);
});
