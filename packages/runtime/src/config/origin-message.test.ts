import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ConnectError, type ConfigOrigin } from '@sluice/api';
import { errorWithOrigin, valueMessage } from './origin-message.ts';

const AT: ConfigOrigin = { kind: 'file', file: 'w.properties', line: 3 };
const PROVIDER: ConfigOrigin = { kind: 'provider', reference: '${vault:k}', at: AT };

function told(error: unknown, origin: ConfigOrigin): string {
  const named = errorWithOrigin(error, new Map([['k', origin]]));
  assert.ok(named instanceof ConfigError);
  return named.message;
}

test('an error of a key is told with its origin, of each kind', () => {
  const error = ConfigError.ofValue('k', 'v', 'odd');
  const start = 'Invalid value v for configuration k: odd';
  assert.equal(told(error, AT), `${start} (from w.properties line 3)`);
  assert.equal(told(error, { kind: 'rest' }), `${start} (from REST request)`);
  assert.equal(told(error, { kind: 'default' }), `${start} (from default)`);
  assert.equal(
    told(error, { kind: 'environment', variable: 'KAFKA_OPTS' }),
    `${start} (from environment variable KAFKA_OPTS)`,
  );
  assert.equal(
    told(error, { kind: 'override', key: 'producer.override.k', at: AT }),
    `${start} (from override producer.override.k, w.properties line 3)`,
  );
});

test('what a provider gave is in neither message nor cause, not even behind an override', () => {
  const error = new ConfigError('Invalid value canary for configuration k: canary?', {
    context: { key: 'k' },
    cause: new Error('canary'),
  });
  const behind: ConfigOrigin = { kind: 'override', key: 'producer.override.k', at: PROVIDER };
  for (const origin of [PROVIDER, behind]) {
    const named = errorWithOrigin(error, new Map([['k', origin]]));
    assert.ok(named instanceof ConfigError);
    assert.match(named.message, /configuration k: what \$\{vault:k\} stands for is not accepted/);
    assert.match(named.message, /w\.properties line 3\)$/);
    assert.ok(!named.message.includes('canary'));
    assert.equal(named.cause, undefined);
  }
});

test('a look-up that failed keeps its reason, and names key, reference and line', () => {
  const error = new ConfigError('The vault is shut', {
    context: { key: 'k', reference: '${vault:k}' },
  });
  assert.equal(
    told(error, PROVIDER),
    'The vault is shut ("k" from config provider ${vault:k}, w.properties line 3)',
  );
});

test('errors that name no key, and other errors, stay as they are', () => {
  const origins = new Map([['k', AT]]);
  for (const error of [new ConfigError('x'), new ConnectError('x'), new Error('x'), 'x'])
    assert.equal(errorWithOrigin(error, origins), error);
  assert.equal(valueMessage('k is odd', 'k', undefined), 'k is odd');
});
