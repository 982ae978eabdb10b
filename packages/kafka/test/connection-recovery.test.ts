// How a client finds its brokers, and finds them again: addresses, names, lists, idleness, time.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { waitUntil } from '@sluice/testing';
import { canonicalAddresses, resolveHost } from '../src/connection/resolve-host.ts';
import { type KafkaLogger, silentLogger } from '../src/logger.ts';
import { clusterOf } from './connection-clients.ts';
import { honest, honestAnswer, ScriptedServer } from './connection-scripted-server.ts';

const QUICK = {
  'retry.backoff.ms': '1',
  'reconnect.backoff.ms': '1',
  'reconnect.backoff.max.ms': '2',
  'request.timeout.ms': '2000',
};
const METADATA = 3;

/** Collects what a client says. */
function recording(): { readonly logger: KafkaLogger; readonly said: string[] } {
  const said: string[] = [];
  const at = (level: string) => (text: string) => said.push(`${level} ${text}`);
  const logger = { ...silentLogger, debug: at('debug'), info: at('info'), warn: at('warn') };
  return { logger, said };
}

/** Where a broker says that it is, and something else may listen. */
const brokerAt = (host: string, port: number) => ({
  brokers: [{ nodeId: 1, host, port, rack: null }],
});

describe('finding brokers', () => {
  test('an IPv6 address is written in brackets, in the list and in errors', async (t) => {
    let server: ScriptedServer;
    try {
      server = await ScriptedServer.start(honest(), '::1');
    } catch {
      t.skip('this machine has no IPv6 loopback');
      return;
    }
    await using closing = server;
    using cluster = clusterOf({ ...QUICK, 'bootstrap.servers': `[::1]:${closing.port}` });
    await cluster.refresh();
    assert.equal(cluster.metadata.clusterId, 'scripted');
    await closing[Symbol.asyncDispose]();
    using other = clusterOf({ ...QUICK, 'bootstrap.servers': `[::1]:${closing.port}` });
    await assert.rejects(other.refresh(), new RegExp(`\\[::1\\]:${closing.port}.*ECONNREFUSED`));
  });

  test('every address of a name is tried', async () => {
    const found = await resolveHost({ host: 'localhost', port: 1 });
    const families = found.map(({ family }) => family);
    assert.deepEqual(
      families,
      [...families].sort((a, b) => a - b),
      'IPv4 first, as in Java',
    );
    await using server = await ScriptedServer.start(honest(), found.at(-1)?.ip ?? '127.0.0.1');
    using cluster = clusterOf({ ...QUICK, 'bootstrap.servers': `localhost:${server.port}` });
    await cluster.refresh();
    assert.equal(cluster.metadata.clusterId, 'scripted');
  });

  test('a name without an address is a retriable error that says so', async () => {
    using cluster = clusterOf({ ...QUICK, 'bootstrap.servers': 'nobody.invalid:9092' });
    await assert.rejects(cluster.refresh(), {
      code: 'NETWORK_EXCEPTION',
      isRetriable: true,
      message: /nobody\.invalid:9092: couldn't resolve the name/,
    });
  });

  test('client.dns.lookup=resolve_canonical_… asks for the names of addresses', async () => {
    const names = await canonicalAddresses({ host: '127.0.0.1', port: 9092 });
    assert.deepEqual(names, [{ host: 'localhost', port: 9092 }]);
    await using server = await ScriptedServer.start(honest());
    using cluster = clusterOf({
      ...QUICK,
      'client.dns.lookup': 'resolve_canonical_bootstrap_servers_only',
      'bootstrap.servers': `127.0.0.1:${server.port},nobody.invalid:1`,
    });
    await cluster.refresh();
    assert.equal(cluster.metadata.clusterId, 'scripted');
  });
});

describe('finding brokers again', () => {
  for (const [strategy, isFound] of [
    ['rebootstrap', true],
    ['none', false],
  ] as const) {
    test(`metadata.recovery.strategy=${strategy} ${isFound ? 'uses' : 'does not use'} the list again`, async () => {
      await using gone = await ScriptedServer.start(honest());
      await using server = await ScriptedServer.start(honest(brokerAt('127.0.0.1', gone.port)));
      using cluster = clusterOf({
        ...QUICK,
        'metadata.recovery.strategy': strategy,
        'bootstrap.servers': server.address,
      });
      await cluster.refresh();
      await gone[Symbol.asyncDispose]();
      server.script = honest();
      if (!isFound) {
        await assert.rejects(cluster.refresh(), /No broker could be reached/);
        return;
      }
      await cluster.refresh();
      assert.equal(cluster.metadata.brokers.get(1)?.port, server.port);
    });
  }

  test('metadata.recovery.rebootstrap.trigger.ms gives up on brokers that know nothing', async () => {
    let now = 1000;
    // It answers, but never with metadata: an old broker of another cluster, cut off.
    await using stale = await ScriptedServer.start(honest({ brokers: [] }));
    await using server = await ScriptedServer.start(honest(brokerAt('127.0.0.1', stale.port)));
    using cluster = clusterOf(
      {
        ...QUICK,
        'metadata.recovery.rebootstrap.trigger.ms': '5000',
        'bootstrap.servers': server.address,
      },
      { now: () => now },
    );
    await cluster.refresh();
    server.script = honest();
    for (const _ of [1, 2, 3]) {
      await assert.rejects(cluster.refresh(), { code: 'BROKER_NOT_AVAILABLE' });
      now += 1500;
    }
    now += 1000;
    await cluster.refresh();
    assert.equal(cluster.metadata.brokers.get(1)?.port, server.port);
  });

  test('REBOOTSTRAP_REQUIRED does so at once', async () => {
    await using moved = await ScriptedServer.start(honest({ errorCode: 129 }));
    await using server = await ScriptedServer.start(honest(brokerAt('127.0.0.1', moved.port)));
    using cluster = clusterOf({ ...QUICK, 'bootstrap.servers': server.address });
    await cluster.refresh();
    server.script = honest();
    await assert.rejects(cluster.refresh(), { code: 'REBOOTSTRAP_REQUIRED' });
    await cluster.refresh();
    assert.equal(cluster.metadata.brokers.get(1)?.port, server.port);
  });
});

describe('time', () => {
  test('a connection that nobody uses is closed after connections.max.idle.ms', async () => {
    await using server = await ScriptedServer.start(honest());
    using cluster = clusterOf({
      ...QUICK,
      'connections.max.idle.ms': '150',
      'bootstrap.servers': server.address,
    });
    await cluster.refresh();
    const connection = await cluster.connection(1);
    await waitUntil('it to be closed', () => connection.isClosed, { timeoutMs: 10_000 });
    // The next request gets another one.
    await cluster.refresh();
    assert.notEqual(await cluster.connection(1), connection);
  });

  test('a connection that waits for an answer is not idle', async () => {
    await using server = await ScriptedServer.start((asked, socket, self) => {
      const answer = honestAnswer(asked, self);
      if (answer === null) return;
      if (asked.apiKey === METADATA) setTimeout(() => socket.write(answer), 500);
      else socket.write(answer);
    });
    using cluster = clusterOf({
      ...QUICK,
      'connections.max.idle.ms': '100',
      'bootstrap.servers': server.address,
    });
    await cluster.refresh();
    assert.equal(server.connections, 1);
  });

  test('a request without an answer ends after request.timeout.ms, with its connection', async () => {
    await using server = await ScriptedServer.start((asked, socket, self) => {
      const answer = asked.apiKey === METADATA ? null : honestAnswer(asked, self);
      if (answer !== null) socket.write(answer);
    });
    using cluster = clusterOf({
      ...QUICK,
      'request.timeout.ms': '200',
      'bootstrap.servers': server.address,
    });
    await assert.rejects(cluster.refresh(), {
      code: 'REQUEST_TIMED_OUT',
      message: /MetadataRequest to 127\.0\.0\.1:\d+: no answer within 200 ms/,
    });
    await waitUntil('it to be closed', () => server.sockets.size === 0, { timeoutMs: 10_000 });
  });

  test('a port that never accepts is given up after socket.connection.setup.timeout.ms', async () => {
    // A full backlog: further connections get no answer at all.
    await using full = createServer();
    const connected = clusterOf({
      ...QUICK,
      // TEST-NET-1 (RFC 5737) leads nowhere; where a network refuses at once, so does the client.
      'bootstrap.servers': '192.0.2.1:9092',
      'socket.connection.setup.timeout.ms': '150',
      'socket.connection.setup.timeout.max.ms': '150',
    });
    using cluster = connected;
    await assert.rejects(cluster.refresh(), {
      code: 'NETWORK_EXCEPTION',
      message: /192\.0\.2\.1:9092: (no connection within \d+ ms|.*E[A-Z]+)/,
    });
    full.close();
  });
});

describe('the log', () => {
  test('tells of a broker that is away once, and of its return; not of every attempt', async () => {
    const { logger, said } = recording();
    let now = 0;
    const gone = await ScriptedServer.start(honest());
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    using cluster = clusterOf(
      { ...QUICK, 'bootstrap.servers': `127.0.0.1:${port}` },
      { logger, now: () => (now += 10) },
    );
    for (let i = 0; i < 20; i++) await assert.rejects(cluster.refresh());
    const warnings = (): readonly string[] => said.filter((line) => line.startsWith('warn'));
    assert.equal(warnings().length, 1, warnings().join('\n'));
    assert.match(warnings()[0] ?? '', new RegExp(`127\\.0\\.0\\.1:${port}.*ECONNREFUSED`));
    // A minute later it is still away, which is worth a line.
    now += 60_000;
    await assert.rejects(cluster.refresh());
    assert.equal(warnings().length, 2);
    assert.match(warnings()[1] ?? '', /\(attempt 21\)/);
    await using back = await ScriptedServer.start(honest(), '127.0.0.1', port);
    await cluster.refresh();
    assert.ok(said.some((line) => /^info Connected to .* after 21 failed attempts/.test(line)));
    assert.equal(back.connections > 0, true);
  });
});
