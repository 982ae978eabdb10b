import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAdminConfig } from '../admin/admin-config.ts';
import { parseConsumerConfig } from '../consumer/consumer-config.ts';
import { silentLogger } from '../logger.ts';
import { parseProducerConfig } from '../producer/producer-config.ts';

const OAUTH = {
  'bootstrap.servers': '127.0.0.1:1',
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'OAUTHBEARER',
};

test('every client takes a function that gives OAuth tokens', async () => {
  const token = (): Promise<string> => Promise.resolve('a token');
  for (const parse of [parseProducerConfig, parseConsumerConfig, parseAdminConfig]) {
    const { sasl } = parse(OAUTH, silentLogger, token).client.security;
    assert.ok(sasl !== null && 'source' in sasl && sasl.source.type === 'function', parse.name);
    assert.equal(await sasl.source.token(), 'a token');
  }
});
