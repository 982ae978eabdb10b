import assert from 'node:assert/strict';
import {
  parseJson,
  stringifyJson,
  valueEquals,
  type Props,
  type SourceConnectorPlugin,
  type SourceMap,
  type SourceRecord,
} from '@sluice/api';
import type { Check } from './check.ts';
import type { ConnectorDriver } from './connector-checks.ts';
import { contentText } from './content-text.ts';
import { assertLegalRecord } from './legal-record.ts';
import { OffsetStore, partitionText } from './offset-store.ts';
import { leftOpen, openHandles } from './open-handles.ts';
import { SourceRun, type SourceRunOptions } from './source-run.ts';

/** A system to read from, made fresh for each check. */
export interface SourceEnvironment {
  /** A valid config of the connector that reads this system. */
  readonly props: Props;
  /** Makes exactly `count` more records appear in the system. */
  produce(count: number): void | Promise<void>;
  [Symbol.asyncDispose]?(): Promise<void>;
}

export interface SourceDriver extends ConnectorDriver {
  readonly source: SourceConnectorPlugin;
  readonly timeoutMs: number;
  readonly quietMs: number;
  readonly resume: 'exactly' | 'at-least-once';
  identify(record: SourceRecord): unknown;
  environment(): SourceEnvironment | Promise<SourceEnvironment>;
}

/** Enough that a batch can be cut at its start, in its middle and at its end. */
const RECORDS = 5;
const METADATA_OF_NOTHING = null;

/** What every source connector must do, beyond what every connector must. */
export const sourceChecks: readonly Check<SourceDriver>[] = [
  {
    id: 'reads-all',
    title: 'every record of the system comes, once, also what appears while it runs',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await using run = await start();
        const records = [...(await run.read(RECORDS))];
        await produce(2);
        records.push(...(await run.read(2)));
        records.push(...(await run.drain(driver.quietMs)));
        assert.equal(records.length, RECORDS + 2, 'more records came than the system holds');
        assertDistinct(driver, records);
      }),
  },
  {
    id: 'records-legal',
    title: 'records are complete and their values fit their schemas',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await using run = await start();
        for (const record of await run.read(RECORDS)) assertLegalRecord(record);
      }),
  },
  {
    id: 'offsets-plain',
    title: 'partitions and offsets are flat, and survive being stored as JSON',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await using run = await start();
        for (const { sourcePartition, sourceOffset } of await run.read(RECORDS)) {
          assertStorable('source partition', sourcePartition);
          assertStorable('source offset', sourceOffset);
        }
      }),
  },
  {
    id: 'records-stay',
    title: 'records that were given away are not changed later',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await using run = await start();
        const records = await run.read(RECORDS);
        const before = records.map(contentText);
        await run.acknowledge(records);
        await produce(2);
        await run.read(2);
        assert.deepEqual(records.map(contentText), before, 'records changed after poll()');
      }),
  },
  {
    id: 'resume',
    title: 'after a stop at any record it goes on from the committed offset, exactly there',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        const all = await readAll(start, new OffsetStore());
        for (let cut = 0; cut <= RECORDS; cut++) {
          const offsets = new OffsetStore();
          for (const record of all.slice(0, cut)) offsets.commit(record);
          await using run = await start({ offsets });
          const rest = [
            ...(await run.readUpTo(RECORDS - cut)),
            ...(await run.drain(driver.quietMs)),
          ];
          assertResumed(driver, all, cut, rest);
        }
      }),
  },
  {
    id: 'resume-at-end',
    title: 'when all is committed nothing comes again, and then only what is new',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        const offsets = new OffsetStore();
        const all = await readAll(start, offsets);
        for (const record of all) offsets.commit(record);
        await using run = await start({ offsets });
        const again = await run.drain(driver.quietMs);
        if (driver.resume === 'exactly') assert.deepEqual(texts(driver, again), [], 'came again');
        await produce(1);
        const known = new Set(texts(driver, all));
        const fresh = [...again, ...(await run.read(1))].filter(
          (record) => !known.has(contentText(driver.identify(record))),
        );
        assert.equal(fresh.length, 1, 'one new record is there');
      }),
  },
  {
    id: 'tasks-share',
    title: 'several tasks give together what one gives, no record twice',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await using run = await start({ maxTasks: 3 });
        const records = [...(await run.read(RECORDS)), ...(await run.drain(driver.quietMs))];
        assert.equal(records.length, RECORDS, 'tasks give other records than one task does');
        assertDistinct(driver, records);
      }),
  },
  {
    id: 'poll-ends',
    title: 'a poll without data ends soon after its signal is aborted',
    run: (driver) =>
      inEnvironment(driver, async (_environment, start) => {
        await using run = await start();
        for (const task of run.tasks) assert.deepEqual(await run.poll(task, 50), []);
      }),
  },
  {
    id: 'commit-calls',
    title: 'it takes the news of committed and of filtered records',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await using run = await start();
        const records = await run.read(RECORDS);
        await run.acknowledge(records);
        const [first] = records;
        const [task] = run.tasks;
        if (first !== undefined) task?.commitRecord?.(first, METADATA_OF_NOTHING);
        await task?.commit?.();
      }),
  },
  {
    id: 'task-stop',
    title: 'a task stops within the time bound, twice if asked, also when it never started',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await driver.source.create().newTask().stop();
        await produce(RECORDS);
        const run = await start();
        await run.next();
        await run.stop();
        for (const task of run.tasks) await task.stop();
      }),
  },
  {
    id: 'task-leaves-nothing-open',
    title: 'a task that was stopped leaves no timer, socket or file open',
    run: (driver) =>
      inEnvironment(driver, async ({ produce }, start) => {
        await produce(RECORDS);
        await readAll(start, new OffsetStore());
        const before = openHandles();
        await readAll(start, new OffsetStore());
        assert.deepEqual(
          await leftOpen(before, driver.stopTimeoutMs),
          [],
          'left open after stop()',
        );
      }),
  },
  {
    id: 'offsets-altered',
    title: 'its own offsets may be set and reset through REST, twice, without a start',
    missing: ({ source }) =>
      source.create().alterOffsets === undefined ? 'the connector has no alterOffsets' : null,
    run: (driver) =>
      inEnvironment(driver, async ({ produce, props }, start) => {
        await produce(RECORDS);
        const [first] = await readAll(start, new OffsetStore());
        const partition = first?.sourcePartition ?? {};
        for (const offset of [first?.sourceOffset ?? null, null]) {
          const stored = offset === null ? null : plain(offset);
          for (let time = 0; time < 2; time++) {
            const connector = driver.source.create();
            const answer = await connector.alterOffsets?.(props, [
              { partition: plain(partition), offset: stored },
            ]);
            assert.equal(typeof answer, 'boolean', 'alterOffsets has to answer true or false');
          }
        }
      }),
  },
];

/** An environment whose functions may be taken out of it, as checks do. */
interface Environment {
  readonly props: Props;
  readonly produce: (count: number) => unknown;
}

type Start = (changes?: Partial<SourceRunOptions>) => Promise<SourceRun>;

async function inEnvironment(
  driver: SourceDriver,
  use: (environment: Environment, start: Start) => Promise<void>,
): Promise<void> {
  const environment = await driver.environment();
  try {
    const { props } = environment;
    const produce = (count: number): unknown => environment.produce(count);
    const { source: plugin, timeoutMs, stopTimeoutMs } = driver;
    await use({ props, produce }, (changes) =>
      SourceRun.start({ plugin, props, timeoutMs, stopTimeoutMs, ...changes }),
    );
  } finally {
    await environment[Symbol.asyncDispose]?.();
  }
}

async function readAll(start: Start, offsets: OffsetStore): Promise<readonly SourceRecord[]> {
  await using run = await start({ offsets });
  return await run.read(RECORDS);
}

function texts(driver: SourceDriver, records: readonly SourceRecord[]): readonly string[] {
  return records.map((record) => contentText(driver.identify(record)));
}

function assertDistinct(driver: SourceDriver, records: readonly SourceRecord[]): void {
  const all = texts(driver, records);
  const twice = all.filter((text, index) => all.indexOf(text) !== index);
  assert.deepEqual(twice, [], 'these records came twice (or "identify" can\'t tell them apart)');
}

/** The rest has to be what follows the cut, in the order of each source partition. */
function assertResumed(
  driver: SourceDriver,
  all: readonly SourceRecord[],
  cut: number,
  rest: readonly SourceRecord[],
): void {
  const where = `after ${cut} of ${all.length} records were committed`;
  const expected = byPartition(driver, all.slice(cut));
  const actual = byPartition(driver, rest);
  if (driver.resume === 'exactly') {
    assert.deepEqual(actual, expected, `other records come ${where}`);
    return;
  }
  const came = new Set(texts(driver, rest));
  const lost = texts(driver, all.slice(cut)).filter((text) => !came.has(text));
  assert.deepEqual(lost, [], `records are lost ${where}`);
}

function byPartition(
  driver: SourceDriver,
  records: readonly SourceRecord[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const record of records) {
    const partition = partitionText(record.sourcePartition);
    const group = groups.get(partition) ?? [];
    group.push(contentText(driver.identify(record)));
    groups.set(partition, group);
  }
  return groups;
}

function assertStorable(what: string, map: SourceMap | null): void {
  assert.ok(map !== null, `the ${what} is null: where to go on after a restart is not known`);
  for (const [key, value] of Object.entries(map))
    assert.ok(isPrimitive(value), `the ${what}'s ${key} is ${contentText(value)}, not primitive`);
  assert.ok(valueEquals(plain(map), { ...map }), `the ${what} ${contentText(map)} changes in JSON`);
}

function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** As it comes back from the offsets topic. */
function plain(map: SourceMap): SourceMap {
  return Object.fromEntries(Object.entries(Object(parseJson(stringifyJson(map)))));
}
