/** What a worker's file says of REST, as a standalone worker carries it out. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  freePort,
  makeTempDir,
  propertiesText,
  requireServer,
  startDevBrokerForTest,
  startSluice,
  type DevBrokerServer,
  type SluiceProcess,
  type TempDir,
} from '@sluice/testing';

const run = promisify(execFile);
const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const BASIC_AUTH =
  'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';
const LOGIN_MODULE = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule';
const PASSWORD = 'store-password';
const TIMEOUT_MS = 60_000;

/** A REST extension as a package of somebody else brings it. */
const EXTENSION = `export const stamp = {
  type: 'rest_extension',
  version: '1',
  create() {
    let word = '';
    return {
      configure(props) { word = props['stamp.word']; },
      register(context) {
        context.addRoute('GET', '/stamp', async () => ({
          status: 200,
          contentType: 'text/plain',
          body: word + ' ' + (await context.clusterState.connectors()).length,
        }));
      },
    };
  },
};`;

let dir: TempDir;
let broker: DevBrokerServer;

before(async () => {
  dir = await makeTempDir('cli-rest');
  broker = await startDevBrokerForTest();
  const authority = ['-x509', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca'];
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...authority);
  await writeFile(dir.join('names'), 'subjectAltName=IP:127.0.0.1\n');
  for (const name of ['server', 'client']) await issue(name);
});
after(async () => {
  await broker[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

async function openssl(...args: readonly string[]): Promise<void> {
  await run('openssl', args, { cwd: dir.path });
}

/** `name.key` and `name.crt`, both in `name.pem`. */
async function issue(name: string): Promise<void> {
  const subject = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', ...subject);
  const files = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', 'names', '-days', '2'];
  await openssl('x509', '-req', ...files, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial');
  await writeFile(dir.join(`${name}.pem`), (await pem(`${name}.key`)) + (await pem(`${name}.crt`)));
}

function pem(name: string): Promise<string> {
  return readFile(dir.join(name), 'utf8');
}

let workers = 0;

async function startWorker(props: Readonly<Record<string, string>>): Promise<SluiceProcess> {
  const file = dir.join(`worker-${workers++}.properties`);
  const all = {
    'bootstrap.servers': broker.bootstrapServers,
    'key.converter': CONVERTER,
    'value.converter': CONVERTER,
    'offset.storage.file.filename': dir.join(`${workers}.offsets`),
    ...props,
  };
  await writeFile(file, propertiesText(all));
  return startSluice({ args: ['standalone', file], cwd: dir.path });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const all = { agent: false, timeout: TIMEOUT_MS, ca: await pem('ca.crt'), ...options };
  open(url, all, resolve).once('error', reject).end();
  const response = await promise;
  const { statusCode: status = 0, headers } = response;
  return { status, headers, body: await text(response) };
}

function authorization(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

async function installExtension(): Promise<string> {
  const plugin = { class: 'org.example.Stamp', aliases: ['Stamp'], type: 'rest_extension' };
  const where = { export: '.', name: 'stamp', version: '1', config: [] };
  const files = {
    'package.json': JSON.stringify({
      name: 'stamp',
      type: 'module',
      connect: { api: 1, manifest: './connect.json' },
      exports: { '.': './index.js' },
    }),
    'connect.json': JSON.stringify({ api: 1, plugins: [{ ...plugin, ...where }] }),
    'index.js': EXTENSION,
  };
  const path = dir.join('stamp');
  await mkdir(path);
  for (const [file, content] of Object.entries(files)) await writeFile(`${path}/${file}`, content);
  return path;
}

test('R1.08 R1.10 R1.11 R1.71 R7.06 R7.07 HTTPS from PEM, admin listeners, CORS, headers, Basic auth and an extension of a package', async () => {
  await writeFile(dir.join('users'), 'alice=secret\n');
  const section = `KafkaConnect { ${LOGIN_MODULE} required file="${dir.join('users')}"; };`;
  await writeFile(dir.join('jaas.conf'), section);
  const main = `https://127.0.0.1:${await freePort()}`;
  const admin = `http://127.0.0.1:${await freePort()}`;
  await using worker = await startWorker({
    listeners: main,
    'listeners.https.ssl.keystore.type': 'PEM',
    'listeners.https.ssl.keystore.location': dir.join('server.pem'),
    'admin.listeners': admin,
    'access.control.allow.origin': 'http://ui.example',
    'response.http.headers.config': 'set X-Test: one',
    'rest.extension.classes': `${BASIC_AUTH},Stamp`,
    'sluice.rest.jaas.file': dir.join('jaas.conf'),
    'plugin.path': await installExtension(),
    'stamp.word': 'stamped',
  });
  await worker.outputMatches(/Kafka Connect started/);
  assert.match(worker.output, new RegExp(`server is started at ${main}/`));
  assert.doesNotMatch(worker.output, /"(?!stamp\.word)[^"]*" is not known/);

  assert.equal((await ask(`${main}/connectors`)).status, 401);
  const wrong = { headers: authorization('alice', 'no') };
  assert.equal((await ask(`${main}/connectors`, wrong)).status, 401);
  const headers = { ...authorization('alice', 'secret'), origin: 'http://ui.example' };
  const answer = await ask(`${main}/connectors`, { headers });
  assert.deepEqual([answer.status, answer.body], [200, '[]']);
  assert.equal(answer.headers['x-test'], 'one');
  assert.equal(answer.headers['access-control-allow-origin'], 'http://ui.example');
  const stamp = await ask(`${main}/stamp`, { headers });
  assert.deepEqual([stamp.status, stamp.body], [200, 'stamped 0']);

  assert.equal((await ask(`${main}/admin/loggers`, { headers })).status, 404);
  const loggers = await ask(`${admin}/admin/loggers`);
  assert.equal(loggers.status, 200);
  assert.match(loggers.body, /"root"/);
  assert.equal((await ask(`${admin}/connectors`)).status, 404);
});

test('R1.11 R2.22 HTTPS from JKS stores, with clients that have to show a certificate', async (t) => {
  if (!(await requireServer(t, 'java-connect'))) return;
  const stored = ['-in', 'server.pem', '-out', 'server.p12', '-passout', `pass:${PASSWORD}`];
  await openssl('pkcs12', '-export', ...stored);
  const keytool = (...args: readonly string[]): Promise<unknown> =>
    run('keytool', [...args, '-noprompt', '-storepass', PASSWORD], { cwd: dir.path });
  const source = ['-srckeystore', 'server.p12', '-srcstorepass', PASSWORD];
  const target = ['-destkeystore', 'server.jks', '-deststoretype', 'JKS'];
  await run(
    'keytool',
    ['-importkeystore', '-noprompt', ...source, ...target, '-deststorepass', PASSWORD],
    { cwd: dir.path },
  );
  await keytool('-importcert', '-file', 'ca.crt', '-keystore', 'trust.jks', '-storetype', 'JKS');
  const main = `https://127.0.0.1:${await freePort()}`;
  const stores = {
    listeners: main,
    'listeners.https.ssl.keystore.location': dir.join('server.jks'),
    'listeners.https.ssl.keystore.password': PASSWORD,
    'listeners.https.ssl.truststore.location': dir.join('trust.jks'),
    'listeners.https.ssl.truststore.password': PASSWORD,
    'listeners.https.ssl.client.auth': 'required',
  };
  await using worker = await startWorker(stores);
  await worker.outputMatches(/Kafka Connect started/);
  await assert.rejects(ask(`${main}/connectors`));
  const shown = { key: await pem('client.key'), cert: await pem('client.crt') };
  assert.equal((await ask(`${main}/connectors`, shown)).body, '[]');

  const key = 'listeners.https.ssl.keystore.password';
  await using refused = await startWorker({ ...stores, [key]: 'wrong-password' });
  assert.equal((await refused.exited).code, 2);
  assert.match(refused.output, /listeners\.https\.ssl\.keystore\.location: keystore password was/);
  assert.doesNotMatch(refused.output, /wrong-password/);
});
