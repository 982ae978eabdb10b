import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetriableError } from '@sluice/api';
import { MemoryLogger } from '../../../test/support/task-fixture.ts';
import type { ErrorHandlingSpec } from '../../task-host/contract.ts';
import type { ErrorContext, FailedRecord } from './error-context.ts';
import { newErrorMetrics } from './error-metrics.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { RetryWithTolerance } from './retry-with-tolerance.ts';
import type { Stage } from './stage.ts';

const RECORD: FailedRecord = {
  type: 'sink',
  record: {
    topic: 'orders',
    partition: 2,
    offset: 42,
    timestamp: -1,
    timestampType: 'NoTimestampType',
    key: null,
    value: null,
    headers: [],
  },
};

/** A clock that only sleeping moves, and reporters that note what they get. */
function fixture(spec: Partial<ErrorHandlingSpec>, random = 0.5) {
  const sleeps: number[] = [];
  const reported: ErrorContext[] = [];
  const stop = new AbortController();
  const metrics = newErrorMetrics();
  let nowMs = 1_000;
  let stored: Promise<void> | null = null;
  const reporter: ErrorReporter = {
    report: (context) => {
      reported.push(context);
      return stored;
    },
    close: async () => undefined,
  };
  const errors = new RetryWithTolerance({
    id: { connector: 'orders', task: 3 },
    spec: {
      tolerance: 'none',
      retryTimeoutMs: 0,
      retryDelayMaxMs: 60_000,
      logEnable: false,
      logIncludeMessages: false,
      ...spec,
    },
    reporters: [reporter],
    metrics,
    logger: new MemoryLogger(),
    stopSignal: stop.signal,
    now: () => nowMs,
    random: () => random,
    sleep: async (ms) => {
      sleeps.push(ms);
      nowMs += ms;
    },
  });
  return {
    errors,
    sleeps,
    reported,
    metrics,
    stop,
    storeBy: (promise: Promise<void>) => {
      stored = promise;
    },
    /** Recovers from an operation that fails `failures` times more after the first. */
    recover: (error: Error, failures: number, stage: Stage = 'VALUE_CONVERTER') => {
      let left = failures;
      return errors.recover({
        stage,
        className: 'JsonConverter',
        failed: RECORD,
        error,
        again: () => {
          if (left-- > 0) throw error;
          return 'done';
        },
      });
    },
  };
}

test('retries wait 300 ms, then twice as long each time (R5.16)', async () => {
  const { recover, sleeps, metrics } = fixture({ retryTimeoutMs: -1 });
  assert.deepEqual(await recover(new RetriableError('later'), 4), {
    isRecovered: true,
    value: 'done',
  });
  assert.deepEqual(sleeps, [300, 600, 1_200, 2_400, 4_800]);
  assert.equal(metrics.retries, 5);
});

test('above errors.retry.delay.max.ms the wait is drawn from below it (R5.16)', async () => {
  const { recover, sleeps } = fixture({ retryTimeoutMs: -1, retryDelayMaxMs: 1_000 }, 0.25);
  await recover(new RetriableError('later'), 3);
  assert.deepEqual(sleeps, [300, 600, 250, 250]);
});

test('the last wait ends at errors.retry.timeout, and one attempt follows it (R5.16)', async () => {
  const { recover, sleeps, reported } = fixture({ retryTimeoutMs: 1_000, tolerance: 'all' });
  assert.deepEqual(await recover(new RetriableError('later'), 99), { isRecovered: false });
  assert.deepEqual(sleeps, [300, 600, 100]);
  assert.equal(reported.length, 1);
});

test('errors.retry.timeout=0 does not retry (R5.16)', async () => {
  const { recover, sleeps } = fixture({ tolerance: 'all' });
  assert.deepEqual(await recover(new RetriableError('later'), 0), { isRecovered: false });
  assert.deepEqual(sleeps, []);
});

test('R5.16 an error that is not retriable is never retried', async () => {
  const { recover, sleeps } = fixture({ tolerance: 'all', retryTimeoutMs: -1 });
  assert.deepEqual(await recover(new TypeError('bad'), 0), { isRecovered: false });
  assert.deepEqual(sleeps, []);
});

test('errors.tolerance=none reports first and then fails, naming where (R5.15)', async () => {
  const { recover, reported } = fixture({});
  await assert.rejects(recover(new TypeError('bad'), 0), {
    message:
      'Tolerance exceeded in error handler: stage VALUE_CONVERTER (JsonConverter) of task ' +
      'orders-3 failed on record orders-2@42: bad. Correct the data or the config and restart the ' +
      'task, or set errors.tolerance=all to skip such records',
  });
  assert.equal(reported.length, 1);
});

test('a retriable error whose retries are used up fails the task too (Java loses the record)', async () => {
  const { recover } = fixture({ retryTimeoutMs: 500 });
  await assert.rejects(recover(new RetriableError('later'), 99), /Tolerance exceeded/);
});

test('outside transformations and converters only retriable errors are tolerable (R5.15)', async () => {
  const { recover } = fixture({ tolerance: 'all' });
  await assert.rejects(
    recover(new TypeError('bad'), 0, 'KAFKA_CONSUME'),
    /Unhandled exception in error handler/,
  );
  assert.deepEqual(await recover(new RetriableError('later'), 0, 'KAFKA_CONSUME'), {
    isRecovered: false,
  });
});

test('R5.16 a stop ends the retries; the record is neither skipped nor reported', async () => {
  const { recover, reported, stop, metrics } = fixture({ retryTimeoutMs: -1, tolerance: 'all' });
  stop.abort();
  await assert.rejects(recover(new RetriableError('later'), 99), /was stopped while it retried/);
  assert.equal(reported.length, 0);
  assert.equal(metrics.recordsSkipped, 0);
});

test('reportsStored waits for the reporters, and tells of one that failed', async () => {
  const { errors, recover, storeBy } = fixture({ tolerance: 'all' });
  let finish: () => void = () => undefined;
  storeBy(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  await recover(new TypeError('bad'), 0);
  let isStored = false;
  const waiting = (async () => {
    await errors.reportsStored();
    isStored = true;
  })();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isStored, false);
  finish();
  await waiting;
  storeBy(Promise.reject(new Error('broker gone')));
  await recover(new TypeError('bad'), 0);
  await assert.rejects(errors.reportsStored(), /orders-3 could not be stored.*broker gone/);
});

test('a thousand reports under way hold the pipeline back until they are stored', async () => {
  const { recover, storeBy } = fixture({ tolerance: 'all' });
  let finish: () => void = () => undefined;
  storeBy(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  for (let count = 1; count < 1_000; count++) await recover(new TypeError('bad'), 0);
  let isBack = false;
  const last = (async () => {
    await recover(new TypeError('bad'), 0);
    isBack = true;
  })();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isBack, false);
  finish();
  await last;
});
