import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ConfigError, ConnectError, type Logger } from '@sluice/api';
import { FakeHerder } from '../../test/fake-herder.ts';
import { RestClient } from '../client/rest-client.ts';
import { RestError } from '../contract/rest-error.ts';
import { RestServer } from './rest-server.ts';

const silent = (): void => undefined;
const logger: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
};
const ANY_PORT = 'http://127.0.0.1:0';

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('it did not fail');
}

test('R9.06 every path is 404 until the herder is mounted', async () => {
  await using server = await RestServer.start({ props: { listeners: ANY_PORT }, logger });
  const client = new RestClient({ baseUrl: server.localUrl });
  const early = await failure(client.connectors());
  assert.ok(early instanceof RestError && early.status === 404);
  server.mount(new FakeHerder());
  assert.deepEqual(await client.connectors(), []);
});

test('the client and the server understand each other over a socket', async () => {
  await using server = await RestServer.start({ props: { listeners: ANY_PORT }, logger });
  const herder = new FakeHerder();
  server.mount(herder);
  const client = new RestClient({ baseUrl: `${server.localUrl}/` });
  const name = 'a/b c%';
  const info = await client.createConnector({
    name,
    config: { x: '1' },
    initialState: 'PAUSED',
  });
  assert.deepEqual(info.config, { x: '1', name });
  assert.equal(herder.targetState(name), 'PAUSED');
  assert.deepEqual(await client.connectorConfig(name), { x: '1', name });
  assert.deepEqual((await client.patchConnectorConfig(name, { x: null })).config, { name });
  assert.deepEqual((await client.putConnectorConfig(name, { y: '2' })).config, { y: '2', name });
  assert.equal((await client.connector(name)).type, 'source');
  assert.equal((await client.connectorStatus(name)).connector.state, 'RUNNING');
  assert.equal((await client.taskStatus(name, 0)).id, 0);
  assert.equal((await client.tasks(name)).length, 1);
  assert.deepEqual(Object.keys(await client.expandedConnectors(['info', 'status'])), [name]);
  await client.pauseConnector(name);
  await client.resumeConnector(name);
  await client.stopConnector(name);
  await client.restartTask(name, 0);
  assert.equal(await client.restartConnector(name), null);
  assert.equal((await client.restartConnector(name, { onlyFailed: true }))?.name, name);
  assert.equal((await client.plugins()).length, 1);
  assert.deepEqual(await client.pluginConfig('Foo'), []);
  assert.equal((await client.validateConfig('Foo', { 'connector.class': 'Foo' })).error_count, 0);
  assert.equal((await client.serverInfo()).kafka_cluster_id, 'cluster-1');
  assert.equal((await client.health()).status, 'healthy');
  herder.topics = ['orders'];
  assert.deepEqual(await client.connectorTopics(name), ['orders']);
  await client.resetConnectorTopics(name);
  const offset = { partition: { file: 'a' }, offset: { position: 5 } };
  assert.equal((await client.alterConnectorOffsets(name, [offset])).message, 'altered');
  assert.deepEqual(await client.connectorOffsets(name), { offsets: [offset] });
  assert.equal((await client.resetConnectorOffsets(name)).message, 'reset');
  await assert.rejects(client.progress(name), { status: 404 });
  assert.equal((await client.healthDetail()).tasks, 1);
  assert.equal((await client.stalledTasks()).length, 1);
  assert.equal((await client.errorCounts()).length, 1);
  assert.equal((await client.errorCounts('b')).length, 0);
  assert.equal((await client.lint({ topcs: '1' })).findings.length, 1);
  assert.deepEqual((await client.preview({ config: {}, records: 1 })).records, []);
  await client.deleteConnector(name);
  const gone = await failure(client.connector(name));
  assert.ok(gone instanceof RestError);
  assert.deepEqual([gone.status, gone.message], [404, `Connector ${name} not found`]);
});

test('a port in use is an error that names the port and the key', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const props = { listeners: `http://127.0.0.1:${port}` };
  const error = await failure(RestServer.start({ props, logger }));
  other.close();
  assert.ok(error instanceof ConnectError);
  assert.match(error.message, new RegExp(`port ${port} is in use`));
  assert.match(error.message, /change "listeners" in the worker properties/);
});

test('an address that is not ours and a host that is not known are told apart', async () => {
  const foreign = await failure(
    RestServer.start({ props: { listeners: 'http://192.0.2.1:0' }, logger }),
  );
  assert.ok(foreign instanceof ConnectError);
  assert.match(foreign.message, /no address 192\.0\.2\.1; change "listeners"/);
});

test('R1.12 a listener that is no listener is a config error', async () => {
  for (const bad of ['8083', 'ftp://:8083', 'http://:99999', 'http://host', '']) {
    const error = await failure(RestServer.start({ props: { listeners: bad }, logger }));
    assert.ok(error instanceof ConfigError, bad);
    assert.match(error.message, /configuration listeners/);
  }
});

test('R1.12 S-W2 several listeners serve one worker, upper-case scheme and empty host included', async () => {
  const props = { listeners: 'HTTP://127.0.0.1:0,http://:0' };
  await using server = await RestServer.start({ props, logger });
  server.mount(new FakeHerder());
  assert.deepEqual(await new RestClient({ baseUrl: server.localUrl }).connectors(), []);
  assert.equal(server.advertisedUrl.hostname, '127.0.0.1');
});

test('R1.14 R10.21 what is advertised explicitly wins', async () => {
  const props = {
    listeners: ANY_PORT,
    'rest.advertised.host.name': 'connect.example',
    'rest.advertised.port': '9999',
  };
  await using server = await RestServer.start({ props, logger });
  assert.equal(server.advertisedUrl.href, 'http://connect.example:9999/');
});

test('the client says what is wrong when nobody answers', async () => {
  const server = await RestServer.start({ props: { listeners: ANY_PORT }, logger });
  const baseUrl = server.localUrl;
  await server.close();
  const error = await failure(new RestClient({ baseUrl }).connectors());
  assert.ok(error instanceof ConnectError);
  assert.match(error.message, /got no answer: .*ECONNREFUSED.* Is the worker running/);
});

test('bytes that are no HTTP are answered with the error body', async () => {
  await using server = await RestServer.start({ props: { listeners: ANY_PORT }, logger });
  const socket = connect(Number(new URL(server.localUrl).port), '127.0.0.1');
  socket.end('nonsense\r\n\r\n');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request/);
  assert.ok(answer.endsWith('{"error_code":400,"message":"HTTP 400 Bad Request"}'));
});

test('R1.07 a stop waits for requests under way, and answers them', async () => {
  const server = await RestServer.start({ props: { listeners: ANY_PORT }, logger });
  const { herder, under, release } = await requestUnderWay(server);
  const closed = server.close();
  const late = await failure(fetch(`${server.localUrl}/connectors`));
  assert.ok(late instanceof TypeError, 'no new request is taken');
  release();
  assert.equal((await under).status, 200);
  await closed;
  assert.deepEqual(herder.calls, ['connectors']);
});

test('R1.07 what a stop has waited for long enough is cut off', async () => {
  const warned: string[] = [];
  const server = await RestServer.start({
    props: { listeners: ANY_PORT },
    logger: { ...logger, warn: (message) => warned.push(message) },
    closeTimeoutMs: 20,
  });
  const { under, release } = await requestUnderWay(server);
  const cut = failure(under);
  await server.close();
  assert.ok((await cut) instanceof TypeError);
  assert.match(warned.join(), /not answered within 20 ms/);
  release();
});

/** A request that has reached the herder, which answers when it is let go. */
async function requestUnderWay(server: RestServer): Promise<{
  readonly herder: FakeHerder;
  readonly under: Promise<Response>;
  readonly release: () => void;
}> {
  const herder = new FakeHerder();
  const { promise: delay, resolve: release } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  herder.delay = delay;
  herder.onCall = reach;
  server.mount(herder);
  const under = fetch(`${server.localUrl}/connectors`);
  await reached;
  return { herder, under, release };
}
