import assert from 'node:assert/strict';
import {
  ConnectError,
  newSinkRecord,
  RetriableError,
  type Props,
  type SinkConnectorPlugin,
  type SinkRecord,
  type SinkRecordInit,
} from '@sluice/api';
import type { Check } from './check.ts';
import type { ConnectorDriver } from './connector-checks.ts';
import { contentText } from './content-text.ts';
import { leftOpen, openHandles } from './open-handles.ts';
import { SinkRun, type SinkRunOptions } from './sink-run.ts';

/** What a sink record carries; where it was read is the kit's. */
export type SinkRecordContent = Partial<
  Omit<SinkRecordInit, 'topic' | 'kafkaPartition' | 'kafkaOffset'>
>;

/** A system to write to, made fresh for each check. */
export interface SinkEnvironment {
  /** A valid config of the connector that writes to this system. */
  readonly props: Props;
  /** How many different records the system holds by now. */
  received(): number | Promise<number>;
  /** Makes the system fail as it does in an outage, until `restore`. */
  interrupt?(): void | Promise<void>;
  restore?(): void | Promise<void>;
  [Symbol.asyncDispose]?(): Promise<void>;
}

export interface SinkDriver extends ConnectorDriver {
  readonly sink: SinkConnectorPlugin;
  readonly topic: string;
  readonly timeoutMs: number;
  record(index: number): SinkRecordContent;
  poison?(): SinkRecordContent;
  environment(): SinkEnvironment | Promise<SinkEnvironment>;
}

const RECORDS = 5;
const PARTITIONS = 2;

/** What every sink connector must do, beyond what every connector must. */
export const sinkChecks: readonly Check<SinkDriver>[] = [
  {
    id: 'delivers',
    title: 'what is put is in the system once it is committed, each record once',
    run: (driver) =>
      inEnvironment(driver, async ({ received }, start) => {
        await using run = await start();
        await run.put(batch(driver, 0, RECORDS));
        await run.put(batch(driver, RECORDS, 2));
        await run.commit();
        assert.equal(await received(), RECORDS + 2, 'committed, but not in the system');
      }),
  },
  {
    id: 'empty-batches',
    title: 'it takes batches without records, first and last',
    run: (driver) =>
      inEnvironment(driver, async ({ received }, start) => {
        await using run = await start();
        await run.put([]);
        await run.commit();
        await run.put(batch(driver, 0, 1));
        await run.put([]);
        await run.commit();
        assert.equal(await received(), 1);
      }),
  },
  {
    id: 'commits-what-it-wrote',
    title: 'it lets no offset be committed before the records below it are in the system',
    run: (driver) =>
      inEnvironment(driver, async ({ received }, start) => {
        await using run = await start();
        for (let index = 0; index < RECORDS; index++) {
          await run.put(batch(driver, index, 1));
          const committed = await run.commit();
          const below = committed.reduce((sum, { offset }) => sum + offset, 0);
          const written = await received();
          assert.ok(written >= below, `${below} records committed, ${written} in the system`);
        }
      }),
  },
  {
    id: 'commits-what-it-was-offered',
    title: 'it commits offered partitions only, by the topic they were read from, none too far',
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        await using run = await start();
        // A transformation renamed the topic: offsets are still those of the original one.
        const renamed = batch(driver, 0, RECORDS).map((record) => ({
          ...record,
          topic: 'renamed',
        }));
        await run.put(renamed);
        const offered = run.offered();
        for (const { topic, partition, offset } of await run.commit()) {
          const own = offered.find((at) => at.topic === topic && at.partition === partition);
          assert.ok(own !== undefined, `${topic}-${partition} was not offered for commit`);
          assert.ok(
            offset <= own.offset,
            `${topic}-${partition}@${offset} is beyond ${own.offset}`,
          );
        }
      }),
  },
  {
    id: 'rebalances',
    title: 'partitions may be taken away and given back between batches, nothing is lost',
    run: (driver) =>
      inEnvironment(driver, async ({ received }, start) => {
        await using run = await start();
        await run.put(batch(driver, 0, RECORDS));
        await run.rebalance();
        await run.put(batch(driver, RECORDS, 2));
        await run.commit();
        assert.equal(await received(), RECORDS + 2);
      }),
  },
  {
    id: 'redelivery',
    title: 'a batch that comes again after a restart is taken: delivery is at least once',
    run: (driver) =>
      inEnvironment(driver, async ({ received }, start) => {
        const records = batch(driver, 0, RECORDS);
        {
          await using first = await start();
          await first.put(records);
          await first.commit();
        }
        await using second = await start();
        await second.put(records);
        await second.commit();
        assert.ok((await received()) >= RECORDS, 'records are gone after they came again');
      }),
  },
  {
    id: 'records-untouched',
    title: 'put leaves the records as they are',
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        await using run = await start();
        const records = batch(driver, 0, RECORDS);
        const before = records.map(contentText);
        await run.put(records);
        await run.commit();
        assert.deepEqual(records.map(contentText), before, 'put() changed its records');
      }),
  },
  {
    id: 'null-values',
    title: 'a record without key and value is written or refused by a ConnectError, no crash',
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        await using run = await start();
        const nothing = { key: null, keySchema: null, value: null, valueSchema: null };
        await connectErrorOrDone('a record of nulls', async () => {
          await run.put([recordOf(driver, 0, nothing)]);
          await run.commit();
        });
      }),
  },
  {
    id: 'errant-records',
    title: 'a record that can not be written is reported, the others of its batch are written',
    missing: (driver) => (driver.poison === undefined ? 'give "poison" to try it' : null),
    run: (driver) =>
      inEnvironment(driver, async ({ received }, start) => {
        await using run = await start();
        await run.put(poisonedBatch(driver));
        await run.commit();
        assert.equal(run.requests.reported.length, 1, 'the record was not reported');
        assert.equal(run.requests.reported[0]?.kafkaOffset, 1, 'another record was reported');
        assert.equal(await received(), 2, 'the records around it have to be written');
      }),
  },
  {
    id: 'errant-records-unreported',
    title: 'without a reporter such a record fails the task by a ConnectError, not retriable',
    missing: (driver) => (driver.poison === undefined ? 'give "poison" to try it' : null),
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        await using run = await start({ hasReporter: false });
        const isLost = await connectErrorOrDone('a record that can not be written', async () => {
          await run.put(poisonedBatch(driver));
          await run.commit();
        });
        assert.ok(!isLost, 'the record was swallowed: nobody will know that it is lost');
      }),
  },
  {
    id: 'outage',
    title: 'while the system is away put fails retriably, and loses nothing when it is back',
    run: (driver) =>
      inEnvironment(driver, async ({ received, interrupt, restore }, start) => {
        if (interrupt === null || restore === null)
          return 'give the environment "interrupt" and "restore" to try it';
        await using run = await start();
        await run.put(batch(driver, 0, 1));
        await run.commit();
        await interrupt();
        const records = batch(driver, 1, RECORDS);
        const failure = await thrownBy(async () => {
          await run.task.put(records);
          await run.commit();
        });
        assert.ok(failure instanceof RetriableError, `not retriable: ${contentText(failure)}`);
        await restore();
        await run.put(records);
        await run.commit();
        assert.equal(await received(), RECORDS + 1, 'records were lost in the outage');
        return null;
      }),
  },
  {
    id: 'task-stop',
    title: 'a task stops within the time bound, twice if asked, also when it never started',
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        await driver.sink.create().newTask().stop();
        const run = await start();
        await run.put(batch(driver, 0, RECORDS));
        await run.stop();
        await run.task.stop();
      }),
  },
  {
    id: 'task-leaves-nothing-open',
    title: 'a task that was stopped leaves no timer, socket or file open',
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        const once = async (): Promise<void> => {
          await using run = await start();
          await run.put(batch(driver, 0, RECORDS));
          await run.commit();
        };
        await once();
        const before = openHandles();
        await once();
        assert.deepEqual(
          await leftOpen(before, driver.stopTimeoutMs),
          [],
          'left open after stop()',
        );
      }),
  },
];

type Start = (changes?: Partial<SinkRunOptions>) => Promise<SinkRun>;

async function inEnvironment(
  driver: SinkDriver,
  use: (environment: Environment, start: Start) => Promise<unknown>,
): Promise<unknown> {
  const environment = await driver.environment();
  try {
    const { sink: plugin, topic, timeoutMs, stopTimeoutMs } = driver;
    const { props } = environment;
    return await use(bound(environment), (changes) =>
      SinkRun.start({ plugin, props, topic, timeoutMs, stopTimeoutMs, ...changes }),
    );
  } finally {
    await environment[Symbol.asyncDispose]?.();
  }
}

/** An environment whose functions may be taken out of it, as checks do. */
interface Environment {
  readonly received: () => number | Promise<number>;
  readonly interrupt: (() => Promise<void>) | null;
  readonly restore: (() => Promise<void>) | null;
}

function bound(environment: SinkEnvironment): Environment {
  const hasOutages = environment.interrupt !== undefined && environment.restore !== undefined;
  return {
    received: () => environment.received(),
    interrupt: hasOutages ? async () => environment.interrupt?.() : null,
    restore: hasOutages ? async () => environment.restore?.() : null,
  };
}

/** Records `from` to `from + count`, one after the other into the partitions. */
function batch(driver: SinkDriver, from: number, count: number): readonly SinkRecord[] {
  return Array.from({ length: count }, (_, index) =>
    recordOf(driver, from + index, driver.record(from + index)),
  );
}

function recordOf(driver: SinkDriver, index: number, content: SinkRecordContent): SinkRecord {
  return newSinkRecord({
    ...content,
    topic: driver.topic,
    kafkaPartition: index % PARTITIONS,
    kafkaOffset: Math.floor(index / PARTITIONS),
  });
}

/** One bad record between two good ones, in one partition: the bad one has offset 1. */
function poisonedBatch(driver: SinkDriver): readonly SinkRecord[] {
  const contents = [driver.record(0), driver.poison?.() ?? {}, driver.record(1)];
  return contents.map((content, kafkaOffset) =>
    newSinkRecord({ ...content, topic: driver.topic, kafkaPartition: 0, kafkaOffset }),
  );
}

/** Whether it went well; any error but a final ConnectError is a crash. */
async function connectErrorOrDone(what: string, work: () => Promise<void>): Promise<boolean> {
  const thrown = await thrownBy(work);
  if (thrown === null) return true;
  assert.ok(thrown instanceof ConnectError, `${what} crashes the task: ${contentText(thrown)}`);
  assert.ok(!(thrown instanceof RetriableError), `${what} is tried again for ever`);
  return false;
}

async function thrownBy(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return error;
  }
}
