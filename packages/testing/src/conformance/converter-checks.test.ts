import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ConfigDef,
  DataError,
  type Converter,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import { CONVERTER_CHECKS, converterDriver, converterSuite } from './converter-suite.ts';
import type { ConverterSuiteOptions } from './converter-suite.ts';

/** Texts as UTF-8, and nothing else. Broken ones extend it. */
class TextConverter implements Converter {
  configure(): void {
    // It has no config.
  }
  fromConnectData(_topic: string, _schema: Schema | null, value: unknown): Uint8Array | null {
    if (value === null) return null;
    if (typeof value !== 'string') throw new DataError('no text');
    return Buffer.from(value);
  }
  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    return { schema: null, value: bytes === null ? null : Buffer.from(bytes).toString() };
  }
  close(): void {
    // Nothing is held.
  }
}

const optionsOf = (create: new () => Converter): ConverterSuiteOptions => ({
  plugin: {
    type: 'converter',
    className: 'org.example.TextConverter',
    version: '1',
    config: new ConfigDef({}),
    create: () => new create(),
  },
  fidelity(schema) {
    if (schema === null) return 'lossy';
    return schema.type === 'STRING' ? 'value' : 'refused';
  },
});

converterSuite(optionsOf(TextConverter));

const written = (change: (text: string, converter: object) => Uint8Array | null) =>
  class extends TextConverter {
    override fromConnectData(topic: string, schema: Schema | null, value: unknown) {
      const bytes = super.fromConnectData(topic, schema, value);
      return bytes === null ? null : change(Buffer.from(bytes).toString(), this);
    }
  };

const read = (change: (value: unknown, bytes: Uint8Array | null) => unknown) =>
  class extends TextConverter {
    override toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue {
      const { schema, value } = super.toConnectData(topic, bytes);
      return { schema, value: change(value, bytes) };
    }
  };

let count = 0;
const SHARED = Buffer.alloc(100);

/** Converters with one fault each: the check that has to find it, what it has to say. */
const FAULTS: readonly (readonly [string, RegExp, new () => Converter])[] = [
  ['round-trip', /comes back as/, written((text) => Buffer.from(text, 'latin1'))],
  [
    'round-trip',
    /is not refused/,
    class extends TextConverter {
      override fromConnectData(_topic: string, _schema: Schema | null, value: unknown) {
        return value === null ? null : Buffer.from(`${Number(value)}`);
      }
    },
  ],
  ['round-trip-optional', /comes back as a value/, read((value) => value ?? '')],
  ['round-trip-schemaless', /changes on each way/, written((text) => Buffer.from(`${text}.`))],
  ['tombstones', /is read as a value/, read((value) => value ?? '')],
  [
    'required-nulls',
    /comes back as a value/,
    class extends TextConverter {
      override fromConnectData(topic: string, schema: Schema | null, value: unknown) {
        return super.fromConnectData(topic, schema, value ?? 'null');
      }
    },
  ],
  [
    'foreign-bytes',
    /is no DataError but SyntaxError/,
    read((_value, bytes) => (bytes === null ? null : JSON.parse(Buffer.from(bytes).toString()))),
  ],
  [
    'wrong-values',
    /is no DataError but TypeError/,
    class extends TextConverter {
      override fromConnectData(_topic: string, _schema: Schema | null, value: unknown) {
        if (typeof value !== 'string') throw new TypeError('value.length');
        return Buffer.from(value);
      }
    },
  ],
  ['bytes-stay', /used again/, written((text) => SHARED.subarray(0, SHARED.write(text)))],
  ['same-bytes', /differ/, written((text) => Buffer.from(`${text}${count++}`))],
  [
    'inputs-untouched',
    /changed by reading/,
    read((value, bytes) => {
      bytes?.fill(0);
      return value;
    }),
  ],
  [
    'schemas-apart',
    /comes back as/,
    class extends TextConverter {
      #calls = 0;
      override fromConnectData(topic: string, schema: Schema | null, value: unknown) {
        const isLate = ++this.#calls > 100;
        return super.fromConnectData(topic, schema, isLate && value === 'plain' ? 'late' : value);
      }
    },
  ],
  [
    'close',
    /closed already/,
    class extends TextConverter {
      #isClosed = false;
      override close(): void {
        if (this.#isClosed) throw new Error('closed already');
        this.#isClosed = true;
      }
    },
  ],
];

describe('each check of converters finds the fault it is for', () => {
  for (const [id, message, create] of FAULTS)
    test(`${id}: ${String(message)}`, async () => {
      const check = CONVERTER_CHECKS.find((each) => each.id === id);
      assert.ok(check !== undefined);
      await assert.rejects(async () => check.run(converterDriver(optionsOf(create))), message);
    });

  test('and every check of converters alone has a fault to find', () => {
    const tried = new Set(FAULTS.map(([id]) => id));
    const own = CONVERTER_CHECKS.map(({ id }) => id).slice(-12);
    assert.equal(own[0], 'round-trip');
    assert.deepEqual(
      own.filter((id) => !tried.has(id)),
      [],
    );
  });
});
