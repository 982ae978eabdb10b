import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { createAdmin, silentLogger } from '@sluice/kafka';
import {
  freePorts,
  makeTempDir,
  type OwnedProcess,
  propertiesText,
  skipReason,
  startJava,
  type TempDir,
  waitUntil,
} from '@sluice/testing';

const run = promisify(execFile);
const PASSWORD = 'store-password';
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule';

/** A ligature that SASLprep would turn into two letters: Kafka hashes passwords as they are. */
const ODD_PASSWORD = 'p\u{fb01}né';

const skip = await skipReason('kafka', 'security on Apache Kafka');

describe('security on Apache Kafka 4.3.1', { skip }, () => {
  let dir: TempDir;
  let broker: OwnedProcess;
  let ports: readonly number[];

  before(async () => {
    dir = await makeTempDir('kafka-security');
    await makeCertificates(dir);
    ports = await freePorts(6);
    broker = await startBroker(dir, ports);
    await waitUntil('the broker to serve', () => broker.output.includes('Kafka Server started'), {
      timeoutMs: 60_000,
      onTimeout: () => broker.outputTail(),
    });
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  const [SSL, MUTUAL, SASL_PLAINTEXT, SASL_SSL] = [0, 1, 2, 3];
  const at = (port: number, host = 'localhost'): Record<string, string> => ({
    'bootstrap.servers': `${host}:${ports[port] ?? 0}`,
    'default.api.timeout.ms': '8000',
    'request.timeout.ms': '4000',
  });
  const trusting = (): Record<string, string> => ({
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': dir.join('ca.pem'),
  });
  const jaas = (module: string, name: string, password: string): string =>
    `${module} required username="${name}" password="${password}";`;
  const saslAs = (mechanism: string, name: string, password: string): Record<string, string> => ({
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': jaas(mechanism === 'PLAIN' ? PLAIN : SCRAM, name, password),
  });

  async function nodes(properties: Record<string, string>): Promise<number> {
    await using admin = createAdmin(properties, { logger: silentLogger });
    return (await admin.describeCluster()).nodes.length;
  }

  async function refusal(properties: Record<string, string>): Promise<Error & { code: string }> {
    const started = performance.now();
    const error: unknown = await nodes(properties).then(
      () => assert.fail('it was let in'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Error && 'code' in error && typeof error.code === 'string');
    assert.ok(performance.now() - started < 5000, 'refused at once, not retried to the end');
    return Object.assign(error, { code: error.code });
  }

  test('TLS with the authority in a PEM file, and in the key itself', async () => {
    assert.equal(await nodes({ ...at(SSL), ...trusting() }), 1);
    const { 'ssl.truststore.location': location = '', ...rest } = trusting();
    const inline = { 'ssl.truststore.certificates': await readFile(location, 'utf8') };
    assert.equal(await nodes({ ...at(SSL), ...rest, ...inline }), 1);
  });

  for (const protocol of ['TLSv1.2', 'TLSv1.3']) {
    test(`${protocol} alone`, async () => {
      const only = { ...at(SSL), ...trusting(), 'ssl.enabled.protocols': protocol };
      assert.equal(await nodes(only), 1);
    });
  }

  test('an authority that is not trusted is refused, by name', async () => {
    const error = await refusal({ ...at(SSL), 'security.protocol': 'SSL' });
    assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
    assert.match(error.message, /SELF_SIGNED|UNABLE_TO/);
  });

  test('a name that is not in the certificate is refused, unless names go unchecked', async () => {
    const elsewhere = { ...at(SSL, '127.0.0.1'), ...trusting() };
    assert.match((await refusal(elsewhere)).message, /ERR_TLS_CERT_ALTNAME_INVALID/);
    const unchecked = { ...elsewhere, 'ssl.endpoint.identification.algorithm': '' };
    assert.equal(await nodes(unchecked), 1);
  });

  test('mutual TLS with PEM and with PKCS12, and not without', async () => {
    const pem = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': dir.join('client.pem') };
    assert.equal(await nodes({ ...at(MUTUAL), ...trusting(), ...pem }), 1);
    const p12 = {
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': dir.join('client.p12'),
      'ssl.keystore.password': PASSWORD,
    };
    assert.equal(await nodes({ ...at(MUTUAL), ...trusting(), ...p12 }), 1);
    await assert.rejects(nodes({ ...at(MUTUAL), ...trusting(), 'default.api.timeout.ms': '4000' }));
    const wrong = await refusal({
      ...at(MUTUAL),
      ...trusting(),
      ...p12,
      'ssl.keystore.password': 'x',
    });
    assert.equal(wrong.code, 'SSL_CONFIGURATION');
    assert.doesNotMatch(wrong.message, new RegExp(PASSWORD));
  });

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    test(`${mechanism} lets in who knows the password, and nobody else`, async () => {
      assert.equal(
        await nodes({ ...at(SASL_PLAINTEXT), ...saslAs(mechanism, 'alice', 'secret-1') }),
        1,
      );
      const wrong = { ...at(SASL_PLAINTEXT), ...saslAs(mechanism, 'alice', 'secret-2') };
      const error = await refusal(wrong);
      assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
      assert.match(error.message, /"alice"/);
      assert.doesNotMatch(error.message, /secret-/);
    });
  }

  test('SCRAM takes names and passwords as they are, as Kafka does', async () => {
    const odd = saslAs('SCRAM-SHA-256', 'odd', ODD_PASSWORD);
    assert.equal(await nodes({ ...at(SASL_PLAINTEXT), ...odd }), 1);
  });

  test('SASL over TLS', async () => {
    const sasl = {
      ...saslAs('SCRAM-SHA-512', 'alice', 'secret-1'),
      'security.protocol': 'SASL_SSL',
    };
    assert.equal(await nodes({ ...at(SASL_SSL), ...trusting(), ...sasl }), 1);
  });

  test('plain text to a TLS port is told what the port may expect', async () => {
    const plain = { ...at(SSL), 'default.api.timeout.ms': '3000' };
    await assert.rejects(nodes(plain), /before it answered anything.*"security\.protocol" \(TLS/);
  });
});

async function makeCertificates(dir: TempDir): Promise<void> {
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: dir.path });
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  for (const name of ['broker', 'client']) {
    await writeFile(dir.join(`${name}.ext`), 'subjectAltName=DNS:localhost\n');
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-days',
      '2',
      '-out',
      `${name}.crt`,
      '-extfile',
      `${name}.ext`,
      '-set_serial',
      `0x${randomBytes(8).toString('hex')}`,
    );
    await openssl(
      'pkcs12',
      '-export',
      '-in',
      `${name}.crt`,
      '-inkey',
      `${name}.key`,
      '-certfile',
      'ca.pem',
      '-out',
      `${name}.p12`,
      '-passout',
      `pass:${PASSWORD}`,
    );
    const parts = await Promise.all(
      ['key', 'crt'].map((part) => readFile(dir.join(`${name}.${part}`), 'utf8')),
    );
    await writeFile(dir.join(`${name}.pem`), parts.join(''));
  }
}

/**
 * Listeners: TLS, mutual TLS, SASL, SASL over TLS; then one among brokers and one for controllers.
 */
async function startBroker(dir: TempDir, ports: readonly number[]): Promise<OwnedProcess> {
  const names = ['TLS', 'MUTUAL', 'SASL', 'SASLTLS', 'INTERNAL', 'CONTROLLER'];
  const protocols = ['SSL', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL', 'PLAINTEXT', 'PLAINTEXT'];
  const listeners = names.map((name, i) => `${name}://localhost:${ports[i] ?? 0}`);
  const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'];
  const logins = ['sasl', 'sasltls'].flatMap((listener) =>
    mechanisms.map((mechanism) => [
      `listener.name.${listener}.${mechanism}.sasl.jaas.config`,
      mechanism === 'plain' ? `${PLAIN} required user_alice="secret-1";` : `${SCRAM} required;`,
    ]),
  );
  const properties: Record<string, string> = {
    'node.id': '1',
    'process.roles': 'broker,controller',
    'controller.quorum.voters': `1@localhost:${ports[5] ?? 0}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    listeners: listeners.join(','),
    'advertised.listeners': listeners.slice(0, 5).join(','),
    'listener.security.protocol.map': names
      .map((name, i) => `${name}:${protocols[i] ?? ''}`)
      .join(','),
    'log.dirs': dir.join('data'),
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': dir.join('broker.p12'),
    'ssl.keystore.password': PASSWORD,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': dir.join('ca.pem'),
    'listener.name.mutual.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'offsets.topic.replication.factor': '1',
    ...Object.fromEntries(logins),
  };
  const file = dir.join('server.properties');
  await writeFile(file, propertiesText(properties));
  const users = [
    ['SCRAM-SHA-256', 'alice', 'secret-1'],
    ['SCRAM-SHA-512', 'alice', 'secret-1'],
    ['SCRAM-SHA-256', 'odd', ODD_PASSWORD],
  ].flatMap(([mechanism, name, password]) => [
    '--add-scram',
    `${mechanism}=[name="${name}",password="${password}"]`,
  ]);
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  await using format = await startJava({
    what: 'formatting',
    mainClass: 'kafka.tools.StorageTool',
    args: ['format', '-t', clusterId, '-c', file, ...users],
    heapMb: 128,
    isShortLived: true,
    // Java reads its arguments in the locale's encoding.
    env: { LC_ALL: 'C.UTF-8' },
  });
  const { code } = await format.exited;
  if (code !== 0) throw new Error(format.outputTail());
  return startJava({
    what: 'the broker',
    mainClass: 'kafka.Kafka',
    args: [file],
    heapMb: 512,
    logConfigDir: dir.path,
  });
}
