import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ConfigDef,
  getOwn,
  INT64_SCHEMA,
  SchemaBuilder,
  withRecord,
  type AnyRecord,
  type Predicate,
  type Props,
  type Schema,
  type Transformation,
} from '@sluice/api';
import { exampleChecks } from './transformation-checks.ts';
import {
  PREDICATE_CHECKS,
  predicateDriver,
  predicateSuite,
  TRANSFORMATION_CHECKS,
  transformationDriver,
  transformationSuite,
} from './transformation-suite.ts';
import type { TransformationSuiteOptions } from './transformation-suite.ts';

const CONFIG = new ConfigDef({
  field: { type: 'STRING', importance: 'HIGH', doc: 'What to keep.' },
});
const KEPT = SchemaBuilder.struct().field('id', INT64_SCHEMA).build();

/** Keeps one field of the value. Broken ones extend it. */
class KeepField implements Transformation {
  protected field = '';

  configure(props: Props): void {
    this.field = CONFIG.parse(props).field;
  }
  apply<R extends AnyRecord>(record: R): R | null {
    const { value, valueSchema } = record;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return record;
    const kept = { [this.field]: getOwn(value, this.field) ?? null };
    const schema = valueSchema === null || kept[this.field] === null ? null : this.schema();
    return withRecord(record, { value: kept, valueSchema: schema });
  }
  protected schema(): Schema {
    return KEPT;
  }
  close(): void {
    // Nothing is held.
  }
}

const optionsOf = (create: new () => Transformation): TransformationSuiteOptions => ({
  plugin: {
    type: 'transformation',
    className: 'org.example.KeepField',
    version: '1',
    config: CONFIG,
    create: () => new create(),
  },
  props: { field: 'id' },
});

transformationSuite({
  ...optionsOf(KeepField),
  examples: [{ given: { value: { id: 1, x: 2 } }, gives: { value: { id: 1 }, topic: 'orders' } }],
});

const applying = (change: <R extends AnyRecord>(record: R, given: R) => R | null) =>
  class extends KeepField {
    override apply<R extends AnyRecord>(record: R): R | null {
      const given = super.apply(record);
      return given === null ? null : change(record, given);
    }
  };

/** Transformations with one fault each: the check that has to find it, what it has to say. */
const FAULTS: readonly (readonly [string, RegExp, new () => Transformation])[] = [
  [
    'takes-samples',
    /Reflect\.ownKeys called on non-object|null/,
    applying((record, given) => (Reflect.ownKeys(Object(record).value).length > 0 ? given : null)),
  ],
  [
    'no-crash',
    /crashes with TypeError/,
    applying((record, given) => (Reflect.ownKeys(Object(record).value).length > 0 ? given : null)),
  ],
  [
    'inputs-untouched',
    /the input was changed/,
    applying((record, given) => {
      if (record.value !== null) Reflect.set(Object(record.value), 'mine', true);
      return given;
    }),
  ],
  [
    'same-again',
    /something else the second time/,
    class extends KeepField {
      #calls = 0;
      override apply<R extends AnyRecord>(record: R): R {
        return withRecord(record, { timestamp: ++this.#calls });
      }
    },
  ],
  [
    'refuses-config',
    /configure took {"field":null}/,
    class extends KeepField {
      override configure(): void {
        this.field = 'id';
      }
    },
  ],
  [
    'close',
    /closed already/,
    class extends KeepField {
      #isClosed = false;
      override close(): void {
        if (this.#isClosed) throw new Error('closed already');
        this.#isClosed = true;
      }
    },
  ],
  [
    'outputs-legal',
    /does not fit its schema/,
    applying((record, given) => withRecord(given, { value: record.topic })),
  ],
  [
    'origin-kept',
    /it came from elsewhere/,
    applying((_record, given) => ({ ...given, originalTopic: 'x', sourceOffset: { at: 0 } })),
  ],
  [
    'forms-alike',
    /without a schema, with one/,
    applying((record, given) => (record.valueSchema === null ? record : given)),
  ],
  [
    'one-schema',
    /another schema object/,
    class extends KeepField {
      protected override schema(): Schema {
        return SchemaBuilder.struct().field('id', INT64_SCHEMA).build();
      }
    },
  ],
];

describe('each check of transformations finds the fault it is for', () => {
  for (const [id, message, create] of FAULTS)
    test(`${id}: ${String(message)}`, async () => {
      const check = TRANSFORMATION_CHECKS.find((each) => each.id === id);
      assert.ok(check !== undefined);
      await assert.rejects(async () => check.run(transformationDriver(optionsOf(create))), message);
    });

  test('and every check of transformations alone has a fault to find', () => {
    const tried = new Set(FAULTS.map(([id]) => id));
    const own = TRANSFORMATION_CHECKS.map(({ id }) => id).slice(-10);
    assert.equal(own[0], 'takes-samples');
    assert.deepEqual(
      own.filter((id) => !tried.has(id)),
      [],
    );
  });

  test('an example that is not met says what came', () => {
    const examples = [{ given: { value: { id: 1 } }, gives: { value: { id: 2 } } }];
    const record = { topic: 't', value: { id: 1 } };
    const [check] = exampleChecks(examples, () => [Object.assign(Object.create(null), record)]);
    const driver = transformationDriver(optionsOf(KeepField));
    assert.throws(() => check?.run(driver), /value is { id: 1 }, not { id: 2 }/);
  });
});

class HasValue implements Predicate {
  configure(): void {
    // It has no config.
  }
  test(record: AnyRecord): boolean {
    return record.value !== null;
  }
}

const PREDICATE = {
  type: 'predicate',
  className: 'org.example.HasValue',
  version: '1',
  config: new ConfigDef({}),
  create: (): Predicate => new HasValue(),
} as const;

predicateSuite({ plugin: PREDICATE });

test('a predicate that answers neither true nor false is found out', () => {
  class Vague extends HasValue {
    override test(record: AnyRecord): boolean {
      return JSON.parse(String(record.value === null ? 0 : 1));
    }
  }
  const check = PREDICATE_CHECKS.find(({ id }) => id === 'answers');
  const driver = predicateDriver({ plugin: { ...PREDICATE, create: () => new Vague() } });
  assert.throws(() => check?.run(driver), /test\(\) answers 1/);
});
