import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConnectSchema,
  DataError,
  INT32_SCHEMA,
  SchemaBuilder,
  getOwn,
  setOwn,
  type Field,
} from '@sluice/api';
import { argumentSlot, compileStructMaker, copySlot, type Slot } from './struct-plan.ts';

const DEFAULTED = SchemaBuilder.int32().optional().defaultValue(7).build();
const SCHEMA = SchemaBuilder.struct()
  .field('__proto__', DEFAULTED)
  .field('constructor', INT32_SCHEMA)
  .field('plain', INT32_SCHEMA)
  .build();

/** The same slots, and as many more as it takes to be made by a loop instead of a literal. */
function withMany(slots: readonly Slot[]): readonly Slot[] {
  const more = Array.from({ length: 600 }, (_, index) => argumentSlot(`more${index}`, 1));
  return [...slots, ...more];
}

function fieldOf(name: string): Field {
  const field = SCHEMA.field(name);
  assert.ok(field);
  return field;
}

for (const [way, many] of [
  ['a literal', (slots: readonly Slot[]) => slots],
  ['a loop', withMany],
] as const) {
  test(`${way} takes members over, whatever their names are`, () => {
    const slots = SCHEMA.fields.map((field) => copySlot(field, true));
    const source = { constructor: 1, plain: 2 };
    setOwn(source, '__proto__', 3);
    const made = compileStructMaker(SCHEMA, many(slots))(source);
    const names = ['__proto__', 'constructor', 'plain'];
    assert.deepEqual(
      names.map((name) => getOwn(made, name)),
      [3, 1, 2],
    );
    assert.equal(Object.getPrototypeOf(made), Object.prototype);
  });

  test(`${way} finds nothing of the prototype`, () => {
    const slots = [copySlot(fieldOf('__proto__'), true), copySlot(fieldOf('constructor'), true)];
    const make = compileStructMaker(SCHEMA, many(slots));
    assert.throws(
      () => make({}),
      (error: unknown) => {
        return error instanceof DataError && error.message.includes('"constructor"');
      },
    );
    assert.equal(getOwn(make({ constructor: 1 }), '__proto__'), 7);
  });

  test(`${way} gives arguments to members and to what changes them`, () => {
    const slot = copySlot(
      fieldOf('plain'),
      true,
      'sum',
      (value, more) => Number(value) + Number(more),
    );
    const make = compileStructMaker(SCHEMA, many([slot, argumentSlot('argument', 0)]));
    const made = make({ plain: 2 }, 40);
    assert.deepEqual([getOwn(made, 'sum'), getOwn(made, 'argument')], [42, 40]);
  });
}

test('names get into the code as names only', () => {
  const name = '"];globalThis.polluted=true;//\u2028`${1}';
  const schema = SchemaBuilder.struct().field(name, INT32_SCHEMA).build();
  const make = compileStructMaker(
    new ConnectSchema({ type: 'STRUCT', fields: schema.fields }),
    schema.fields.map((field) => copySlot(field, false)),
  );
  assert.deepEqual(make({ [name]: 5 }), { [name]: 5 });
  assert.equal(Reflect.get(globalThis, 'polluted'), undefined);
});
