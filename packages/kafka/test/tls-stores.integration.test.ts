// Key stores and trust stores as existing configs hold them, against a broker that wants to see
// this client's certificate.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import { nodes, refusal } from './security-client.ts';
import { createAdmin } from '../src/admin/create-admin.ts';
import { silentLogger } from '../src/logger.ts';
import { type SecurityBroker, startSecurityBroker } from './security-broker.ts';
import { Certificates, KEY_PASSWORD, STORE_PASSWORD } from './tls-certificates.ts';

const skip = await skipReason('kafka', 'key stores with Apache Kafka');

describe('key stores, with a broker that requires a certificate', { skip }, () => {
  let dir: TempDir;
  let certificates: Certificates;
  let broker: SecurityBroker;

  const owned = new AsyncDisposableStack();
  before(async () => {
    dir = owned.use(await makeTempDir('kafka-stores'));
    certificates = new Certificates(dir);
    await certificates.authority('ca');
    await certificates.issue('broker');
    await certificates.issue('client', { keyType: 'rsa:2048' });
    await certificates.issue('curve');
    await certificates.issue('between', { isAuthority: true });
    await certificates.issue('below', { issuer: 'between' });
    await certificates.pkcs12('broker.p12', 'broker');
    await certificates.pkcs12('client.p12', 'client', '-certfile', 'ca.crt');
    const started = await startSecurityBroker({
      dir,
      listeners: { MUTUAL: 'SSL' },
      properties: {
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': dir.join('broker.p12'),
        'ssl.keystore.password': STORE_PASSWORD,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': dir.join('ca.crt'),
        'ssl.client.auth': 'required',
      },
    });
    broker = owned.use(started);
  });
  after(() => owned.disposeAsync());

  const trust = (location: string, type: string): Record<string, string> => ({
    'security.protocol': 'SSL',
    'ssl.truststore.location': location,
    'ssl.truststore.type': type,
    ...(type === 'PEM' ? {} : { 'ssl.truststore.password': STORE_PASSWORD }),
  });
  const identity = (location: string, type: string): Record<string, string> => ({
    'ssl.keystore.location': location,
    'ssl.keystore.type': type,
    ...(type === 'PEM' ? {} : { 'ssl.keystore.password': STORE_PASSWORD }),
  });
  const trusting = (): Record<string, string> => ({
    ...broker.at('MUTUAL'),
    ...trust(dir.join('ca.crt'), 'PEM'),
  });
  const identified = (): Record<string, string> => ({
    ...broker.at('MUTUAL'),
    ...identity(dir.join('client.p12'), 'PKCS12'),
  });

  const keyStores: Readonly<Record<string, () => Promise<string>>> = {
    'PKCS12 of openssl 3 (PBES2, AES)': () => certificates.pkcs12('aes.p12', 'client'),
    'PKCS12 of openssl 1 (RC2-40 and triple DES)': () =>
      certificates.pkcs12('legacy.p12', 'client', '-legacy'),
    'PKCS12 with RC2-128 and two-key triple DES': () =>
      certificates.pkcs12(
        'odd.p12',
        'client',
        '-legacy',
        '-certpbe',
        'PBE-SHA1-RC2-128',
        '-keypbe PBE-SHA1-2DES -macalg sha512',
      ),
    'PKCS12 without encryption': () =>
      certificates.pkcs12('bare.p12', 'client', '-keypbe', 'NONE', '-certpbe', 'NONE'),
    'PKCS12 with a key of an elliptic curve': () => certificates.pkcs12('curve.p12', 'curve'),
    'PKCS12 with a chain': async () =>
      certificates.pkcs12('chain.p12', 'below', '-certfile', 'between.crt'),
    'PKCS12 of keytool': async () => {
      await certificates.keytool(
        '-importkeystore -noprompt -srckeystore client.p12 -srcstoretype',
        'PKCS12 -destkeystore java.p12 -deststoretype PKCS12',
        `-srcstorepass ${STORE_PASSWORD} -deststorepass ${STORE_PASSWORD}`,
      );
      return dir.join('java.p12');
    },
  };
  for (const [what, make] of Object.entries(keyStores)) {
    test(`a ${what} proves who the client is`, async () => {
      assert.equal(await nodes({ ...trusting(), ...identity(await make(), 'PKCS12') }), 1);
    });
  }

  test('S-W7 a JKS store with a key password of its own proves who the client is', async () => {
    const location = await certificates.jks('client.jks', 'client.p12', 'client');
    const store = identity(location, 'JKS');
    assert.equal(await nodes({ ...trusting(), ...store, 'ssl.key.password': KEY_PASSWORD }), 1);
    const closed = await refusal({ ...trusting(), ...store });
    assert.equal(closed.code, 'SSL_CONFIGURATION');
    assert.match(closed.message, /client\.jks of type JKS: Cannot recover key "client".*ssl\.key/);
    assert.doesNotMatch(closed.message, new RegExp(`${STORE_PASSWORD}|${KEY_PASSWORD}`));
  });

  test('a PEM file whose key is encrypted is opened by ssl.key.password', async () => {
    await certificates.openssl(
      'pkcs8 -topk8 -in client.key -out closed.key',
      `-passout pass:${KEY_PASSWORD}`,
    );
    const parts = ['closed.key', 'client.crt'].map((file) => readFile(dir.join(file), 'utf8'));
    const [key = '', chain = ''] = await Promise.all(parts);
    await writeFile(dir.join('closed.pem'), key + chain);
    const file = { ...trusting(), ...identity(dir.join('closed.pem'), 'PEM') };
    assert.equal(await nodes({ ...file, 'ssl.key.password': KEY_PASSWORD }), 1);
    const text = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.certificate.chain': chain };
    const inline = { ...trusting(), ...text, 'ssl.keystore.key': key };
    assert.equal(await nodes({ ...inline, 'ssl.key.password': KEY_PASSWORD }), 1);
    assert.match((await refusal(file)).message, /closed\.pem: .*"ssl\.key\.password" missing/);
    const wrong = await refusal({ ...inline, 'ssl.key.password': 'x' });
    assert.match(wrong.message, /Invalid PEM keystore configs.*see "ssl\.key\.password"/);
    assert.doesNotMatch(wrong.message, /BEGIN|PRIVATE/);
  });

  const trustStores: Readonly<Record<string, () => Promise<readonly [string, string]>>> = {
    'JKS without a key': async () => [
      await certificates.trustStore('trust.jks', 'JKS', 'ca.crt'),
      'JKS',
    ],
    "PKCS12 without a key, marked by Java's trustedKeyUsage": async () => [
      await certificates.trustStore('trust.p12', 'PKCS12', 'ca.crt'),
      'PKCS12',
    ],
    'PKCS12 of old Java (RC2-40)': async () => [
      await certificates.trustStore('old.p12', 'PKCS12', 'ca.crt', '-Dkeystore.pkcs12.legacy'),
      'PKCS12',
    ],
    'JKS that is called PKCS12': async () => {
      await certificates.trustStore('named.jks', 'JKS', 'ca.crt');
      return [dir.join('named.jks'), 'PKCS12'];
    },
    'PKCS12 that is called JKS': async () => {
      await certificates.trustStore('named.p12', 'PKCS12', 'ca.crt');
      return [dir.join('named.p12'), 'JKS'];
    },
    "store of the broker's own certificate": async () => [
      await certificates.trustStore('own.p12', 'PKCS12', 'broker.crt'),
      'PKCS12',
    ],
    "store of the broker's own key": async () => [dir.join('broker.p12'), 'PKCS12'],
  };
  for (const [what, make] of Object.entries(trustStores)) {
    test(`a ${what} says who is trusted`, async () => {
      const [location, type] = await make();
      assert.equal(await nodes({ ...identified(), ...trust(location, type) }), 1);
    });
  }

  test('a JKS trust store opens without its password, as in Java', async () => {
    await certificates.trustStore('open.jks', 'JKS', 'ca.crt');
    const open = { 'security.protocol': 'SSL', 'ssl.truststore.location': dir.join('open.jks') };
    assert.equal(await nodes({ ...identified(), ...open }), 1);
  });

  test('a wrong password is told as such for each kind of store, and never shown', async () => {
    await certificates.trustStore('wrong.jks', 'JKS', 'ca.crt');
    await certificates.trustStore('wrong.p12', 'PKCS12', 'ca.crt');
    await certificates.pkcs12('wrong-legacy.p12', 'client', '-legacy');
    for (const file of ['wrong.jks', 'wrong.p12', 'wrong-legacy.p12', 'client.p12']) {
      const password = { 'ssl.truststore.password': 'not-the-password' };
      const store = { ...trust(dir.join(file), 'PKCS12'), ...password };
      const error = await refusal({ ...identified(), ...store });
      assert.equal(error.code, 'SSL_CONFIGURATION');
      assert.match(error.message, new RegExp(`${file} of type PKCS12: keystore password was inc`));
      assert.doesNotMatch(error.message, /not-the-password/);
    }
  });

  test('a file that is no store, is damaged or is missing is told by name', async () => {
    await writeFile(dir.join('noise'), randomBytes(500));
    await certificates.trustStore('whole.jks', 'JKS', 'ca.crt');
    const whole = await readFile(dir.join('client.p12'));
    await writeFile(dir.join('half.p12'), whole.subarray(0, 700));
    for (const [file, reason] of [
      ['noise', /noise of type PKCS12: it is (neither|no store)/],
      ['half.p12', /half\.p12 of type PKCS12: it is no store, or damaged/],
      ['ca.crt', /it is a PEM file/],
      ['nowhere.p12', /nowhere\.p12 of type PKCS12: ENOENT/],
    ] as const) {
      const error = await refusal({ ...identified(), ...trust(dir.join(file), 'PKCS12') });
      assert.equal(error.code, 'SSL_CONFIGURATION');
      assert.match(error.message, reason);
    }
    const none = await certificates.pkcs12('no-trust.p12', 'client', '-nokeys');
    const untrusting = await refusal({ ...identified(), ...trust(none, 'PKCS12') });
    assert.match(untrusting.message, /holds no trusted certificate .*keytool -importcert/);
  });

  test('a renewed store is used by the next connection, without a restart', async () => {
    const file = dir.join('renewed.p12');
    await certificates.authority('stranger');
    await certificates.trustStore('strange.p12', 'PKCS12', 'stranger.crt');
    await certificates.trustStore('right.p12', 'PKCS12', 'ca.crt');
    await copyFile(dir.join('strange.p12'), file);
    const properties = { ...identified(), ...trust(file, 'PKCS12') };
    await using admin = createAdmin(properties, { logger: silentLogger });
    await assert.rejects(admin.describeCluster(), { code: 'SSL_AUTHENTICATION_FAILED' });
    await copyFile(dir.join('right.p12'), file);
    assert.equal((await admin.describeCluster()).nodes.length, 1);
  });
});
