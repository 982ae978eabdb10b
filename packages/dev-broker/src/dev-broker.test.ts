import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { ensureTopic, fetchFrom, produceTo } from '../test/apis.ts';
import { BrokerClient } from '../test/broker-client.ts';
import { startDevBroker } from './dev-broker.ts';
import { BrokerStartError } from './storage/broker-start-error.ts';

function startError(code: string, message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof BrokerStartError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

test('a broker on a free port tells where it is, and ends when asked, twice if need be', async () => {
  await using dir = await makeTempDir('broker');
  const broker = await startDevBroker({ dataDir: dir.path });
  assert.match(broker.bootstrapServers, /^127\.0\.0\.1:\d+$/);
  assert.equal(broker.bootstrapServers, `${broker.host}:${broker.port}`);
  const client = await BrokerClient.connect(broker.port);
  await Promise.all([broker.close(), broker.close()]);
  await client.closed;
  await assert.rejects(BrokerClient.connect(broker.port), /ECONNREFUSED/);
});

test('records, topics and the cluster id are there after a restart', async () => {
  await using dir = await makeTempDir('broker');
  const first = await startDevBroker({ dataDir: dir.path });
  const { clusterId } = first;
  {
    await using client = await BrokerClient.connect(first.port);
    await ensureTopic(client, 't');
    await produceTo(client);
  }
  await first.close();
  await using second = await startDevBroker({ dataDir: dir.path });
  assert.equal(second.clusterId, clusterId);
  await using client = await BrokerClient.connect(second.port);
  const [partition] = await fetchFrom(client);
  assert.equal(partition?.highWatermark, 1);
  // The leader epoch is that of the second start: who knows only the first is told so.
  const [fenced] = await fetchFrom(client, { currentLeaderEpoch: 0 });
  assert.equal(fenced?.errorCode, 74);
});

test('a broker that can not start says why, and leaves nothing behind', async () => {
  await using dir = await makeTempDir('broker');
  await using broker = await startDevBroker({ dataDir: dir.join('one') });
  const { port } = broker;
  await assert.rejects(
    startDevBroker({ dataDir: dir.join('two'), port }),
    startError(
      'PORT_IN_USE',
      new RegExp(`port ${port} of 127.0.0.1 is in use.*0 takes a free one`),
    ),
  );
  await assert.rejects(
    startDevBroker({ dataDir: dir.join('one') }),
    startError('DATA_DIR_IN_USE', /used by this process/),
  );
  await assert.rejects(
    startDevBroker({ dataDir: dir.join('two'), host: '0.0.0.0' }),
    startError('INVALID_CONFIG', /loopback addresses only.*run Apache Kafka/),
  );
  await assert.rejects(
    startDevBroker({ dataDir: dir.join('two'), config: { 'log.dirs': '/x' } }),
    startError('INVALID_CONFIG', /Unknown broker configuration log\.dirs/),
  );
  // The lock of the failed start was given back.
  await (await startDevBroker({ dataDir: dir.join('two') })).close();
});
