/** HTTPS, mutual TLS and the keys that set them up (R1.11, R1.19, R2.22). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfigError, type Logger, type Props } from '@sluice/api';
import { ForwardError } from '@sluice/rest';
import { RestServer, type ReadStore } from '@sluice/rest/server';
import { makeTempDir, type TempDir } from '@sluice/testing';
import { Certificates, STORE_PASSWORD } from './certificates.ts';
import { FakeHerder } from './fake-herder.ts';
import { send, type ClientTls } from './parity/exchange.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const HTTPS = 'https://127.0.0.1:0';

let dir: TempDir;
let certificates: Certificates;
before(async () => {
  dir = await makeTempDir('rest-tls');
  certificates = await Certificates.make(dir, ['server', 'client']);
});
after(() => dir[Symbol.asyncDispose]());

/** PEM of the server, under a prefix or none. */
function serverKeys(prefix = ''): Props {
  return {
    [`${prefix}ssl.keystore.type`]: 'PEM',
    [`${prefix}ssl.keystore.location`]: certificates.path('server.pem'),
    [`${prefix}ssl.truststore.type`]: 'PEM',
    [`${prefix}ssl.truststore.location`]: certificates.path('ca.crt'),
  };
}

async function start(props: Props, readStore?: ReadStore): Promise<RestServer> {
  const server = await RestServer.start({
    props: { listeners: HTTPS, ...props },
    logger,
    ...(readStore === undefined ? {} : { loadStoreReader: async () => readStore }),
  });
  server.mount(new FakeHerder());
  return server;
}

async function trusting(): Promise<ClientTls> {
  return { ca: await certificates.text('ca.crt') };
}
async function known(name = 'client'): Promise<ClientTls> {
  return {
    ca: await certificates.text('ca.crt'),
    key: await certificates.text(`${name}.key`),
    cert: await certificates.text(`${name}.crt`),
  };
}

function ask(url: string, tls: ClientTls): ReturnType<typeof send> {
  return send(url, { method: 'GET', path: '/connectors' }, tls);
}

test('R1.11 https is served with the plain ssl keys when there are none of its own', async () => {
  await using server = await start(serverKeys());
  assert.match(server.localUrl, /^https:/);
  assert.equal((await ask(server.localUrl, await trusting())).body, '[]');
});

test('R1.11 keys under listeners.https. replace all of the plain ones', async () => {
  const plain = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': 'no/such.pem' };
  await using server = await start({ ...plain, ...serverKeys('listeners.https.') });
  assert.equal((await ask(server.localUrl, await trusting())).status, 200);
  const mixed = start({ ...serverKeys(), 'listeners.https.ssl.client.auth': 'none' });
  await assert.rejects(mixed, (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /set listeners\.https\.ssl\.keystore\.location/);
    return true;
  });
});

test('R1.11 ssl.client.auth=required turns away who shows no certificate', async () => {
  await using server = await start({ ...serverKeys(), 'ssl.client.auth': 'required' });
  assert.equal((await ask(server.localUrl, await known())).status, 200);
  await assert.rejects(ask(server.localUrl, await trusting()));
});

test('R1.11 ssl.client.auth=requested takes none, and turns away a bad one', async () => {
  await using other = await makeTempDir('rest-tls-other');
  const strangers = await Certificates.make(other, ['stranger']);
  await using server = await start({ ...serverKeys(), 'ssl.client.auth': 'requested' });
  assert.equal((await ask(server.localUrl, await trusting())).status, 200);
  assert.equal((await ask(server.localUrl, await known())).status, 200);
  const bad = {
    ca: await certificates.text('ca.crt'),
    key: await strangers.text('stranger.key'),
    cert: await strangers.text('stranger.crt'),
  };
  await assert.rejects(ask(server.localUrl, bad));
});

test('a PKCS12 keystore, and PEM texts in the properties', async () => {
  await using pkcs12 = await start({
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': certificates.path('server.p12'),
    'ssl.keystore.password': STORE_PASSWORD,
  });
  assert.equal((await ask(pkcs12.localUrl, await trusting())).status, 200);
  await using texts = await start({
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': await certificates.text('server.key'),
    'ssl.keystore.certificate.chain': await certificates.text('server.crt'),
  });
  assert.equal((await ask(texts.localUrl, await trusting())).status, 200);
});

test('a JKS store is read by the reader that the worker brings, and refused without', async () => {
  const jks = {
    'ssl.keystore.location': certificates.path('server.p12'),
    'ssl.keystore.password': STORE_PASSWORD,
  };
  const key = await certificates.text('server.key');
  const cert = await certificates.text('server.crt');
  const given: unknown[] = [];
  const ca = await certificates.text('ca.crt');
  const trust = {
    'ssl.truststore.location': certificates.path('ca.crt'),
    'ssl.truststore.password': 'other',
    'ssl.client.auth': 'required',
  };
  await using server = await start({ ...jks, ...trust }, (_bytes, passwords) => {
    given.push(passwords);
    return { identity: { key, cert }, trusted: [ca] };
  });
  assert.equal((await ask(server.localUrl, await known())).status, 200);
  await assert.rejects(ask(server.localUrl, await trusting()));
  assert.deepEqual(given, [
    { store: STORE_PASSWORD, key: STORE_PASSWORD },
    { store: 'other', key: null },
  ]);
  const empty = start({ ...jks, ...trust }, () => ({ identity: { key, cert }, trusted: [] }));
  await assert.rejects(empty, /ssl\.truststore\.location: no trusted certificate in it/);
  await assert.rejects(start(jks), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /ssl\.keystore\.type/);
    assert.ok(!error.message.includes(STORE_PASSWORD));
    return true;
  });
});

test('R1.71 admin.listeners has TLS keys of its own', async () => {
  await using server = await start({
    listeners: 'http://127.0.0.1:0',
    'admin.listeners': HTTPS,
    ...serverKeys('admin.listeners.https.'),
    'admin.listeners.https.ssl.client.auth': 'required',
  });
  assert.match(server.localUrl, /^http:/);
  const admin = server.localAdminUrl ?? '';
  const answer = await send(admin, { method: 'GET', path: '/connectors' }, await known());
  assert.equal(answer.status, 404);
  await assert.rejects(ask(admin, await trusting()));
});

test('R1.19 a request is forwarded over mutual TLS with the keys of the listener', async () => {
  const keys = { ...serverKeys('listeners.https.'), 'listeners.https.ssl.client.auth': 'required' };
  await using leader = await start(keys);
  const follower = new FakeHerder();
  await using server = await RestServer.start({ props: { listeners: HTTPS, ...keys }, logger });
  server.mount(follower);
  follower.failure = new ForwardError(leader.localUrl, 'not the leader');
  const body = '{"name":"a","config":{"x":"1"}}';
  const answer = await send(
    server.localUrl,
    { method: 'POST', path: '/connectors', body },
    await known(),
  );
  assert.equal(answer.status, 201, answer.body);
  assert.equal(answer.headers['location'], `${server.localUrl}/connectors/a`);
});

test('R1.19 a worker without https of its own forwards to one that has it', async () => {
  await using leader = await start(serverKeys());
  const follower = new FakeHerder();
  follower.failure = new ForwardError(leader.localUrl, 'not the leader');
  const forward = async (props: Props): Promise<number> => {
    const plain = { listeners: 'http://127.0.0.1:0', ...props };
    await using server = await RestServer.start({ props: plain, logger });
    server.mount(follower);
    const asked = { method: 'PUT', path: '/connectors/none/stop' };
    return (await send(server.localUrl, asked)).status;
  };
  const trust = {
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.path('ca.crt'),
  };
  assert.equal(await forward(trust), 404);
  assert.equal(await forward({}), 500);
});

test('keys that can not be right are named', async () => {
  for (const [key, value] of [
    ['ssl.client.auth', 'perhaps'],
    ['ssl.enabled.protocols', 'SSLv3'],
    ['ssl.keystore.type', 'BCFKS'],
    ['ssl.keystore.location', 'no/such.pem'],
  ] as const)
    await assert.rejects(start({ ...serverKeys(), [key]: value }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.ok(error.message.includes(key), error.message);
      return true;
    });
});
