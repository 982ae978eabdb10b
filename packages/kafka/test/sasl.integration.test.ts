// Passwords on Apache Kafka, in the clear and over TLS.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeTempDir, skipReason } from '@sluice/testing';
import { PLAIN, SCRAM, type SecurityBroker, startSecurityBroker } from './security-broker.ts';
import { nodes, refusal } from './security-client.ts';
import { Certificates, STORE_PASSWORD } from './tls-certificates.ts';

/** A ligature that SASLprep would turn into two letters: Kafka hashes passwords as they are. */
const ODD_PASSWORD = 'p\u{fb01}né';

const skip = await skipReason('kafka', 'SASL on Apache Kafka');

describe('SASL on Apache Kafka 4.3.1', { skip }, () => {
  const owned = new AsyncDisposableStack();
  let certificates: Certificates;
  let broker: SecurityBroker;

  before(async () => {
    const dir = owned.use(await makeTempDir('kafka-sasl'));
    certificates = new Certificates(dir);
    await certificates.authority('ca');
    await certificates.issue('broker');
    await certificates.pkcs12('broker.p12', 'broker');
    const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'];
    const logins = ['open', 'secure'].flatMap((listener) =>
      mechanisms.map((mechanism) => [
        `listener.name.${listener}.${mechanism}.sasl.jaas.config`,
        mechanism === 'plain' ? `${PLAIN} required user_alice="secret-1";` : `${SCRAM} required;`,
      ]),
    );
    const started = await startSecurityBroker({
      dir,
      listeners: { OPEN: 'SASL_PLAINTEXT', SECURE: 'SASL_SSL' },
      properties: {
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': dir.join('broker.p12'),
        'ssl.keystore.password': STORE_PASSWORD,
        ...Object.fromEntries(logins),
      },
      scramUsers: [
        ['SCRAM-SHA-256', 'alice', 'secret-1'],
        ['SCRAM-SHA-512', 'alice', 'secret-1'],
        ['SCRAM-SHA-256', 'odd', ODD_PASSWORD],
      ],
    });
    broker = owned.use(started);
  });
  after(() => owned.disposeAsync());

  const as = (mechanism: string, name: string, password: string): Record<string, string> => ({
    ...broker.at('OPEN'),
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config':
      `${mechanism === 'PLAIN' ? PLAIN : SCRAM} required ` +
      `username="${name}" password="${password}";`,
  });

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    test(`${mechanism} lets in who knows the password, and nobody else`, async () => {
      assert.equal(await nodes(as(mechanism, 'alice', 'secret-1')), 1);
      for (const [name, password] of [
        ['alice', 'secret-2'],
        ['nobody', 'secret-1'],
      ] as const) {
        const error = await refusal(as(mechanism, name, password));
        assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
        assert.match(error.message, new RegExp(`Logging in to localhost:\\d+ as "${name}"`));
      }
    });

    test(`${mechanism} over TLS`, async () => {
      const secure = {
        ...as(mechanism, 'alice', 'secret-1'),
        ...broker.at('SECURE'),
        'security.protocol': 'SASL_SSL',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': certificates.path('ca.crt'),
      };
      assert.equal(await nodes(secure), 1);
    });
  }

  test('SCRAM takes names and passwords as they are, as Kafka does', async () => {
    assert.equal(await nodes(as('SCRAM-SHA-256', 'odd', ODD_PASSWORD)), 1);
  });

  test('a mechanism that the broker does not offer is refused, with what it offers', async () => {
    const properties = {
      ...as('OAUTHBEARER', 'alice', 'secret-1'),
      'sasl.jaas.config':
        'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required ' +
        'unsecuredLoginStringClaim_sub="alice";',
    };
    const error = await refusal(properties);
    assert.equal(error.code, 'UNSUPPORTED_SASL_MECHANISM');
    assert.match(error.message, /the broker offers .*SCRAM-SHA-256/);
  });

  test('no login where one is wanted is retried, and told what the port may expect', async () => {
    const plain = { ...broker.at('OPEN'), 'default.api.timeout.ms': '1500' };
    await assert.rejects(
      nodes(plain),
      /before it answered the first.*want a login.*"security\.protocol"/,
    );
  });
});
