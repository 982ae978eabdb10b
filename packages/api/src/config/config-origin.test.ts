import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigDef } from './config-def.ts';
import { originsOf, originText, type ConfigOrigin } from './config-origin.ts';

const KEY = { type: 'INT', default: 1, importance: 'LOW', doc: '' } as const;

test('each key of a definition says where its value comes from', () => {
  const def = new ConfigDef({ a: KEY, b: KEY, c: KEY });
  const noted = new Map<string, ConfigOrigin>([
    ['a', { kind: 'file', file: 'worker.properties', line: 12 }],
    ['x', { kind: 'rest' }],
  ]);
  const origins = originsOf(def, { a: '1', b: '2', x: '3' }, noted);
  assert.deepEqual(
    Array.from(origins, ([name, origin]) => `${name}: ${originText(origin)}`),
    ['a: worker.properties, line 12', 'b: config', 'c: default'],
  );
});

test('a value of a provider is told by its reference', () => {
  const origin: ConfigOrigin = { kind: 'provider', reference: '${file:/secrets:password}' };
  assert.equal(originText(origin), 'config provider, ${file:/secrets:password}');
});
