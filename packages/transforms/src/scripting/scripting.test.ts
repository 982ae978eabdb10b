import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ConfigError,
  ConnectError,
  Decimal,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  TIMESTAMP_SCHEMA,
  decimalSchema,
  newStruct,
  withRecord,
} from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { contentBasedRouter } from '../debezium/content-based-router.ts';
import { scriptFilter } from '../debezium/filter.ts';

const SCHEMA = SchemaBuilder.struct()
  .name('Order')
  .field('id', INT64_SCHEMA)
  .field('state', OPTIONAL_STRING_SCHEMA)
  .field('amount', decimalSchema(2))
  .field('at', TIMESTAMP_SCHEMA)
  .build();
const RECORD = aRecord(
  SCHEMA,
  newStruct(SCHEMA, {
    id: 9_007_199_254_740_993n,
    state: 'open',
    amount: new Decimal(1250n, 2),
    at: new Date(0),
  }),
);

function keeps(condition: string, record = RECORD): boolean {
  const props = { language: 'jsr223.graal.js', condition };
  return configured(scriptFilter, props).apply(record) !== null;
}

describe('Filter with a JavaScript expression', () => {
  test('keeps what the expression is true for', () => {
    assert.equal(keeps("value.state == 'open'"), true);
    assert.equal(keeps("value.state === 'closed'"), false);
    assert.equal(keeps("topic.startsWith('ord') && valueSchema.name == 'Order'"), true);
  });

  test('sees large integers, decimals and dates without loss', () => {
    assert.equal(keeps('value.id === 9007199254740993n'), true);
    assert.equal(keeps("value.amount === '12.50'"), true);
    assert.equal(keeps('value.at.getTime() === 0'), true);
  });

  test('sees headers by name, and fields with hostile names', () => {
    const headers = [{ key: 'region', schema: null, value: 'eu' }];
    assert.equal(keeps("header.region.value == 'eu'", withRecord(RECORD, { headers })), true);
    const hostile: unknown = JSON.parse('{"__proto__": {"isAdmin": true}, "a": 1}');
    assert.equal(keeps('value.isAdmin === undefined', aRecord(null, hostile)), true);
  });

  test('runs scripts of several statements, and ends those that never end', () => {
    assert.equal(keeps('let n = 0; for (let i = 0; i < 3; i++) n += i; n === 3'), true);
    assert.throws(() => keeps('while (true) {}'), /timed out/);
  });

  test('keeps null records unless told otherwise', () => {
    const tombstone = aRecord(null, null);
    const props = { language: 'jsr223.graal.js', condition: 'value !== null' };
    assert.equal(configured(scriptFilter, props).apply(tombstone), tombstone);
    const drop = configured(scriptFilter, { ...props, 'null.handling.mode': 'drop' });
    assert.equal(drop.apply(tombstone), null);
    const evaluate = configured(scriptFilter, { ...props, 'null.handling.mode': 'evaluate' });
    assert.equal(evaluate.apply(tombstone), null);
  });

  test('looks only at topics that match topic.regex', () => {
    const props = { language: 'jsr223.graal.js', condition: 'false', 'topic.regex': 'other.*' };
    assert.equal(configured(scriptFilter, props).apply(RECORD), RECORD);
  });

  test('an answer that is no boolean is an error', () => {
    assert.throws(() => keeps('1'), /Value '1' returned by the expression is not a Boolean/);
    assert.throws(() => keeps('value.nope.x'), ConnectError);
  });
});

describe('the sandbox', () => {
  const inside = (expression: string): boolean => keeps(expression);

  test('has nothing of the worker in it', () => {
    for (const word of ['process', 'require', 'globalThis.process', 'setTimeout', 'fetch']) {
      assert.equal(inside(`typeof ${word} === 'undefined'`), true, word);
    }
  });

  test('makes no code from strings, not even by way of the data', () => {
    const escape = "value.constructor.constructor('return process')()";
    assert.throws(() => inside(escape), ConnectError);
    assert.throws(
      () => inside("value.at.constructor.constructor('return process')()"),
      ConnectError,
    );
    assert.throws(() => inside("topic.constructor.constructor('return process')()"), ConnectError);
  });

  test('keeps no state between records', () => {
    const props = {
      language: 'jsr223.graal.js',
      condition: '(Object.prototype.seen = true, true)',
    };
    assert.throws(() => configured(scriptFilter, props).apply(RECORD), ConnectError);
    assert.equal(Reflect.get({}, 'seen'), undefined);
  });
});

describe('ContentBasedRouter', () => {
  test('takes the topic from the expression, null keeps it', () => {
    const props = {
      language: 'jsr223.graal.js',
      'topic.expression': "value.state == 'open' ? 'open-orders' : null",
    };
    assert.equal(configured(contentBasedRouter, props).apply(RECORD)?.topic, 'open-orders');
    const closed = aRecord(null, { state: 'closed' });
    assert.equal(configured(contentBasedRouter, props).apply(closed), closed);
  });

  test('refuses Groovy with what to do instead', () => {
    const props = { language: 'jsr223.groovy', 'topic.expression': "'x'" };
    assert.throws(
      () => configured(contentBasedRouter, props),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        return /jsr223\.graal\.js/.test(error.message) && /JavaScript/.test(error.message);
      },
    );
  });

  test('refuses what is no JavaScript when it is configured', () => {
    const props = { language: 'jsr223.graal.js', 'topic.expression': 'value.(' };
    assert.throws(() => configured(contentBasedRouter, props), ConfigError);
  });
});
