// Goal: what happens to a source record between `poll` and Kafka's acknowledgement (R4.05 to R4.09,
// R4.23). Over a producer and an admin in memory; brokers that race are in the integration tests.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newSourceRecord, RetriableError, type SourceRecord } from '@sluice/api';
import { KafkaError } from '@sluice/kafka';
import { aRecord, lines, QueueTask, runUntilIdle } from '../../../test/support/source-task-run.ts';
import {
  TaskFixture,
  textConverter,
  textConverters,
  until,
} from '../../../test/support/task-fixture.ts';
import type { TopicCreationGroupSpec } from '../../task-host/contract.ts';

const DEFAULT_GROUP: TopicCreationGroupSpec = {
  name: 'default',
  include: [],
  exclude: [],
  partitions: 1,
  replicationFactor: 1,
  configs: {},
};

/** Converters and a transformation that note when they are called. */
function noting(notes: string[]) {
  const plain = textConverter();
  const converter = (name: string): typeof plain => ({
    ...plain,
    fromConnectData: (topic, schema, value, headers) => {
      notes.push(`${name} ${String(value)}`);
      return plain.fromConnectData(topic, schema, value, headers);
    },
  });
  const { header } = textConverters();
  const converters = textConverters({
    key: converter('key'),
    value: converter('value'),
    header: {
      ...header,
      fromConnectHeader: (topic, key, schema, value) => {
        notes.push(`header ${String(value)}`);
        return header.fromConnectHeader(topic, key, schema, value);
      },
    },
  });
  const step = {
    className: 'Note',
    predicate: null,
    negate: false,
    transformation: {
      configure: () => undefined,
      apply: <R>(record: R): R => {
        notes.push('transform');
        return record;
      },
    },
  };
  return { converters, steps: [step] };
}

test('R4.05 a record is transformed, then headers, key and value are converted, then it is sent', async () => {
  const notes: string[] = [];
  const fixture = new TaskFixture(noting(notes));
  fixture.kafka.onProducer = (producer) => {
    producer.appended.push = (...records) => {
      notes.push(...records.map(({ valueText }) => `send ${valueText}`));
      return notes.length;
    };
  };
  const headers = [{ key: 'h', schema: null, value: 'h1' }];
  const record = newSourceRecord({ topic: 't', key: 'k1', value: 'v1', headers });
  const run = await runUntilIdle(fixture, new QueueTask([record]), {
    topicCreation: [DEFAULT_GROUP],
  });
  assert.equal(await run.stop(), null);
  assert.deepEqual(notes, ['transform', 'header h1', 'key k1', 'value v1', 'send v1']);
  assert.deepEqual(fixture.kafka.adminCalls, ['describe t', 'create t', 'close']);
  assert.deepEqual(fixture.kafka.producers[0]?.prepared, ['t']);
});

describe('R4.06 sending:', () => {
  test('R4.06 after a retriable error it waits 100 ms and sends the same record again', async () => {
    const fixture = new TaskFixture();
    fixture.kafka.onProducer = (producer) => {
      const busy = new KafkaError('BUSY', 'no memory', { isRetriable: true });
      producer.appendErrors.push(busy, busy);
    };
    const startedMs = performance.now();
    const run = await runUntilIdle(fixture, new QueueTask(lines('one', 'two')));
    const tookMs = performance.now() - startedMs;
    assert.equal(await run.stop(), null);
    assert.deepEqual(fixture.kafka.producers[0]?.values, ['one', 'two']);
    assert.equal(fixture.logger.lines.filter((line) => line.includes('Backing off')).length, 2);
    // Two waits; a little less because timers may be early by a millisecond.
    assert.ok(tookMs >= 195, `${tookMs} ms`);
  });

  test('R4.06 a retriable error of topic creation is retried as well', async () => {
    const fixture = new TaskFixture();
    const { kafka } = fixture;
    kafka.createError = new KafkaError('REQUEST_TIMED_OUT', 'busy', { isRetriable: true });
    const task = new QueueTask(lines('one'));
    const worker = fixture.source(task, { topicCreation: [DEFAULT_GROUP] });
    await worker.start();
    const running = worker.run();
    await until('it was tried', () => kafka.adminCalls.length === 2);
    kafka.createError = null;
    await until('the record is sent', () => kafka.producers[0]?.values.length === 1);
    fixture.control.stop();
    await running;
    await worker.close();
    assert.deepEqual(kafka.adminCalls.slice(2, 4), ['describe lines', 'create lines']);
  });

  test('R4.06 a record that is too large is one whose delivery failed: under tolerance all it is skipped', async () => {
    for (const tolerance of ['none', 'all'] as const) {
      const fixture = new TaskFixture({ errors: { tolerance } });
      fixture.kafka.onProducer = (producer) => {
        producer.appendErrors.push(new KafkaError('RECORD_TOO_LARGE', 'too large'));
      };
      const task = new QueueTask(lines('one', 'two', 'three'));
      const run = await runUntilIdle(fixture, task);
      const error = await run.stop();
      const isTolerant = tolerance === 'all';
      assert.deepEqual(fixture.kafka.producers[0]?.values, isTolerant ? ['two', 'three'] : []);
      if (isTolerant) {
        assert.equal(error, null);
        assert.deepEqual(task.metadata[0], null);
        assert.equal(fixture.errorMetrics.recordsSkipped, 1);
        assert.equal(fixture.offsets.stored.get('{"file":"a.txt"}'), '{"position":2}');
      } else assert.match(String(error), /Unrecoverable exception trying to send.*too large/);
    }
  });

  test('R4.06 any other error of the producer fails the task, whatever the tolerance', async () => {
    for (const tolerance of ['none', 'all'] as const) {
      const fixture = new TaskFixture({ errors: { tolerance } });
      fixture.kafka.onProducer = (producer) => {
        producer.appendErrors.push(new KafkaError('INVALID_CONFIG', 'no such partition'));
      };
      const run = await runUntilIdle(fixture, new QueueTask(lines('one', 'two')));
      const error = await run.outcome;
      await run.worker.close();
      assert.ok(error instanceof Error);
      assert.match(error.message, /^Unrecoverable exception trying to send.*no such partition/);
      // What was not taken counts as neither sent nor pending.
      assert.deepEqual(fixture.offsets.written, []);
    }
  });

  test('R4.06 a failed delivery fails the task before the next poll, its offsets stay behind', async () => {
    const fixture = new TaskFixture();
    fixture.kafka.onProducer = (producer) => {
      producer.autoAck = false;
    };
    const task = new QueueTask(lines('one', 'two', 'three'));
    const run = await runUntilIdle(fixture, task);
    const producer = fixture.kafka.producers[0];
    producer?.ack(1);
    task.polls.push([aRecord('never', 9)]);
    producer?.fail(new KafkaError('CORRUPT_MESSAGE', 'corrupt'), 1);
    producer?.ack();
    const error = await run.outcome;
    await run.worker.close();
    assert.ok(error instanceof Error && error.cause instanceof Error);
    assert.equal(error.message, 'Unrecoverable exception from producer send callback');
    assert.equal(error.cause.message, 'corrupt');
    assert.equal(producer?.values.includes('never'), false);
    assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
  });
});

test('R4.07 a skipped record is in the log if that is wanted, and nowhere else', async () => {
  for (const logEnable of [true, false]) {
    const fixture = new TaskFixture({ errors: { tolerance: 'all', logEnable } });
    fixture.kafka.onProducer = (producer) => {
      producer.autoAck = false;
    };
    const run = await runUntilIdle(fixture, new QueueTask(lines('one')));
    const unacknowledgedMs = () => run.worker.progress().activity.unacknowledgedForMs;
    assert.notEqual(unacknowledgedMs(), null);
    fixture.kafka.producers[0]?.fail(new KafkaError('MESSAGE_TOO_LARGE', 'too large'));
    // Nothing is under way any more: a task without new data is idle, not stalled.
    assert.equal(unacknowledgedMs(), null);
    assert.equal(await run.stop(), null);
    assert.equal(fixture.logger.has("Executing stage 'KAFKA_PRODUCE'"), logEnable);
    assert.equal(fixture.kafka.producers.length, 1);
  }
});

test('R4.08 commitRecord is called after each acknowledgement, with where the record landed', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const task = new QueueTask(lines('one', 'two', 'three'));
  const run = await runUntilIdle(fixture, task);
  const producer = fixture.kafka.producers[0];
  assert.deepEqual(task.committed, []);
  producer?.ack(2);
  assert.deepEqual(task.committed, ['one', 'two']);
  producer?.ack();
  assert.deepEqual(task.committed, ['one', 'two', 'three']);
  const at = { topic: 'lines', partition: 0, timestamp: null };
  assert.deepEqual(
    task.metadata,
    [0, 1, 2].map((offset) => ({ ...at, offset })),
  );
  assert.equal(await run.stop(), null);
});

test('R4.08 what commitRecord throws is logged, and the record counts all the same', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(lines('one'));
  task.commitRecord = () => {
    throw new TypeError('my own books');
  };
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.equal(
    fixture.logger.has('ERROR Exception thrown while calling task.commitRecord()'),
    true,
  );
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
});

test('R4.09 partition and timestamp are the record’s, or left to the producer', async () => {
  const fixture = new TaskFixture();
  const record = (changes: Partial<SourceRecord>): SourceRecord =>
    newSourceRecord({ topic: 't', value: 'v', ...changes });
  const polled = [
    record({}),
    record({ kafkaPartition: 3, timestamp: 17 }),
    record({ timestamp: 0 }),
    record({ kafkaPartition: 0, key: 'k' }),
  ];
  const run = await runUntilIdle(fixture, new QueueTask(polled));
  assert.equal(await run.stop(), null);
  assert.deepEqual(
    fixture.kafka.producers[0]?.appended.map((each) => [
      each.partition,
      each.timestamp,
      each.keyText,
    ]),
    [
      [null, null, null],
      [3, 17, null],
      [null, 0, null],
      [0, null, 'k'],
    ],
  );
});

describe('R4.23 topic creation:', () => {
  const topic = (name: string): SourceRecord => newSourceRecord({ topic: name, value: name });
  const groups: readonly TopicCreationGroupSpec[] = [
    { ...DEFAULT_GROUP, name: 'b', include: ['x.*', 'y'], exclude: ['x1', 'x2.*'], partitions: 2 },
    { ...DEFAULT_GROUP, name: 'a', include: ['x.*'], exclude: [], partitions: 3 },
    { ...DEFAULT_GROUP, include: ['nothing'], exclude: ['.*'], partitions: 4 },
  ];

  test('R4.23 R2.74 the first group that includes and does not exclude a topic, else the default', async () => {
    const fixture = new TaskFixture();
    const names = ['x', 'x1', 'x22', 'y', 'yy', 'z'];
    const run = await runUntilIdle(fixture, new QueueTask(names.map(topic)), {
      topicCreation: groups,
    });
    assert.equal(await run.stop(), null);
    assert.deepEqual(
      names.map((name) => fixture.kafka.topics.get(name)?.partitions),
      [2, 3, 3, 2, 4, 4],
    );
  });

  test('R4.23 a topic is looked at once, before its first record', async () => {
    const fixture = new TaskFixture();
    fixture.kafka.topics.set('there', null);
    const task = new QueueTask([topic('there'), topic('new')], [topic('new'), topic('there')]);
    const run = await runUntilIdle(fixture, task, { topicCreation: groups });
    assert.equal(await run.stop(), null);
    assert.deepEqual(fixture.kafka.adminCalls, [
      'describe there',
      'describe new',
      'create new',
      'close',
    ]);
    assert.deepEqual(fixture.kafka.producers[0]?.values, ['there', 'new', 'new', 'there']);
  });

  test('R4.23 a topic that somebody else has created meanwhile is as good', async () => {
    const fixture = new TaskFixture();
    fixture.kafka.racing.add('new');
    const run = await runUntilIdle(fixture, new QueueTask([topic('new')]), {
      topicCreation: groups,
    });
    assert.equal(await run.stop(), null);
    assert.deepEqual(fixture.kafka.producers[0]?.values, ['new']);
  });

  for (const code of [
    'TOPIC_AUTHORIZATION_FAILED',
    'UNSUPPORTED_VERSION',
    'INVALID_REPLICATION_FACTOR',
  ])
    test(`R4.23 creation that is answered with ${code} fails the task`, async () => {
      const fixture = new TaskFixture();
      fixture.kafka.createError = new KafkaError(code, `it said ${code}`);
      const run = await runUntilIdle(fixture, new QueueTask([topic('new')]), {
        topicCreation: groups,
      });
      const error = await run.outcome;
      await run.worker.close();
      assert.ok(error instanceof Error);
      assert.match(error.message, new RegExp(`Task failed to create new topic 'new'.*${code}`));
      assert.deepEqual(fixture.kafka.producers[0]?.values, []);
    });

  test('R4.23 a topic that may not even be looked at fails the task', async () => {
    const fixture = new TaskFixture();
    fixture.kafka.describeError = new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'not allowed');
    const run = await runUntilIdle(fixture, new QueueTask([topic('new')]), {
      topicCreation: groups,
    });
    const error = await run.outcome;
    await run.worker.close();
    assert.ok(error instanceof Error);
    assert.match(error.message, /topic 'new': not allowed/);
  });

  test('R4.23 without topic.creation keys no admin is made: the broker may create the topic', async () => {
    const fixture = new TaskFixture();
    const run = await runUntilIdle(fixture, new QueueTask([topic('new')]));
    assert.equal(await run.stop(), null);
    assert.deepEqual(fixture.kafka.adminConfigs, []);
    assert.deepEqual(fixture.kafka.producers[0]?.prepared, ['new']);
  });
});

test('R4.04 a retriable error of poll is logged, and poll is called again at once', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(new RetriableError('one'), new RetriableError('two'), lines('x'));
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['x']);
  const warnings = fixture.logger.lines.filter((line) => line.startsWith('WARN failed to poll'));
  assert.equal(warnings.length, 2);
  assert.equal(fixture.errorMetrics.recordFailures, 0);
});
