import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { ConfigError } from '../errors/config-error.ts';
import { ConfigDef, type ConfigOf } from './config-def.ts';
import { Password } from './password.ts';
import { nearestName, unknownKeys } from './unknown-keys.ts';
import { atLeast, validList, validString } from './validators.ts';

const CONFIG = new ConfigDef({
  file: { type: 'STRING', default: null, importance: 'HIGH', doc: 'What to read.' },
  topic: { type: 'STRING', importance: 'HIGH', doc: 'Where to write.' },
  'batch.size': {
    type: 'INT',
    default: 2000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Lines per poll.',
  },
  secret: { type: 'PASSWORD', default: '', importance: 'LOW', doc: 'What nobody may see.' },
  topics: {
    type: 'LIST',
    default: [],
    validator: validList([]),
    importance: 'LOW',
    doc: 'Several.',
  },
});

test('a config is written once and gives its parsed type', () => {
  const config: ConfigOf<typeof CONFIG> = CONFIG.parse({
    topic: ' t ',
    'batch.size': '5',
    topics: 'a, b,a',
  });
  // Does not compile when the inferred types are other ones.
  const file: string | null = config.file;
  const topic: string = config.topic;
  const size: number = config['batch.size'];
  const topics: readonly string[] = config.topics;
  const secret: Password = config.secret;
  assert.deepEqual([file, topic, size, topics, secret.value()], [null, 't', 5, ['a', 'b'], '']);
});

test("a missing or wrong value is an error with Java's text", () => {
  assert.throws(() => CONFIG.parse({}), {
    name: 'ConfigError',
    message: 'Missing required configuration "topic" which has no default value.',
  });
  assert.throws(() => CONFIG.parse({ topic: 't', 'batch.size': 'dog' }), {
    message: 'Invalid value dog for configuration batch.size: Not a number of type INT',
  });
  assert.throws(() => CONFIG.parse({ topic: 't', 'batch.size': '0' }), {
    message: 'Invalid value 0 for configuration batch.size: Value must be at least 1',
  });
});

test('a password shows nowhere but where it is asked for', () => {
  const secret = new Password('hunter2');
  const shown = [
    String(secret),
    ''.concat(String(secret)),
    JSON.stringify({ secret }),
    inspect(secret),
  ];
  for (const text of shown) assert.ok(!text.includes('hunter2'), text);
  const [value] = CONFIG.validate({ secret: 'hunter2' }).filter(({ name }) => name === 'secret');
  assert.ok(!inspect(value).includes('hunter2'));
  const strict = new ConfigDef({
    secret: { type: 'PASSWORD', importance: 'HIGH', doc: '', validator: validString('x') },
  });
  assert.throws(() => strict.parse({ secret: 'hunter2' }), {
    message: 'Invalid value [hidden] for configuration secret: String must be one of: x',
  });
});

test('a default that does not pass its own check is refused at once', () => {
  const bad = {
    type: 'INT',
    default: 0,
    validator: atLeast(1),
    importance: 'LOW',
    doc: '',
  } as const;
  assert.throws(() => new ConfigDef({ bad }), ConfigError);
});

test('definitions are extended and merged, never with the same key twice', () => {
  const more = CONFIG.extend({
    extra: { type: 'LONG', default: 1, importance: 'LOW', doc: '', group: 'G' },
  });
  assert.equal(more.parse({ topic: 't' }).extra, 1);
  assert.deepEqual(more.groups, ['G']);
  assert.ok(!CONFIG.keys.has('extra'));
  const twice = { message: 'Configuration topic is defined twice.' };
  assert.throws(() => more.merge(CONFIG), /is defined twice/);
  assert.throws(() => CONFIG.extend({ topic: { type: 'INT', importance: 'LOW', doc: '' } }), twice);
});

test('a dependent that is not defined fails parsing, and shows in validation', () => {
  const def = new ConfigDef({
    a: { type: 'INT', default: 1, importance: 'LOW', doc: '', dependents: ['b'] },
  });
  assert.throws(() => def.parse({}), /referred in the dependents, but not defined: b$/);
  const b = def.validate({}).find(({ name }) => name === 'b');
  assert.deepEqual(b?.errorMessages, ['b is referred in the dependents, but not defined.']);
  assert.equal(b?.visible, false);
});

test('keys that depend on each other do not hang validation', () => {
  const key = { type: 'INT', default: 1, importance: 'LOW', doc: '' } as const;
  const def = new ConfigDef({
    a: { ...key, dependents: ['b'] },
    b: { ...key, dependents: ['a'] },
    c: key,
  });
  assert.equal(def.validate({ c: '2' }).length, 3);
});

test('names that mean something to JavaScript are keys like any other', () => {
  const def = new ConfigDef({
    constructor: { type: 'STRING', default: null, importance: 'LOW', doc: '' },
  });
  assert.equal(def.parse({}).constructor, null);
  assert.deepEqual(unknownKeys(def, JSON.parse('{"__proto__":"x"}')), [
    { name: '__proto__', nearest: null },
  ]);
});

test('an unknown key is named with the key that was most likely meant', () => {
  assert.deepEqual(
    unknownKeys(CONFIG, { topic: 't', tpoic: 't', 'batch.siez': '1', nonsense: '' }),
    [
      { name: 'tpoic', nearest: 'topic' },
      { name: 'batch.siez', nearest: 'batch.size' },
      { name: 'nonsense', nearest: null },
    ],
  );
  assert.equal(nearestName('BATCH.SIZE', ['batch.size']), 'batch.size');
});

test('a LONG is kept exactly or refused, but for the largest, which is no limit', () => {
  const def = new ConfigDef({ bytes: { type: 'LONG', importance: 'LOW', doc: '' } });
  assert.equal(def.parse({ bytes: '9007199254740991' }).bytes, 9_007_199_254_740_991);
  assert.equal(def.parse({ bytes: '9007199254740992' }).bytes, 2 ** 53);
  assert.equal(def.parse({ bytes: '9223372036854775807' }).bytes, 2 ** 63);
  assert.equal(def.parse({ bytes: '-9223372036854775808' }).bytes, -(2 ** 63));
  assert.throws(
    () => def.parse({ bytes: '9007199254740993' }),
    /Invalid value 9007199254740993 for configuration bytes: Beyond 9007199254740991/,
  );
});
