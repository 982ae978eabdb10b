// OAUTHBEARER and renewed logins (KIP-368) on Apache Kafka: its validator for unsecured tokens, and
// the real one with keys from a local authority.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import type { Connection } from '../src/connection/connection.ts';
import { clusterOf } from './connection-clients.ts';
import { TokenServer } from './sasl-token-server.ts';
import { PLAIN, SCRAM, type SecurityBroker, startSecurityBroker } from './security-broker.ts';
import { nodes, refusal } from './security-client.ts';

const OAUTH = 'org.apache.kafka.common.security.oauthbearer';
const MODULE = `${OAUTH}.OAuthBearerLoginModule`;
const SECURED = { 'sasl.login.callback.handler.class': `${OAUTH}.OAuthBearerLoginCallbackHandler` };
/** How long the broker lets a login hold, and how many of them a test outlives. */
const SESSION_MS = 4000;
const SESSIONS = 2.2;

const skip = await skipReason('kafka', 'OAUTHBEARER on Apache Kafka');

describe('OAUTHBEARER on Apache Kafka 4.3.1', { skip }, () => {
  let dir: TempDir;
  let tokens: TokenServer;
  let broker: SecurityBroker;

  const owned = new AsyncDisposableStack();
  before(async () => {
    dir = owned.use(await makeTempDir('kafka-oauth'));
    tokens = owned.use(await TokenServer.start());
    const secured = 'listener.name.secured.oauthbearer';
    const unsecured = 'listener.name.unsecured.oauthbearer';
    const started = await startSecurityBroker({
      dir,
      listeners: {
        UNSECURED: 'SASL_PLAINTEXT',
        SECURED: 'SASL_PLAINTEXT',
        BRIEF: 'SASL_PLAINTEXT',
      },
      properties: {
        'sasl.enabled.mechanisms': 'OAUTHBEARER',
        'listener.name.brief.sasl.enabled.mechanisms': 'OAUTHBEARER,PLAIN,SCRAM-SHA-256',
        [`${unsecured}.sasl.jaas.config`]: `${MODULE} required unsecuredLoginStringClaim_sub="broker" unsecuredValidatorRequiredScope="x";`,
        [`${secured}.sasl.jaas.config`]: `${MODULE} required;`,
        [`${secured}.sasl.server.callback.handler.class`]: `${OAUTH}.OAuthBearerValidatorCallbackHandler`,
        'sasl.oauthbearer.jwks.endpoint.url': `${tokens.url}/jwks`,
        'sasl.oauthbearer.expected.audience': 'kafka',
        'sasl.oauthbearer.expected.issuer': tokens.url,
        'listener.name.brief.oauthbearer.sasl.jaas.config': `${MODULE} required;`,
        'listener.name.brief.plain.sasl.jaas.config': `${PLAIN} required user_alice="secret-1";`,
        'listener.name.brief.scram-sha-256.sasl.jaas.config': `${SCRAM} required;`,
        ...Object.fromEntries(
          ['plain', 'scram-sha-256', 'oauthbearer'].map((mechanism) => [
            `listener.name.brief.${mechanism}.connections.max.reauth.ms`,
            String(SESSION_MS),
          ]),
        ),
      },
      scramUsers: [['SCRAM-SHA-256', 'alice', 'secret-1']],
      env: {
        JDK_JAVA_OPTIONS: `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokens.url}/jwks`,
      },
    });
    broker = owned.use(started);
  });
  after(() => owned.disposeAsync());

  const sasl = (listener: string, options: string, mechanism = 'OAUTHBEARER', module = MODULE) => ({
    ...broker.at(listener),
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': `${module} required ${options};`,
  });
  const endpoint = (path: string) => ({
    ...SECURED,
    'sasl.oauthbearer.token.endpoint.url': `${tokens.url}${path}`,
  });
  const client = 'clientId="client-1" clientSecret="client-secret"';

  test('an unsecured token, with claims and extensions', async () => {
    const claims =
      'unsecuredLoginStringClaim_sub="alice" unsecuredLoginListClaim_scope=",x,y" ' +
      'unsecuredLoginLifetimeSeconds="60" unsecuredLoginNumberClaim_n="1.5" ' +
      'unsecuredLoginExtension_team="a"';
    assert.equal(await nodes(sasl('UNSECURED', claims)), 1);
  });

  test('a token that lacks the scope is refused, with what the broker wants', async () => {
    const error = await refusal(sasl('UNSECURED', 'unsecuredLoginStringClaim_sub="alice"'));
    assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
    assert.match(error.message, /as "alice" with OAUTHBEARER failed.*insufficient_scope/);
  });

  test('client credentials in the JAAS text, and in keys of their own', async () => {
    tokens.asked.length = 0;
    assert.equal(await nodes({ ...sasl('SECURED', client), ...endpoint('/token') }), 1);
    assert.deepEqual(tokens.asked, [
      { login: 'client-1:client-secret', form: { grant_type: 'client_credentials' } },
    ]);
    const key = 'sasl.oauthbearer.client.credentials.client';
    const keys = {
      ...sasl('SECURED', 'scope="ignored"'),
      ...endpoint('/token'),
      [`${key}.id`]: 'client-1',
      [`${key}.secret`]: 'client-secret',
      'sasl.oauthbearer.scope': 'all of it',
    };
    assert.equal(await nodes(keys), 1);
    const form: Readonly<Record<string, string>> = tokens.asked[1]?.form ?? {};
    assert.equal(form['scope'], 'all of it');
  });

  test('one client asks for one token, however many connections it makes', async () => {
    tokens.asked.length = 0;
    const cluster = clusterOf({ ...sasl('SECURED', client), ...endpoint('/token') });
    using closing = cluster;
    await closing.refresh();
    const [id = 0] = closing.metadata.brokers.keys();
    await Promise.all([
      cluster.connection(id, 'main'),
      cluster.connection(id, 'fetch'),
      cluster.connection(id, 'group'),
    ]);
    assert.equal(tokens.asked.length, 1);
  });

  test('a token server that is in trouble is asked again', async () => {
    tokens.asked.length = 0;
    tokens.failures = 2;
    assert.equal(await nodes({ ...sasl('SECURED', client), ...endpoint('/token') }), 1);
    assert.equal(tokens.asked.length, 3);
  });

  test('a token server that refuses is told as such, without the secret', async () => {
    const wrong = 'clientId="client-1" clientSecret="wrong-secret"';
    const error = await refusal({ ...sasl('SECURED', wrong), ...endpoint('/token') });
    assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
    assert.match(error.message, /client "client-1" from http.*status 401 \("invalid_client"\)/);
    assert.doesNotMatch(error.message, /wrong-secret/);
    const lost = await refusal({ ...sasl('SECURED', client), ...endpoint('/nothing') });
    assert.match(lost.message, /status 404.*token\.endpoint\.url/);
    const odd = await refusal({ ...sasl('SECURED', client), ...endpoint('/odd') });
    assert.match(odd.message, /the token is no JWT of 3 parts/);
    assert.doesNotMatch(odd.message, /opaque/);
  });

  test('a token that the broker does not believe is refused, with its reason', async () => {
    const error = await refusal({ ...sasl('SECURED', client), ...endpoint('/forged') });
    assert.equal(error.code, 'SASL_AUTHENTICATION_FAILED');
    assert.match(error.message, /as "client-1" with OAUTHBEARER failed/);
    assert.doesNotMatch(error.message, /eyJ/);
  });

  test('a token out of a file', async () => {
    const file = dir.join('token.jwt');
    await writeFile(file, `${tokens.token('client-1')}\n`);
    const url = { 'sasl.oauthbearer.token.endpoint.url': pathToFileURL(file).href };
    assert.equal(await nodes({ ...sasl('SECURED', ''), ...SECURED, ...url }), 1);
  });

  test("a token of the program's own", async () => {
    const properties = { ...sasl('SECURED', ''), ...SECURED };
    let calls = 0;
    const token = (): Promise<string> => {
      calls++;
      return Promise.resolve(tokens.token('client-1'));
    };
    using cluster = clusterOf(properties, { token });
    await cluster.refresh();
    assert.equal(cluster.metadata.brokers.size, 1);
    assert.equal(calls, 1);
  });

  const brief: Readonly<Record<string, () => Record<string, string>>> = {
    PLAIN: () => sasl('BRIEF', 'username="alice" password="secret-1"', 'PLAIN', PLAIN),
    'SCRAM-SHA-256': () =>
      sasl('BRIEF', 'username="alice" password="secret-1"', 'SCRAM-SHA-256', SCRAM),
    OAUTHBEARER: () => sasl('BRIEF', 'unsecuredLoginStringClaim_sub="alice"'),
  };
  test('sessions are renewed on their connections, with requests in flight', async () => {
    const busy = Object.entries(brief).map(([mechanism, properties]) =>
      outlive(mechanism, properties(), async (connection) => {
        // Pipelined: some are under way, and some come while the login is renewed.
        await Promise.all(Array.from({ length: 20 }, () => askVersions(connection)));
      }),
    );
    // A session that ended while nothing was sent is renewed by the next request.
    const idle = outlive('an idle client', brief['PLAIN']?.() ?? {}, async (connection) => {
      await setTimeout(SESSION_MS * 1.1);
      await askVersions(connection);
    });
    await Promise.all([...busy, idle]);
  });
});

/** Uses one connection for longer than the broker lets a login hold. */
async function outlive(
  who: string,
  properties: Record<string, string>,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  // As early as may be, at 85 percent: the machine may be slow, and the broker's clock is not.
  using cluster = clusterOf(properties, { random: () => 0 });
  await cluster.refresh();
  const [id = 0] = cluster.metadata.brokers.keys();
  const connection = await cluster.connection(id);
  const endMs = performance.now() + SESSIONS * SESSION_MS;
  while (performance.now() < endMs) await use(connection);
  assert.equal(connection.isClosed, false, `${who}: closed at the session's end`);
  assert.equal(await cluster.connection(id), connection);
}

async function askVersions(connection: Connection): Promise<void> {
  const request = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };
  const options = { timeoutMs: 10_000, version: 3 };
  const codecs = [ApiVersionsRequest, ApiVersionsResponse] as const;
  const answer = await connection.request(...codecs, () => request, options);
  assert.equal(answer.errorCode, 0);
}
