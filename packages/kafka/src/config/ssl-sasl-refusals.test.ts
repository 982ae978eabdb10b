import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { type KafkaLogger, silentLogger } from '../logger.ts';
import { adminKeys } from './admin-keys.ts';
import { type ClientConfig, clientConfigOf } from './client-config.ts';
import { parseConfig } from './config-values.ts';

type Properties = Readonly<Record<string, string>>;

function parse(properties: Properties, logger: KafkaLogger = silentLogger): ClientConfig {
  const all = { 'bootstrap.servers': '127.0.0.1:1', ...properties };
  return clientConfigOf(parseConfig('admin', adminKeys, all, logger), 'admin');
}

const KAFKA = 'org.apache.kafka.common.security';
const PLAIN_MODULE = `${KAFKA}.plain.PlainLoginModule`;
const OAUTH_MODULE = `${KAFKA}.oauthbearer.OAuthBearerLoginModule`;
const HANDLER = `${KAFKA}.oauthbearer.OAuthBearerLoginCallbackHandler`;

const TLS = { 'security.protocol': 'SSL' };
const PEM_KEYS = { ...TLS, 'ssl.keystore.type': 'PEM' };
const SASL = { 'security.protocol': 'SASL_PLAINTEXT' };
const OAUTH = {
  ...SASL,
  'sasl.mechanism': 'OAUTHBEARER',
  'sasl.login.callback.handler.class': HANDLER,
  'sasl.jaas.config': `${OAUTH_MODULE} required;`,
};
const TOKEN_URL = 'sasl.oauthbearer.token.endpoint.url';

/** Recorded from Java's admin client of 4.3.1: the innermost message of what it throws. */
const inJavasWords: readonly (readonly [Properties, string])[] = [
  [
    { ...TLS, 'ssl.truststore.password': 'x' },
    'SSL trust store is not specified, but trust store password is specified.',
  ],
  [
    { ...TLS, 'ssl.keystore.password': 'x' },
    'SSL key store is not specified, but key store password is specified.',
  ],
  [
    { ...TLS, 'ssl.keystore.location': '/x.p12' },
    'SSL key store is specified, but key store password is not specified.',
  ],
  [
    { ...TLS, 'ssl.truststore.certificates': 'x' },
    'SSL trust store certs can be specified only for PEM, but trust store type is JKS.',
  ],
  [
    {
      ...TLS,
      'ssl.truststore.certificates': 'x',
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': 'y',
    },
    'Both SSL trust store location and separate trust certificates are specified.',
  ],
  [
    {
      ...TLS,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': '/x.pem',
      'ssl.truststore.password': 'y',
    },
    'SSL trust store password cannot be specified for PEM format.',
  ],
  [
    { ...TLS, 'ssl.keystore.key': 'x' },
    'SSL private key can be specified only for PEM, but key store type is JKS.',
  ],
  [
    { ...PEM_KEYS, 'ssl.keystore.key': 'x' },
    'SSL private key is specified, but certificate chain is not specified.',
  ],
  [
    { ...PEM_KEYS, 'ssl.keystore.certificate.chain': 'x' },
    'SSL certificate chain is specified, but private key is not specified',
  ],
  [
    {
      ...PEM_KEYS,
      'ssl.keystore.key': 'x',
      'ssl.keystore.certificate.chain': 'x',
      'ssl.keystore.location': 'y',
    },
    'Both SSL key store location and separate private key are specified.',
  ],
  [
    {
      ...PEM_KEYS,
      'ssl.keystore.key': 'x',
      'ssl.keystore.certificate.chain': 'x',
      'ssl.keystore.password': 'y',
    },
    'SSL key store password cannot be specified with PEM format, only key password may be specified.',
  ],
  [
    { ...PEM_KEYS, 'ssl.keystore.location': '/x.pem', 'ssl.keystore.password': 'y' },
    'SSL key store password cannot be specified with PEM format, only key password may be specified',
  ],
  [
    { ...SASL, 'sasl.mechanism': '' },
    'Invalid value null for configuration sasl.mechanism: When the security.protocol ' +
      'configuration enables SASL, mechanism must be non-null and non-empty string.',
  ],
  [OAUTH, `The OAuth configuration option ${TOKEN_URL} value is required`],
  [
    { ...OAUTH, [TOKEN_URL]: 'foo' },
    `The OAuth configuration option ${TOKEN_URL} contains a URL (foo) that is malformed: no protocol: foo`,
  ],
  [
    { 'sasl.login.refresh.window.factor': '0.4' },
    'Invalid value 0.4 for configuration sasl.login.refresh.window.factor: Value must be at least 0.5',
  ],
  [
    { 'sasl.login.refresh.window.factor': '1.1' },
    'Invalid value 1.1 for configuration sasl.login.refresh.window.factor: Value must be no more than 1.0',
  ],
  [
    { 'sasl.login.refresh.window.jitter': '0.3' },
    'Invalid value 0.3 for configuration sasl.login.refresh.window.jitter: Value must be no more than 0.25',
  ],
  [
    { 'sasl.login.refresh.min.period.seconds': '901' },
    'Invalid value 901 for configuration sasl.login.refresh.min.period.seconds: Value must be no more than 900',
  ],
  [
    { 'sasl.login.connect.timeout.ms': 'x' },
    'Invalid value x for configuration sasl.login.connect.timeout.ms: Not a number of type INT',
  ],
  [
    { 'sasl.oauthbearer.header.urlencode': 'x' },
    'Invalid value x for configuration sasl.oauthbearer.header.urlencode: Expected value to be either true or false',
  ],
  [
    { 'client.dns.lookup': 'default' },
    'Invalid value default for configuration client.dns.lookup: String must be one of: ' +
      'use_all_dns_ips, resolve_canonical_bootstrap_servers_only',
  ],
  [
    { 'metadata.recovery.strategy': 'foo' },
    'Invalid value foo for configuration metadata.recovery.strategy: String must be one of ' +
      '(case insensitive): REBOOTSTRAP, NONE',
  ],
  [
    { 'metadata.recovery.rebootstrap.trigger.ms': '-1' },
    'Invalid value -1 for configuration metadata.recovery.rebootstrap.trigger.ms: Value must be at least 0',
  ],
  [
    { 'request.timeout.ms': '-1' },
    'Invalid value -1 for configuration request.timeout.ms: Value must be at least 0',
  ],
  [
    { 'send.buffer.bytes': '-2' },
    'Invalid value -2 for configuration send.buffer.bytes: Value must be at least -1',
  ],
  [
    { 'socket.connection.setup.timeout.ms': 'x' },
    'Invalid value x for configuration socket.connection.setup.timeout.ms: Not a number of type LONG',
  ],
  [
    { 'bootstrap.servers': '127.0.0.1:9092,,127.0.0.1:9093' },
    "Configuration 'bootstrap.servers' values must not be empty.",
  ],
];

/** What Java finds later or words for its own machine; here it is refused before connecting, too. */
const inOurWords: readonly (readonly [Properties, RegExp])[] = [
  [{ ...TLS, 'ssl.truststore.type': 'BKS', 'ssl.truststore.location': 'x' }, /BKS not found, only/],
  [{ ...TLS, 'ssl.protocol': 'SSLv9' }, /SSLv9 SSLContext not available/],
  [{ ...TLS, 'ssl.enabled.protocols': 'TLSv1.2,SSLv3' }, /value SSLv3 .*must be one of: TLSv1,/],
  [{ ...TLS, 'ssl.cipher.suites': 'NOPE' }, /Unsupported CipherSuite: NOPE/],
  [{ ...TLS, 'ssl.endpoint.identification.algorithm': 'foo' }, /one of: https, ldaps, or empty/],
  [{ ...TLS, 'ssl.engine.factory.class': 'a.B' }, /Class a\.B could not be found/],
  [
    { ...PEM_KEYS, 'ssl.keystore.key': 'hunter2', 'ssl.keystore.certificate.chain': 'hunter2' },
    /No matching PRIVATE KEY entries in PEM file/,
  ],
  [
    { ...TLS, 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': 'hunter2' },
    /No matching CERTIFICATE entries in PEM file/,
  ],
  [{ ...SASL, 'sasl.mechanism': 'FOO' }, /must be one of: PLAIN, SCRAM-SHA-256, .*AWS_MSK_IAM/],
  [SASL, /Could not find a 'KafkaClient' entry in the JAAS configuration/],
  [
    { ...SASL, 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': 'a.B required password="hunter2";' },
    /No LoginModule found for a\.B.*PlainLoginModule, .*ScramLoginModule.*IAMLoginModule/,
  ],
  [
    {
      ...SASL,
      'sasl.mechanism': 'GSSAPI',
      'sasl.jaas.config': `${PLAIN_MODULE} required username="u" password="hunter2";`,
    },
    /does not go with "sasl\.mechanism" GSSAPI, but with PLAIN/,
  ],
  [
    {
      ...SASL,
      'sasl.mechanism': 'SCRAM-SHA-256',
      'sasl.jaas.config':
        `${KAFKA}.scram.ScramLoginModule required username="u" ` +
        'password="hunter2" tokenauth="true";',
    },
    /"tokenauth" \(delegation tokens\) is not supported/,
  ],
  [
    {
      ...SASL,
      'sasl.jaas.config': 'com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true;',
    },
    /No serviceName defined in either JAAS or Kafka config/,
  ],
  [
    { ...OAUTH, 'sasl.login.callback.handler.class': 'a.B' },
    /Class a\.B could not be found.*OAuthBearerLoginCallbackHandler/,
  ],
  [
    {
      ...OAUTH,
      [TOKEN_URL]: 'http://h/',
      'sasl.oauthbearer.jwt.retriever.class': `${KAFKA}.oauthbearer.JwtBearerJwtRetriever`,
    },
    /JwtBearerJwtRetriever could not be found/,
  ],
  [
    { ...OAUTH, [TOKEN_URL]: 'http://user:hunter2@h/?key=hunter2' },
    /client\.credentials\.client\.id value is required \(or the option "clientId"/,
  ],
  [
    {
      ...OAUTH,
      [TOKEN_URL]: 'http://h/',
      'sasl.jaas.config': `${OAUTH_MODULE} required clientId="a" clientSecret="hunter2" extension_auth="x";`,
    },
    /Extension name auth is invalid/,
  ],
  [
    {
      ...SASL,
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.jaas.config': `${OAUTH_MODULE} required;`,
    },
    /unsecuredLoginStringClaim_sub/,
  ],
];

describe('settings of TLS, SASL and connections', () => {
  for (const [properties, message] of inJavasWords) {
    test(`${message} (as Java says)`, () => {
      assert.throws(() => parse(properties), { name: 'ConfigError', message });
    });
  }

  for (const [properties, message] of inOurWords) {
    test(`are refused before connecting: ${message}`, () => {
      assert.throws(() => parse(properties), { name: 'ConfigError', message });
    });
  }

  test('show no secret in a refusal or in the log', () => {
    const told: string[] = [];
    const tell = (text: string, fields?: object): number => told.push(text, inspect(fields));
    const logger = { trace: tell, debug: tell, info: tell, warn: tell, error: tell };
    const secrets = {
      'ssl.key.password': 'hunter2',
      'ssl.truststore.password': 'hunter2',
      'ssl.keystore.key': 'hunter2',
      'sasl.jaas.config': `${PLAIN_MODULE} required username="u" password="hunter2"`,
      'sasl.oauthbearer.client.credentials.client.secret': 'hunter2',
      'sasl.oauthbearer.assertion.private.key.passphrase': 'hunter2',
      'no.such.password': 'hunter2',
    };
    const all = [...inJavasWords, ...inOurWords].map(([properties]) => properties);
    for (const properties of [...all, TLS, SASL, OAUTH]) {
      try {
        parse({ ...secrets, ...properties }, logger);
      } catch (error) {
        tell(inspect(error, { depth: 10 }));
      }
    }
    assert.ok(told.length > 100);
    assert.equal(
      told.find((text) => text.includes('hunter2')),
      undefined,
    );
  });
});
