// What goes wrong with TLS: each time an error that names it, says what to change, and is not
// retried.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import { type SecurityBroker, startSecurityBroker } from './security-broker.ts';
import { nodes, refusal } from './security-client.ts';
import { Certificates, STORE_PASSWORD } from './tls-certificates.ts';

const skip = await skipReason('kafka', 'TLS failures with Apache Kafka');

const LISTENERS = ['GOOD', 'EXPIRED', 'EARLY', 'SELF', 'OTHER', 'MUTUAL', 'OLD', 'NARROW'];

describe('TLS that can not work', { skip }, () => {
  let dir: TempDir;
  let certificates: Certificates;
  let broker: SecurityBroker;

  const owned = new AsyncDisposableStack();
  before(async () => {
    dir = owned.use(await makeTempDir('kafka-tls'));
    certificates = new Certificates(dir);
    await certificates.authority('ca');
    await certificates.authority('stranger');
    await certificates.authority('self');
    await certificates.issue('good', {
      names: 'DNS:localhost,IP:127.0.0.1,IP:::1',
      keyType: 'rsa:2048',
    });
    await certificates.issue('expired', { validity: ['20200101000000Z', '20200201000000Z'] });
    await certificates.issue('early', { validity: ['20900101000000Z', '20910101000000Z'] });
    await certificates.issue('other', { names: 'DNS:kafka.example' });
    await certificates.issue('unknown', { issuer: 'stranger' });
    await certificates.issue('late', { validity: ['20200101000000Z', '20200201000000Z'] });
    const keys = ['good', 'expired', 'early', 'self', 'other', 'good', 'good', 'good'];
    const stores = LISTENERS.flatMap((name, i) => [
      [`listener.name.${name.toLowerCase()}.ssl.keystore.location`, dir.join(`${keys[i]}.p12`)],
    ]);
    for (const key of new Set(keys)) await certificates.pkcs12(`${key}.p12`, key);
    const started = await startSecurityBroker({
      dir,
      listeners: {
        ...Object.fromEntries(LISTENERS.map((name) => [name, 'SSL'])),
        PLAIN: 'PLAINTEXT',
      },
      properties: {
        ...Object.fromEntries(stores),
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.password': STORE_PASSWORD,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': dir.join('ca.crt'),
        'listener.name.mutual.ssl.client.auth': 'required',
        'listener.name.old.ssl.enabled.protocols': 'TLSv1.2',
        'listener.name.old.ssl.cipher.suites': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
        'listener.name.narrow.ssl.cipher.suites': 'TLS_AES_256_GCM_SHA384',
        'listener.name.narrow.ssl.enabled.protocols': 'TLSv1.3',
      },
    });
    broker = owned.use(started);
  });
  after(() => owned.disposeAsync());

  const to = (listener: string, host?: string): Record<string, string> => ({
    ...broker.at(listener, host),
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': dir.join('ca.crt'),
  });
  const as = (name: string): Record<string, string> => ({
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': dir.join(`${name}.pem`),
  });

  for (const [what, listener, advice] of [
    ['an expired certificate', 'EXPIRED', /has expired\. Renew it.*CERT_HAS_EXPIRED/],
    ['a certificate of the future', 'EARLY', /not valid yet\. Check the clocks/],
    ['a certificate that signs itself', 'SELF', /signed by nobody that is trusted.*truststore/],
    ['a certificate for other names', 'OTHER', /for other names.*kafka\.example/],
  ] as const) {
    test(`${what} is refused, by name`, async () => {
      const error = await refusal(to(listener));
      assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
      assert.match(error.message, advice);
      assert.match(error.message, /TLS handshake with localhost:\d+ failed/);
    });
  }

  test('a port that does not speak TLS is told as such', async () => {
    await using server = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = server.address();
    const port = typeof at === 'object' && at !== null ? at.port : 0;
    const error = await refusal({ ...to('GOOD'), 'bootstrap.servers': `127.0.0.1:${port}` });
    assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
    assert.match(error.message, /does not speak TLS.*"security\.protocol"/);
    // A Kafka port closes without a word, as one that is being stopped does: retried, with a hint.
    // Long enough for a busy broker to do so at least once.
    const brief = { ...to('PLAIN'), 'default.api.timeout.ms': '6000' };
    await assert.rejects(nodes(brief), /during the TLS handshake.*"security\.protocol" \(no TLS\)/);
  });

  test('names are checked unless ssl.endpoint.identification.algorithm is empty', async () => {
    const unchecked = { 'ssl.endpoint.identification.algorithm': '' };
    assert.equal(await nodes({ ...to('OTHER'), ...unchecked }), 1);
    // All else is checked as before.
    const error = await refusal({ ...to('EXPIRED'), ...unchecked });
    assert.match(error.message, /CERT_HAS_EXPIRED/);
  });

  test('an address is checked, too', async () => {
    assert.equal(await nodes(to('GOOD', '127.0.0.1')), 1);
    assert.match((await refusal(to('OTHER', '127.0.0.1'))).message, /ALTNAME_INVALID/);
  });

  for (const protocol of ['TLSv1.2', 'TLSv1.3']) {
    test(`no certificate where one is required is told, in ${protocol}`, async () => {
      const only = { ...to('MUTUAL'), 'ssl.enabled.protocols': protocol };
      for (let i = 0; i < 5; i++) {
        const error = await refusal(only);
        assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
        assert.match(error.message, /requires a certificate of this client.*"ssl\.keystore/);
      }
    });

    test(`a certificate that the broker does not trust is told, in ${protocol}`, async () => {
      const only = { ...to('MUTUAL'), 'ssl.enabled.protocols': protocol };
      for (const name of ['unknown', 'late']) {
        const error = await refusal({ ...only, ...as(name) });
        assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
        assert.match(error.message, /does not accept this client's certificate|requires a cert/);
      }
    });
  }

  test('protocols that do not meet are told as such', async () => {
    const error = await refusal({ ...to('OLD'), 'ssl.enabled.protocols': 'TLSv1.3' });
    assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
    assert.match(error.message, /no TLS version in common.*"ssl\.enabled\.protocols"/);
    assert.equal(await nodes({ ...to('OLD'), 'ssl.enabled.protocols': 'TLSv1.2' }), 1);
    // A list with a gap leaves the gap out.
    const gap = { ...to('OLD'), 'ssl.enabled.protocols': 'TLSv1.1,TLSv1.3' };
    assert.equal((await refusal(gap)).code, 'SSL_AUTHENTICATION_FAILED');
    // No list: what ssl.protocol is for.
    const none = { 'ssl.enabled.protocols': '', 'ssl.protocol': 'TLSv1.2' };
    assert.equal((await refusal({ ...to('NARROW'), ...none })).code, 'SSL_AUTHENTICATION_FAILED');
    assert.equal(await nodes({ ...to('OLD'), ...none }), 1);
  });

  test("cipher suites under Java's names, of both versions of TLS", async () => {
    const withSuites = (suites: string): Record<string, string> => ({
      'ssl.cipher.suites': suites,
    });
    const [right, wrong] = ['256_GCM_SHA384', '128_GCM_SHA256'];
    assert.equal(
      await nodes({ ...to('OLD'), ...withSuites(`TLS_ECDHE_RSA_WITH_AES_${right}`) }),
      1,
    );
    assert.equal(await nodes({ ...to('NARROW'), ...withSuites(`TLS_AES_${right}`) }), 1);
    for (const [listener, suite] of [
      ['OLD', `TLS_ECDHE_RSA_WITH_AES_${wrong}`],
      ['NARROW', `TLS_AES_${wrong}`],
    ] as const) {
      const error = await refusal({ ...to(listener), ...withSuites(suite) });
      assert.equal(error.code, 'SSL_AUTHENTICATION_FAILED');
      assert.match(error.message, /"ssl\.cipher\.suites"/);
    }
  });
});
