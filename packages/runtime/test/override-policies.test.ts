/** Which client settings a connector may override under each policy of Kafka's own (R7.05). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestError } from '@sluice/rest';
import { aHerder } from './support/a-herder.ts';

const SOURCE = { 'connector.class': 'FileStreamSource', name: 'a', topic: 't', file: '/in' };
const POLICY = 'connector.client.config.override.policy';
const KEYS = ['acks', 'sasl.jaas.config', 'sasl.mechanism', 'security.protocol', 'linger.ms'];

/** Which of the keys are refused, one by one. */
async function refused(policy: string | null, allowlist = ''): Promise<readonly string[]> {
  const { herder } = await aHerder({
    ...(policy === null ? {} : { [POLICY]: policy }),
    'connector.client.config.override.allowlist': allowlist,
  });
  const found: string[] = [];
  for (const key of KEYS) {
    const config = { ...SOURCE, [`producer.override.${key}`]: key === 'linger.ms' ? '5' : '1' };
    const { configs } = await herder.validateConfig('FileStreamSource', config);
    const errors = configs.flatMap(({ value }) => value?.errors ?? []);
    if (errors.some((error) => error.includes(`does not allow '${key}' to be overridden`)))
      found.push(key);
  }
  return found;
}

test('R7.05 All is the default and allows everything, None nothing', async () => {
  assert.deepEqual(await refused(null), []);
  assert.deepEqual(await refused('All'), []);
  assert.deepEqual(await refused('None'), KEYS);
});

test('R7.05 Principal allows who one is, and no more', async () => {
  const name =
    'org.apache.kafka.connect.connector.policy.PrincipalConnectorClientConfigOverridePolicy';
  assert.deepEqual(await refused(name), ['acks', 'linger.ms']);
});

test('R7.05 R12.04 Allowlist allows what the worker lists, and by default nothing', async () => {
  assert.deepEqual(await refused('Allowlist', 'acks,linger.ms'), [
    'sasl.jaas.config',
    'sasl.mechanism',
    'security.protocol',
  ]);
  assert.deepEqual(await refused('Allowlist'), KEYS);
});

test('R10.05 ConnectorClientPolicyIntegrationTest: what each policy lets start', async () => {
  const cases = [
    ['None', { 'sasl.mechanism': 'PLAIN' }, 'refused'],
    ['None', {}, 'RUNNING'],
    ['Principal', { 'sasl.mechanism': 'PLAIN' }, 'RUNNING'],
    ['Principal', { 'linger.ms': '5' }, 'refused'],
    ['All', { 'linger.ms': '5' }, 'RUNNING'],
    [null, { 'linger.ms': '5' }, 'RUNNING'],
  ] as const;
  for (const [policy, overrides, expected] of cases) {
    const { herder, create } = await aHerder(policy === null ? {} : { [POLICY]: policy });
    const keys = Object.entries(overrides).map(([key, value]) => [
      `producer.override.${key}`,
      value,
    ]);
    const outcome = await create({ ...SOURCE, ...Object.fromEntries(keys) }).then(
      async () => (await herder.connectorStatus('a')).tasks[0]?.state,
      () => 'refused',
    );
    assert.equal(outcome, expected, `${policy} ${JSON.stringify(overrides)}`);
  }
});

test('R7.05 what the policy refuses is not started', async () => {
  const { host, create } = await aHerder({ [POLICY]: 'None' });
  await assert.rejects(create({ ...SOURCE, 'producer.override.acks': '1' }), (error) => {
    assert.ok(error instanceof RestError && error.status === 400);
    assert.match(error.message, /The 'None' policy does not allow 'acks' to be overridden/);
    return true;
  });
  assert.deepEqual(host.calls, []);
});
