import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originText, type ConfigOrigins } from '@sluice/api';
import {
  effectiveOrigins,
  environmentOrigins,
  fileOrigins,
  restOrigins,
} from './config-origins.ts';

const WORKER = { 'config.providers': 'file, vault' };

function texts(origins: ConfigOrigins): Record<string, string> {
  return Object.fromEntries(Array.from(origins, ([key, origin]) => [key, originText(origin)]));
}

test('keys of a body are told as REST, keys that the environment adds by its variable', () => {
  assert.deepEqual(texts(restOrigins({ a: '1', b: null })), {
    a: 'REST request',
    b: 'REST request',
  });
  const added = environmentOrigins({ a: '1' }, { a: '1', 'sasl.jaas.config': 'x' }, 'KAFKA_OPTS');
  assert.deepEqual(texts(added), { 'sasl.jaas.config': 'environment variable KAFKA_OPTS' });
});

test('a reference to a provider of the worker is told with its line, others are plain values', () => {
  const config = {
    a: 'x ${file:/s:user} ${vault:k}',
    b: '${unknown:/s:user}',
    c: '${topic}',
    d: '${vault:k}',
  };
  const lines = ['a', 'b', 'c'].map((key, at) => ({ key, line: at + 1 }));
  const origins = effectiveOrigins(config, fileOrigins('c.json', lines), WORKER);
  assert.deepEqual(texts(origins), {
    a: 'config provider ${file:/s:user}, c.json line 1',
    b: 'c.json line 2',
    c: 'c.json line 3',
    d: 'config provider ${vault:k}',
  });
});

test('a key of a client is told as the override that sets it, if only one does', () => {
  const config = {
    'producer.override.acks': '${vault:acks}',
    'producer.override.linger.ms': '1',
    'admin.override.linger.ms': '1',
    'consumer.override.file': 'x',
    file: 'y',
  };
  const origins = texts(effectiveOrigins(config, restOrigins(config), WORKER));
  assert.equal(
    origins['acks'],
    'override producer.override.acks, config provider ${vault:acks}, REST request',
  );
  assert.equal(origins['linger.ms'], undefined);
  assert.equal(origins['file'], 'REST request');
});
