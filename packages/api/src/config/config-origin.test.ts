import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigDef } from './config-def.ts';
import {
  messageWithOrigin,
  originsOf,
  originText,
  type ConfigOrigin,
  type ConfigOrigins,
} from './config-origin.ts';

const KEY = { type: 'INT', default: 1, importance: 'LOW', doc: '' } as const;
const LINE: ConfigOrigin = { kind: 'file', file: 'worker.properties', line: 12 };

test('each key of a definition says where its value comes from', () => {
  const required = { type: 'INT', importance: 'LOW', doc: '' } as const;
  const def = new ConfigDef({ a: KEY, b: KEY, c: KEY, d: required });
  const noted: ConfigOrigins = new Map<string, ConfigOrigin>([
    ['a', LINE],
    ['x', { kind: 'rest' }],
  ]);
  const origins = originsOf(def, { a: '1', b: '2', x: '3' }, noted);
  assert.deepEqual(
    Array.from(origins, ([name, origin]) => `${name}: ${originText(origin)}`),
    ['a: worker.properties line 12', 'b: config', 'c: default'],
  );
});

test('each kind of origin is told in words, with the place of what stands for another value', () => {
  const reference = '${file:/secrets:password}';
  const cases: readonly (readonly [ConfigOrigin, string])[] = [
    [{ kind: 'default' }, 'default'],
    [LINE, 'worker.properties line 12'],
    [{ kind: 'rest' }, 'REST request'],
    [{ kind: 'environment', variable: 'KAFKA_OPTS' }, 'environment variable KAFKA_OPTS'],
    [
      { kind: 'override', key: 'producer.override.acks', at: null },
      'override producer.override.acks',
    ],
    [
      { kind: 'override', key: 'producer.override.acks', at: LINE },
      'override producer.override.acks, worker.properties line 12',
    ],
    [{ kind: 'provider', reference, at: null }, `config provider ${reference}`],
    [
      { kind: 'provider', reference, at: LINE },
      `config provider ${reference}, worker.properties line 12`,
    ],
    [{ kind: 'given' }, 'config'],
  ];
  for (const [origin, text] of cases) assert.equal(originText(origin), text);
});

test('a message tells where the value was written, and the key if it does not name it', () => {
  assert.equal(
    messageWithOrigin('a is odd', 'a', LINE),
    'a is odd (from worker.properties line 12)',
  );
  assert.equal(messageWithOrigin('Odd', 'z', { kind: 'rest' }), 'Odd ("z" from REST request)');
  for (const origin of [undefined, { kind: 'given' } as const])
    assert.equal(messageWithOrigin('a is odd', 'a', origin), 'a is odd');
});
