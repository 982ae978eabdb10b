/** Counterpart of Java's ConnectorClientPolicyIntegrationTest (KIP-458). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig } from './support/connect-worker.ts';
import { connectorRuns, refusal } from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'client overrides of connectors';
const POLICY = 'connector.client.config.override.policy';

type Props = Readonly<Record<string, string>>;

describe(title, { skip: await skipReason('kafka', title), concurrency: 3 }, () => {
  let broker: SharedBroker;
  before(async () => {
    broker = await SharedBroker.start();
    await broker.createTopic('test-topic');
  });
  after(() => broker[Symbol.asyncDispose]());

  test('R10.05 testCreateWithOverridesForNonePolicy: any override is refused with 400', async () => {
    await isRefused({ [POLICY]: 'None' }, { 'consumer.override.sasl.jaas.config': 'sasl' }, [
      'sasl.jaas.config',
    ]);
  });

  test('R10.05 testCreateWithNotAllowedOverridesForPrincipalPolicy: one that is no credential is refused with 400', async () => {
    await isRefused(
      { [POLICY]: 'Principal' },
      {
        'consumer.override.sasl.jaas.config': 'sasl',
        'consumer.override.auto.offset.reset': 'latest',
      },
      ['auto.offset.reset'],
    );
  });

  test('R10.05 testCreateWithAllowedOverridesForPrincipalPolicy: the security protocol may be chosen', async () => {
    const override = { 'consumer.override.security.protocol': 'PLAINTEXT' };
    await isAccepted({ [POLICY]: 'Principal' }, override);
  });

  test('R10.05 testCreateWithAllowedOverridesForAllPolicy: anything may be overridden', async () => {
    await isAccepted({ [POLICY]: 'All' }, { 'consumer.override.client.id': 'test' });
  });

  test('R10.05 testCreateWithNoAllowedOverridesForNonePolicy: a connector without overrides is accepted', async () => {
    await isAccepted({ [POLICY]: 'None' }, {});
  });

  test('R10.05 testCreateWithAllowedOverridesForDefaultPolicy: by default anything may be overridden', async () => {
    await isAccepted({}, { 'consumer.override.client.id': 'test' });
  });

  async function isAccepted(props: Props, overrides: Props): Promise<void> {
    await using worker = await workerWith(props);
    await worker.rest.createConnector({
      name: 'sink',
      config: sinkConfig('test-topic', overrides),
    });
    await connectorRuns(worker, 'sink', 1);
  }

  /** @param keys the overrides that are not allowed, and only those are complained of */
  async function isRefused(props: Props, overrides: Props, keys: readonly string[]): Promise<void> {
    await using worker = await workerWith(props);
    const config = sinkConfig('test-topic', overrides);
    await assert.rejects(
      worker.rest.createConnector({ name: 'sink', config }),
      refusal(400, new RegExp(`contains the following ${keys.length} error`)),
    );
    const { configs } = await worker.rest.validateConfig('MonitorableSinkConnector', {
      name: 'sink',
      ...config,
    });
    const refused = configs.filter(({ value }) => (value?.errors.length ?? 0) > 0);
    assert.deepEqual(
      refused.map(({ value }) => value?.name),
      keys.map((key) => `consumer.override.${key}`),
    );
    assert.deepEqual(await worker.rest.connectors(), []);
  }

  const workerWith = (props: Props): Promise<ConnectWorker> =>
    ConnectWorker.start({ bootstrapServers: broker.bootstrapServers, props });
});
