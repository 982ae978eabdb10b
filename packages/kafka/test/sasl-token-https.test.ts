// The token endpoint over TLS, with its own `ssl.` options in the JAAS text, as Java takes them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { systemClock } from '../src/clock.ts';
import { fetchToken } from '../src/connection/security/oauth/client-credentials.ts';
import { clusterOf } from './connection-clients.ts';
import { Certificates } from './tls-certificates.ts';

const OAUTH = 'org.apache.kafka.common.security.oauthbearer';
const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'needs the command openssl';

test('the token endpoint is trusted by the ssl options of the JAAS text', { skip }, async () => {
  await using dir = await makeTempDir('kafka-token');
  const certificates = new Certificates(dir);
  await certificates.authority('ca');
  await certificates.issue('server');
  const [key, cert] = await Promise.all(
    ['server.key', 'server.crt'].map((name) => readFile(dir.join(name))),
  );
  await using server = createServer({ key, cert }, (request, answer) => {
    request.resume();
    answer.end(JSON.stringify({ access_token: `by ${request.method ?? ''}` }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;

  const ask = (options: string): Promise<string> => {
    using cluster = clusterOf({
      'bootstrap.servers': '127.0.0.1:1',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.login.callback.handler.class': `${OAUTH}.OAuthBearerLoginCallbackHandler`,
      'sasl.oauthbearer.token.endpoint.url': `https://localhost:${port}/token`,
      'sasl.login.retry.backoff.max.ms': '50',
      'sasl.jaas.config':
        `${OAUTH}.OAuthBearerLoginModule required clientId="a" clientSecret="hunter2" ` +
        `${options};`,
    });
    const { sasl } = cluster.config.security;
    assert.ok(sasl?.mechanism === 'OAUTHBEARER' && sasl.source.type === 'client-credentials');
    return fetchToken(sasl.source, { clock: systemClock, random: Math.random });
  };
  const trust = `ssl.truststore.type="PEM" ssl.truststore.location="${dir.join('ca.crt')}"`;
  assert.equal(await ask(trust), 'by POST');
  await assert.rejects(ask(''), {
    code: 'NETWORK_EXCEPTION',
    isRetriable: true,
    message: /client "a" from https:\/\/localhost:\d+\/token: .*certificate/,
  });
  server.closeAllConnections();
});
