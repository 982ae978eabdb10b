import assert from 'node:assert/strict';
import {
  DataError,
  schemaEquals,
  valueEquals,
  type Props,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import type { Check } from './check.ts';
import { contentText } from './content-text.ts';
import type { PluginDriver } from './plugin-checks.ts';
import {
  optionalOf,
  SCHEMALESS_SAMPLES,
  SCHEMA_SAMPLES,
  type SampleValues,
} from './sample-values.ts';

/**
 * What reading gives back after writing: value and schema (`exact`); the value (`value`); something
 * that changes no further on later ways, or writing refuses (`lossy`); nothing, writing
 * fails with a DataError (`refused`).
 */
export type Fidelity = 'exact' | 'value' | 'lossy' | 'refused';

/** A converter's or header converter's two ways, on one topic. */
export interface TwoWays {
  write(schema: Schema | null, value: unknown): Uint8Array | null;
  read(bytes: Uint8Array | null): SchemaAndValue;
  close(): void;
}

export interface ConverterDriver extends PluginDriver {
  /** A new instance, configured. */
  open(changes?: { readonly isKey?: boolean; readonly props?: Props }): TwoWays;
  fidelity(schema: Schema | null): Fidelity;
}

const TOPIC_SWITCHES = 3;
/** Ways after which nothing may change any more: types are guessed anew on each. */
const SETTLING_WAYS = 4;

/** What every converter must do. */
export const converterChecks: readonly Check<ConverterDriver>[] = [
  {
    id: 'round-trip',
    title: 'values of every type with a schema come back as the fidelity says',
    run(driver) {
      for (const sample of SCHEMA_SAMPLES) checkSample(driver, driver.open(), sample);
    },
  },
  {
    id: 'round-trip-optional',
    title: 'optional values come back too, and nulls come back as null',
    run(driver) {
      const converter = driver.open();
      for (const { name, schema, values } of SCHEMA_SAMPLES) {
        if (schema === null) continue;
        const optional = optionalOf(schema);
        const fidelity = driver.fidelity(optional);
        checkSample(driver, converter, { name: `optional ${name}`, schema: optional, values });
        if (fidelity === 'exact' || fidelity === 'value') {
          const back = converter.read(converter.write(optional, null));
          assert.equal(back.value, null, `null of an optional ${name} comes back as a value`);
        }
      }
    },
  },
  {
    id: 'round-trip-schemaless',
    title: 'values without a schema come back as the fidelity says',
    run(driver) {
      checkSample(driver, driver.open(), SCHEMALESS_SAMPLES);
    },
  },
  {
    id: 'tombstones',
    title: 'no schema and no value are no bytes, and no bytes are no value',
    run(driver) {
      for (const isKey of [true, false]) {
        const converter = driver.open({ isKey });
        assert.equal(converter.write(null, null), null, 'a tombstone is written as bytes');
        assert.equal(converter.read(null).value, null, 'a tombstone is read as a value');
      }
    },
  },
  {
    id: 'required-nulls',
    title: 'null under a required schema is refused or stays null, it turns into nothing else',
    run(driver) {
      const converter = driver.open();
      for (const { name, schema } of SCHEMA_SAMPLES) {
        const bytes = dataErrorOr(() => converter.write(schema, null), `null for ${name}`);
        if (bytes !== undefined && bytes !== null)
          assert.equal(converter.read(bytes).value, null, `null of ${name} comes back as a value`);
      }
    },
  },
  {
    id: 'foreign-bytes',
    title: 'bytes that another program wrote are read or refused by a DataError, never a crash',
    run(driver) {
      const converter = driver.open();
      for (const bytes of foreignBytes(converter))
        dataErrorOr(() => converter.read(bytes), `reading ${contentText(bytes)}`);
    },
  },
  {
    id: 'wrong-values',
    title: 'a value that does not fit its schema is refused by a DataError, if it is refused',
    run(driver) {
      const converter = driver.open();
      for (const { name, schema } of SCHEMA_SAMPLES)
        for (const value of ['text', 1.5, true, [], {}, new Map(), Symbol.iterator])
          dataErrorOr(() => converter.write(schema, value), `${contentText(value)} as ${name}`);
    },
  },
  {
    id: 'bytes-stay',
    title: 'bytes that were given away are not changed by later calls',
    run(driver) {
      const converter = driver.open();
      const given: { readonly bytes: Uint8Array; readonly text: string }[] = [];
      for (const [schema, value] of carried(driver)) {
        const bytes = converter.write(schema, value);
        if (bytes !== null) given.push({ bytes, text: contentText(Uint8Array.from(bytes)) });
      }
      for (const { bytes, text } of given)
        assert.equal(contentText(Uint8Array.from(bytes)), text, 'the same buffer is used again');
    },
  },
  {
    id: 'same-bytes',
    title: 'equal values give equal bytes, in every instance: keys are partitioned by them',
    run(driver) {
      const [one, other] = [driver.open({ isKey: true }), driver.open({ isKey: true })];
      for (const [schema, value] of carried(driver)) {
        const bytes = one.write(schema, value);
        const what = `bytes of ${contentText(value)}`;
        assert.deepEqual(plain(one.write(schema, value)), plain(bytes), `${what} differ`);
        assert.deepEqual(plain(other.write(schema, value)), plain(bytes), `${what} differ`);
      }
    },
  },
  {
    id: 'inputs-untouched',
    title: 'it changes neither the values that it writes nor the bytes that it reads',
    run(driver) {
      const converter = driver.open();
      for (const [schema, value] of carried(driver)) {
        const before = contentText(value);
        const bytes = converter.write(schema, value);
        assert.equal(contentText(value), before, 'the value was changed by writing it');
        const copy = plain(bytes);
        converter.read(bytes);
        assert.deepEqual(plain(bytes), copy, 'the bytes were changed by reading them');
      }
    },
  },
  {
    id: 'schemas-apart',
    title: 'schemas that take turns do not disturb each other',
    run(driver) {
      const converter = driver.open();
      const samples = [...SCHEMA_SAMPLES, SCHEMALESS_SAMPLES];
      for (let round = 0; round < TOPIC_SWITCHES; round++)
        for (const sample of samples) checkSample(driver, converter, sample);
    },
  },
  {
    id: 'close',
    title: 'it may be closed twice',
    run(driver) {
      const converter = driver.open();
      converter.close();
      converter.close();
    },
  },
];

function checkSample(driver: ConverterDriver, converter: TwoWays, sample: SampleValues): void {
  const { name, schema, values } = sample;
  const fidelity = driver.fidelity(schema);
  for (const value of values) {
    const what = `${contentText(value)} (${name})`;
    if (fidelity === 'refused') {
      assert.throws(() => converter.write(schema, value), isDataError, `${what} is not refused`);
      continue;
    }
    if (fidelity === 'lossy') {
      checkSettles(converter, schema, value, what);
      continue;
    }
    const back = converter.read(converter.write(schema, value));
    assert.ok(valueEquals(back.value, value), `${what} comes back as ${contentText(back.value)}`);
    if (fidelity === 'exact')
      assert.ok(schemaEquals(back.schema, schema), `${what} comes back with another schema`);
  }
}

/** What was read and written some times does not change any further. */
function checkSettles(
  converter: TwoWays,
  schema: Schema | null,
  value: unknown,
  what: string,
): void {
  const again = (bytes: Uint8Array | null): Uint8Array | null => {
    const back = converter.read(bytes);
    return converter.write(back.schema, back.value);
  };
  let bytes = dataErrorOr(() => converter.write(schema, value), what);
  for (let way = 0; way < SETTLING_WAYS && bytes !== undefined; way++) {
    const before = bytes;
    bytes = dataErrorOr(() => again(before), what);
    if (bytes !== undefined && contentText(plain(bytes)) === contentText(plain(before))) return;
  }
  assert.equal(bytes, undefined, `${what} changes on each way`);
}

/** Schemas and values that the converter can write. */
function carried(driver: ConverterDriver): readonly (readonly [Schema | null, unknown])[] {
  return [...SCHEMA_SAMPLES, SCHEMALESS_SAMPLES]
    .filter(({ schema }) => ['exact', 'value'].includes(driver.fidelity(schema)))
    .flatMap(({ schema, values }) => values.map((value) => [schema, value] as const));
}

/** What no converter wrote, and what one wrote with its end cut off or a byte changed. */
function foreignBytes(converter: TwoWays): readonly Uint8Array[] {
  const texts = [
    '',
    '{',
    '[]',
    '{"schema":1}',
    'null',
    '"x',
    '\u0000\u0001',
    '12345678901234567890',
  ];
  const own = SCHEMA_SAMPLES.flatMap(({ schema, values }) => {
    const bytes = values[0] === undefined ? null : writeOrNull(converter, schema, values[0]);
    if (bytes === null || bytes.length === 0) return [];
    const changed = Uint8Array.from(bytes);
    changed[changed.length - 1] = 0xff;
    return [bytes.subarray(0, bytes.length - 1), changed];
  });
  return [...texts.map((text) => Buffer.from(text)), Uint8Array.of(0xff, 0xfe, 0x80), ...own];
}

function writeOrNull(converter: TwoWays, schema: Schema | null, value: unknown): Uint8Array | null {
  return dataErrorOr(() => converter.write(schema, value), 'writing a sample') ?? null;
}

/** What `work` gives; `undefined` when it refuses. @throws AssertionError for any other error */
function dataErrorOr<T>(work: () => T, what: string): T | undefined {
  try {
    return work();
  } catch (error) {
    assert.ok(isDataError(error), `${what} is no DataError but ${contentText(error)}`);
    return undefined;
  }
}

function isDataError(error: unknown): boolean {
  return error instanceof DataError;
}

function plain(bytes: Uint8Array | null): readonly number[] | null {
  return bytes === null ? null : [...bytes];
}
