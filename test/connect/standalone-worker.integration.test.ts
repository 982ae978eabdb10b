/** Counterpart of Java's StandaloneWorkerIntegrationTest. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LoggerLevel } from '@sluice/rest';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sourceConfig } from './support/connect-worker.ts';
import { connectorIsStopped, connectorRuns } from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'a standalone worker';
const TASKS = 4;

type Levels = Readonly<Record<string, LoggerLevel>>;

describe(title, { skip: await skipReason('kafka', title) }, () => {
  let broker: SharedBroker;
  before(async () => {
    broker = await SharedBroker.start();
  });
  after(() => broker[Symbol.asyncDispose]());

  const aWorker = () => ConnectWorker.start({ bootstrapServers: broker.bootstrapServers });

  test('R10.19 testDynamicLogging: levels change within the name given, and nowhere else', async () => {
    await using worker = await aWorker();
    const initial = await worker.rest.loggers();
    assert.ok(Object.keys(initial).length > 0);
    for (const [name, { last_modified }] of Object.entries(initial))
      assert.equal(last_modified, null, name);

    await worker.rest.setLogLevel('org.apache.kafka.connect', 'ERROR');
    const first = await setsLevel(worker, 'org.apache.kafka.connect', 'DEBUG', '', initial);
    const clients = 'org.apache.kafka.clients';
    await worker.ask('PUT', `/admin/loggers/${clients}?scope=worker`, { level: 'WARN' });
    const second = await setsLevel(worker, clients, 'INFO', '?scope=worker', first);
    const { body: prior } = await worker.ask('GET', `/admin/loggers/${clients}`);
    await worker.ask('PUT', `/admin/loggers/${clients}?scope=worker`, { level: 'INFO' });
    assert.deepEqual((await worker.ask('GET', `/admin/loggers/${clients}`)).body, prior);
    const streams = 'org.apache.kafka.streams';
    await worker.rest.setClusterLogLevel(streams, 'DEBUG');
    await setsLevel(worker, streams, 'TRACE', '?scope=cluster', second);
  });

  test('R10.19 testCreateConnectorWithStoppedInitialState: no tasks until it is resumed', async () => {
    await using worker = await aWorker();
    const name = 'test-connector';
    const config = sourceConfig('test-topic', { 'tasks.max': String(TASKS) });
    await worker.rest.createConnector({ name, config, initialState: 'STOPPED' });
    await connectorIsStopped(worker, name);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, TASKS);
  });

  test('R10.19 testHealthCheck: 503 until the connectors of the command line are there, 200 from then on', async () => {
    const { bootstrapServers } = broker;
    await using worker = await ConnectWorker.start({ bootstrapServers }, { isReady: false });
    const starting = await worker.ask('GET', '/health');
    assert.equal(starting.status, 503);
    const early = await worker.rest.health();
    assert.equal(early.status, 'starting');
    assert.match(early.message, /Worker is still starting up/);

    worker.ready();
    assert.equal((await worker.ask('GET', '/health')).status, 200);
    assert.deepEqual(await worker.rest.health(), {
      status: 'healthy',
      message: 'Worker has completed startup and is ready to handle requests.',
    });
    // In Java a connector that blocks in taskConfigs makes its worker unhealthy; not so here.
    const config = { 'connector.class': 'BlockingConnector', block: 'Connector::taskConfigs' };
    const blocked = worker.ask('POST', '/connectors', { name: 'blocked', config });
    await connectorRuns(worker, 'blocked', 0);
    assert.equal((await worker.ask('GET', '/health')).status, 200);
    assert.equal((await worker.ask('DELETE', '/connectors/blocked')).status, 204);
    assert.equal((await blocked).status, 500);
  });
});

/** Sets a level and looks at the logger, at all within its name, and at all others. */
async function setsLevel(
  worker: ConnectWorker,
  namespace: string,
  level: string,
  query: string,
  before: Levels,
): Promise<Levels> {
  const askedMs = Date.now();
  const answer = await worker.ask('PUT', `/admin/loggers/${namespace}${query}`, { level });
  const isWithin = (name: string): boolean => name.startsWith(namespace);
  if (query === '?scope=cluster') assert.equal(answer.status, 204);
  else {
    assert.ok(Array.isArray(answer.body));
    assert.ok(answer.body.includes(namespace));
    assert.deepEqual(
      answer.body.filter((name) => !isWithin(String(name))),
      [],
    );
  }
  const { body: own } = await worker.ask('GET', `/admin/loggers/${namespace}`);
  const after: Levels = await worker.rest.loggers();
  assert.deepEqual(after[namespace], own);
  assert.deepEqual(
    Object.keys(before).filter((name) => after[name] === undefined),
    [],
  );
  for (const [name, info] of Object.entries(after)) {
    // Loggers that came into use meanwhile have no level of their own to compare.
    if (!isWithin(name)) assert.deepEqual(info, before[name] ?? info, name);
    else {
      assert.equal(info.level, level, name);
      assert.ok(Number(info.last_modified) >= askedMs, name);
    }
  }
  return after;
}
