import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adminKeys } from '../../config/admin-keys.ts';
import { parseConfig } from '../../config/config-values.ts';
import { silentLogger } from '../../logger.ts';
import { parseJaasConfig } from './jaas.ts';
import { scramExchange } from './scram.ts';
import { type Security, securityOf } from './security.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule';

const parse = (properties: Record<string, string>): Security =>
  securityOf(
    parseConfig('t', adminKeys, { 'bootstrap.servers': 'a:1', ...properties }, silentLogger),
  );

describe('sasl.jaas.config', () => {
  test('is read as Java reads it: quotes, escapes, bare words, any white space', () => {
    const text = `${PLAIN} required\n  username="a\\"b;c"  password='x = y\\\\' flag=true ;`;
    const { loginModule, options } = parseJaasConfig(text);
    assert.equal(loginModule, PLAIN);
    assert.deepEqual(
      [...options],
      [
        ['username', 'a"b;c'],
        ['password', 'x = y\\'],
        ['flag', 'true'],
      ],
    );
  });

  test('that is malformed is refused, and no part of it is shown', () => {
    for (const text of [
      '',
      PLAIN,
      `${PLAIN} required username="hunter2"`,
      `${PLAIN} required password="hunter2`,
      `${PLAIN} required password "hunter2";`,
      `${PLAIN} perhaps password="hunter2";`,
      `${PLAIN} required password="hunter2"; ${PLAIN} required;`,
    ]) {
      assert.throws(
        () => parseJaasConfig(text),
        (error) => error instanceof Error && !error.message.includes('hunter2'),
      );
    }
  });
});

describe('security settings', () => {
  test('of SASL name who logs in and how', () => {
    const { sasl, tls } = parse({
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': `${SCRAM} required username="u" password="p";`,
    });
    assert.deepEqual(sasl, { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' });
    assert.equal(tls, null);
  });

  test('that can not be honoured are refused by name, without secrets', () => {
    const sasl = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN' };
    const jaas = (text: string): Record<string, string> => ({ ...sasl, 'sasl.jaas.config': text });
    for (const [properties, message] of [
      [{ 'security.protocol': 'SASL_SSL' }, /Missing configuration "sasl\.jaas\.config".*GSSAPI/],
      [sasl, /Missing configuration "sasl\.jaas\.config"/],
      [jaas(`${SCRAM} required username="u" password="hunter2";`), /does not go with "sasl\.mech/],
      [
        jaas('com.example.Other required password="hunter2";'),
        /No LoginModule found for com\.example\.Other/,
      ],
      [
        jaas(`${PLAIN} required password="hunter2";`),
        /needs the options "username" and "password"/,
      ],
      [
        {
          'security.protocol': 'SSL',
          'ssl.truststore.location': 'x',
          'ssl.truststore.type': 'BKS',
        },
        /BKS for .*truststore\.type: BKS not found/,
      ],
      [
        { 'security.protocol': 'SSL', 'ssl.enabled.protocols': 'SSLv3' },
        /SSLv3 .* TLSv1\.2, TLSv1\.3/,
      ],
      [
        { 'security.protocol': 'SSL', 'ssl.truststore.certificates': 'x' },
        /certs can be specified only for PEM, but trust store type is JKS/,
      ],
    ] as const) {
      assert.throws(
        () => parse(properties),
        (error) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    }
  });

  test("turn Java's cipher names into OpenSSL's", () => {
    const names = 'TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
    const { tls } = parse({ 'security.protocol': 'SSL', 'ssl.cipher.suites': names });
    assert.deepEqual(tls?.ciphers, ['TLS_AES_128_GCM_SHA256', 'ECDHE-RSA-AES256-GCM-SHA384']);
  });
});

describe('SCRAM', () => {
  /** The example of RFC 7677, section 3. */
  const nonce = 'rOprNGfwEbeRWgbNEkqO';
  const first = `r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
  const last = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';
  const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';

  const exchange = async (answers: readonly string[]): Promise<readonly string[]> => {
    const sent: string[] = [];
    await scramExchange(
      'SCRAM-SHA-256',
      'user',
      'pencil',
      (message) => {
        sent.push(message.toString());
        return Promise.resolve(Buffer.from(answers[sent.length - 1] ?? ''));
      },
      nonce,
    );
    return sent;
  };

  test('says what the example of the RFC says', async () => {
    const [hello, answer] = await exchange([first, last]);
    assert.equal(hello, `n,,n=user,r=${nonce}`);
    assert.ok(answer?.startsWith(`c=biws,r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=`));
    assert.ok(answer?.endsWith(`,p=${proof}`));
  });

  test('believes no server without the password, and none that asks for nonsense', async () => {
    for (const [answers, message] of [
      [[first, last.replace('6rri', '7rri')], /signature is wrong/],
      [[first, 'v='], /signature is wrong/],
      [[first, 'e=invalid-proof'], /answers "invalid-proof"/],
      [[first.replace(nonce, 'another')], /nonce/],
      [[`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`], /nonce/],
      [[first.replace('4096', '1')], /1 iterations/],
      [[first.replace('4096', '2147483647')], /2147483647 iterations/],
      [['nonsense'], /malformed/],
    ] as const) {
      await assert.rejects(exchange(answers), message);
    }
  });

  test('escapes every comma and equals sign of a name', async () => {
    const sent: string[] = [];
    const send = (message: Buffer): Promise<Buffer> => {
      sent.push(message.toString());
      return Promise.resolve(Buffer.from('e=enough'));
    };
    const attempt = scramExchange('SCRAM-SHA-512', 'a,b=c,d=e', 'p', send, 'n');
    await assert.rejects(attempt, /enough/);
    assert.equal(sent[0], 'n,,n=a=2Cb=3Dc=2Cd=3De,r=n');
  });
});
