import assert from 'node:assert/strict';
import {
  ConnectError,
  toSchemaless,
  valueEquals,
  type AnyRecord,
  type Props,
  type SinkRecord,
  type SourceRecord,
} from '@sluice/api';
import type { Check } from './check.ts';
import { contentText } from './content-text.ts';
import { assertLegalRecord } from './legal-record.ts';
import { laidOver, type PluginDriver } from './plugin-checks.ts';
import {
  samplesOf,
  type RecordSample,
  type SampleForm,
  type SampleValue,
} from './record-samples.ts';

/** A transformation or a predicate at work: what it makes of a record. */
export interface AtWork<T> {
  apply(record: AnyRecord): T;
  close(): void;
}

/** Parts of a record; those not mentioned are not compared, or not set. */
export type RecordParts = Partial<
  Pick<SourceRecord, 'topic' | 'kafkaPartition' | 'key' | 'keySchema' | 'value' | 'valueSchema'> &
    Pick<SourceRecord, 'timestamp' | 'headers'>
>;

/** What a record becomes; `null`: it is dropped. */
export interface TransformationExample {
  readonly given: RecordParts;
  readonly gives: RecordParts | null;
}

export interface TransformationDriver<T> extends PluginDriver {
  readonly sample: SampleValue;
  readonly refuses: readonly SampleForm[];
  open(props?: Props): AtWork<T>;
}

const FORMS: readonly SampleForm[] = ['struct', 'map', 'tombstone', 'odd'];

/** What transformations and predicates share. */
export function recordChecks<T>(): readonly Check<TransformationDriver<T>>[] {
  return [
    {
      id: 'takes-samples',
      title: 'it takes keys and values with a schema, without one, and tombstones',
      run(driver) {
        for (const form of FORMS.filter((each) => each !== 'odd')) {
          for (const { name, record, keyForm } of samplesOf(form, driver.sample)) {
            if (keyForm !== null && driver.refuses.includes(keyForm)) continue;
            const work = (): T => driver.open().apply(record);
            if (driver.refuses.includes(form))
              assert.throws(work, ConnectError, `${name} is taken`);
            else work();
          }
        }
      },
    },
    {
      id: 'no-crash',
      title: 'a record that it can not take is refused by a ConnectError, never a crash',
      run(driver) {
        for (const { name, record } of allSamples(driver)) applied(driver.open(), record, name);
      },
    },
    {
      id: 'inputs-untouched',
      title: 'it leaves its input as it was, all the way down',
      run(driver) {
        for (const { name, record } of allSamples(driver)) {
          const before = contentText(record);
          applied(driver.open(), record, name);
          assert.equal(contentText(record), before, `${name}: the input was changed`);
        }
      },
    },
    {
      id: 'same-again',
      title: 'the same record gives the same again, whatever came between',
      run(driver) {
        const shared = driver.open();
        const samples = allSamples(driver);
        const first = samples.map(({ name, record }) => applied(shared, record, name));
        for (const [index, { name, record }] of samples.entries()) {
          const again = outcomeText(applied(shared, record, name));
          assert.equal(again, outcomeText(first[index]), `${name}: something else the second time`);
        }
      },
    },
    ...lifeChecks<T>(),
  ];
}

/** What it does before the first record and behind the last. */
function lifeChecks<T>(): readonly Check<TransformationDriver<T>>[] {
  return [
    {
      id: 'refuses-config',
      title: 'configure refuses a config that validation refuses',
      run(driver) {
        return driver.withProps((props) => {
          for (const changes of badProps(driver)) {
            const given = laidOver(props, changes);
            const asked = JSON.stringify(changes);
            assert.throws(() => driver.open(given), ConnectError, `configure took ${asked}`);
          }
        });
      },
    },
    {
      id: 'close',
      title: 'it may be closed twice',
      run(driver) {
        const open = driver.open();
        open.close();
        open.close();
      },
    },
  ];
}

/** What every transformation must do, beyond what predicates must too. */
export const transformationChecks: readonly Check<TransformationDriver<AnyRecord | null>>[] = [
  {
    id: 'outputs-legal',
    title: 'what it gives is a complete record of the same side, its values fit their schemas',
    run(driver) {
      for (const { name, record } of allSamples(driver)) {
        const given = applied(driver.open(), record, name);
        if (given === null || given instanceof ConnectError) continue;
        assert.equal('kafkaOffset' in given, 'kafkaOffset' in record, `${name}: on another side`);
        assertLegalRecord(given);
      }
    },
  },
  {
    id: 'origin-kept',
    title: 'where a record came from stays: source offsets, original topic and offset',
    run(driver) {
      for (const { name, record } of allSamples(driver)) {
        const given = applied(driver.open(), record, name);
        if (given === null || given instanceof ConnectError) continue;
        assert.deepEqual(originOf(given), originOf(record), `${name}: it came from elsewhere`);
      }
    },
  },
  {
    id: 'forms-alike',
    title: 'with and without a schema the same record gives the same data',
    missing: ({ refuses }) =>
      refuses.includes('struct') || refuses.includes('map') ? 'it takes one form only' : null,
    run(driver) {
      const maps = samplesOf('map', driver.sample);
      for (const [index, { name, record }] of samplesOf('struct', driver.sample).entries()) {
        const map = maps[index]?.record;
        const withSchema = driver.open().apply(record);
        const without = map === undefined ? null : driver.open().apply(map);
        const what = `${name}: ${contentText(dataOf(without))} without a schema, with one`;
        const isAlike = valueEquals(dataOf(withSchema), dataOf(without));
        assert.ok(isAlike, `${what} ${contentText(dataOf(withSchema))}`);
      }
    },
  },
  {
    id: 'one-schema',
    title: 'records of one schema get one schema: later stages keep their plans by it',
    missing: ({ refuses }) => (refuses.includes('struct') ? 'it takes no schemas' : null),
    run(driver) {
      const open = driver.open();
      for (const { name, record } of samplesOf('struct', driver.sample)) {
        const [one, other] = [open.apply(record), open.apply(record)];
        assert.equal(one?.valueSchema, other?.valueSchema, `${name}: another schema object`);
        assert.equal(one?.keySchema, other?.keySchema, `${name}: another schema object`);
      }
    },
  },
];

/** The checks that an author's examples make. */
export function exampleChecks(
  examples: readonly TransformationExample[],
  recordOf: (parts: RecordParts) => readonly AnyRecord[],
): readonly Check<TransformationDriver<AnyRecord | null>>[] {
  return examples.map(({ given, gives }, index) => ({
    id: `example-${index + 1}`,
    title: `${contentText(given)} gives ${contentText(gives)}`,
    run(driver) {
      for (const record of recordOf(given)) {
        const result = driver.open().apply(record);
        if (gives === null || result === null) assert.equal(result, gives);
        else
          for (const [part, value] of Object.entries(gives)) {
            const actual: unknown = Reflect.get(result, part);
            const what = `${part} is ${contentText(actual)}, not ${contentText(value)}`;
            assert.ok(valueEquals(actual, value), what);
          }
      }
    },
  }));
}

function allSamples<T>(driver: TransformationDriver<T>): readonly RecordSample[] {
  return FORMS.flatMap((form) => samplesOf(form, driver.sample));
}

/** What it gives, or the ConnectError with which it refuses. @throws AssertionError for a crash */
function applied<T>(work: AtWork<T>, record: AnyRecord, name: string): T | ConnectError {
  try {
    return work.apply(record);
  } catch (error) {
    if (error instanceof ConnectError) return error;
    throw new assert.AssertionError({ message: `${name}: crashes with ${contentText(error)}` });
  }
}

function outcomeText(outcome: unknown): string {
  return outcome instanceof ConnectError ? outcome.message : contentText(outcome);
}

function originOf(record: AnyRecord): unknown {
  if (!('kafkaOffset' in record)) return [record.sourcePartition, record.sourceOffset];
  const { kafkaOffset, originalTopic, originalKafkaPartition, originalKafkaOffset } = record;
  return [kafkaOffset, originalTopic, originalKafkaPartition, originalKafkaOffset];
}

/** What a record says, whether or not schemas say it too. */
function dataOf(record: SinkRecord | SourceRecord | null): unknown {
  if (record === null) return null;
  const { topic, kafkaPartition, timestamp, headers } = record;
  return {
    topic,
    kafkaPartition,
    timestamp,
    key: toSchemaless(record.keySchema, record.key),
    value: toSchemaless(record.valueSchema, record.value),
    headers: headers.map(({ key, schema, value }) => [key, toSchemaless(schema, value)]),
  };
}

function badProps<T>(driver: TransformationDriver<T>): readonly Record<string, string | null>[] {
  const keys = [...driver.plugin.config.keys.values()];
  const missing = keys.filter((key) => !key.hasDefault).map(({ name }) => ({ [name]: null }));
  return [...missing, ...(driver.invalid ?? []).map(({ props }) => ({ ...props }))];
}
