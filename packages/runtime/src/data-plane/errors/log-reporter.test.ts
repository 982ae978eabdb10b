import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSourceRecord } from '@sluice/api';
import { columnsOf } from '../../../test/support/fake-consumer.ts';
import { MemoryLogger } from '../../../test/support/task-fixture.ts';
import { consumedRecord } from './consumed-record.ts';
import type { FailedRecord } from './error-context.ts';
import { newErrorMetrics } from './error-metrics.ts';
import { LogReporter } from './log-reporter.ts';

const WHERE =
  "ERROR Error encountered in task orders-3. Executing stage 'VALUE_CONVERTER' with class " +
  "'org.example.Mine'";

function reported(failed: FailedRecord, includeMessages: boolean): string {
  const logger = new MemoryLogger();
  const metrics = newErrorMetrics();
  const id = { connector: 'orders', task: 3 };
  const reporter = new LogReporter({ id, logger, metrics, includeMessages });
  const error = new TypeError('bad');
  assert.equal(
    reporter.report({ stage: 'VALUE_CONVERTER', className: 'org.example.Mine', error, failed }),
    null,
  );
  assert.equal(metrics.errorsLogged, 1);
  assert.equal(logger.lines.length, 1);
  return logger.lines[0] ?? '';
}

const SECRETS = { key: 'SECRET-KEY', value: 'SECRET-VALUE' };

test('R5.20 a failure is logged with its stage, class, connector and task', () => {
  const columns = columnsOf('topic', 2, 40, [{ ...SECRETS, timestamp: 99 }]);
  const failed = { type: 'sink', record: consumedRecord(columns, 0) } as const;
  assert.equal(reported(failed, false), `${WHERE}.`);
});

test('R5.20 with include.messages also topic, partition, offset and timestamp, never key or value', () => {
  const columns = columnsOf('topic', 2, 40, [{ ...SECRETS, timestamp: 99 }, SECRETS]);
  const line = (row: number): string =>
    reported({ type: 'sink', record: consumedRecord(columns, row) }, true);
  assert.equal(
    line(0),
    `${WHERE}, where consumed record is {topic='topic', partition=2, offset=40, timestamp=99, ` +
      'timestampType=CreateTime}.',
  );
  assert.equal(
    line(1),
    `${WHERE}, where consumed record is {topic='topic', partition=2, offset=41}.`,
  );
});

test('R5.20 of a source record it is where it came from and where it was to go', () => {
  const record = newSourceRecord({
    topic: 'topic',
    ...SECRETS,
    timestamp: 99,
    sourcePartition: { file: 'a' },
    sourceOffset: { position: 5 },
  });
  const line = reported({ type: 'source', record }, true);
  assert.equal(
    line,
    `${WHERE}, where source record is = SourceRecord{sourcePartition={file=a}, ` +
      "sourceOffset={position=5}} ConnectRecord{topic='topic', kafkaPartition=null, timestamp=99}.",
  );
});
