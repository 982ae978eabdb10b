import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { encodeResponseFrame } from '@sluice/protocol';
import { waitUntil } from '@sluice/testing';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { HeartbeatRequest } from '@sluice/protocol/gen/heartbeat-request';
import { HeartbeatResponse } from '@sluice/protocol/gen/heartbeat-response';
import { systemClock } from '../clock.ts';
import { clientConfigOf } from '../config/client-config.ts';
import { adminKeys } from '../config/admin-keys.ts';
import { parseConfig } from '../config/config-values.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { silentLogger } from '../logger.ts';
import type { Connection } from './connection.ts';
import type { LinkOptions } from './link-options.ts';
import { openConnection } from './open-connection.ts';

/** What the fake broker does with a request: its key and correlation id are known. */
type Answer = (socket: Socket, correlationId: number, apiKey: number) => void;

const API_VERSIONS = 18;
const heartbeat = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null };

function linkOptions(properties: Record<string, string>): LinkOptions {
  const config = clientConfigOf(parseConfig('t', adminKeys, properties, silentLogger), 'test');
  return { config, logger: silentLogger, clock: systemClock, random: Math.random };
}

async function withBroker(
  answer: Answer,
  run: (open: () => Promise<Connection>) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let left = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      left = Buffer.concat([left, typeof piece === 'string' ? Buffer.from(piece) : piece]);
      while (left.length >= 12 && left.length >= left.readInt32BE(0) + 4) {
        answer(socket, left.readInt32BE(8), left.readInt16BE(4));
        left = left.subarray(left.readInt32BE(0) + 4);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;
  const properties = { 'bootstrap.servers': `127.0.0.1:${port}`, 'request.timeout.ms': '2000' };
  const options = linkOptions(properties);
  const opened: Connection[] = [];
  try {
    await run(async () => {
      const address = { host: '127.0.0.1', port };
      const connection = await openConnection(options, address, 1000, new AbortController().signal);
      opened.push(connection);
      return connection;
    });
  } finally {
    for (const connection of opened) connection.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

function versions(correlationId: number, version = 4, errorCode = 0): Buffer {
  return encodeResponseFrame(ApiVersionsResponse, version, correlationId, {
    errorCode,
    apiKeys: [
      { apiKey: API_VERSIONS, minVersion: 0, maxVersion: version },
      { apiKey: HeartbeatRequest.apiKey, minVersion: 0, maxVersion: 4 },
    ],
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
  }).toBuffer();
}

function beat(correlationId: number, errorCode = 0): Buffer {
  const response = { throttleTimeMs: 0, errorCode };
  return encodeResponseFrame(HeartbeatResponse, 4, correlationId, response).toBuffer();
}

const ask = (connection: Connection, timeoutMs = 1000): Promise<HeartbeatResponse> =>
  connection.request(HeartbeatRequest, HeartbeatResponse, () => heartbeat, { timeoutMs });

/** Agrees on versions and leaves the rest to `then`. */
const agreeing =
  (then: Answer): Answer =>
  (socket, id, key) =>
    key === API_VERSIONS ? socket.write(versions(id)) : then(socket, id, key);

describe('a connection', () => {
  test('pipelines requests and hands each its own answer', async () => {
    const ids: number[] = [];
    const broker = agreeing((socket, id) => {
      ids.push(id);
      if (ids.length === 3) socket.write(Buffer.concat(ids.map((each, i) => beat(each, i + 1))));
    });
    await withBroker(broker, async (open) => {
      const connection = await open();
      const answers = await Promise.all([ask(connection), ask(connection), ask(connection)]);
      assert.deepEqual(
        answers.map((each) => each.errorCode),
        [1, 2, 3],
      );
      assert.equal(connection.inFlight, 0);
    });
  });

  test('falls back to the oldest ApiVersions when the newest is not known', async () => {
    let asked = 0;
    const broker: Answer = (socket, id) => {
      asked++;
      socket.write(versions(id, 0, asked === 1 ? 35 : 0));
    };
    await withBroker(broker, async (open) => {
      assert.equal((await open()).versionOf(HeartbeatRequest), 4);
      assert.equal(asked, 2);
    });
  });

  for (const [what, send, message] of [
    ['bytes that are no frame', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n'), /web server/],
    ['a frame of minus one byte', () => Buffer.alloc(8, 255), /claims to have -1 bytes/],
    ["another request's answer", (id: number) => beat(id + 7), /has the correlation id/],
    [
      'an answer that ends too early',
      (id: number) => shortened(beat(id)),
      /Truncated|read \d+ bytes/,
    ],
    ['an answer with bytes left over', (id: number) => lengthened(beat(id)), /left over/],
  ] as const) {
    test(`ends with a named, retriable error after ${what}`, async () => {
      await withBroker(
        agreeing((socket, id) => socket.write(send(id))),
        async (open) => {
          const connection = await open();
          await assert.rejects(ask(connection), (error: unknown) => {
            assert.ok(error instanceof Error && 'code' in error && 'isRetriable' in error);
            assert.equal(error.code, 'INVALID_RESPONSE');
            assert.equal(error.isRetriable, true);
            assert.match(error.message, message);
            return true;
          });
          assert.ok(connection.isClosed);
        },
      );
    });
  }

  test('fails all that wait when the broker closes it, and every request after that', async () => {
    await withBroker(
      agreeing((socket) => socket.destroy()),
      async (open) => {
        const connection = await open();
        const waiting = [ask(connection), ask(connection)];
        for (const each of waiting) {
          await assert.rejects(each, { code: 'NETWORK_EXCEPTION', isRetriable: true });
        }
        await assert.rejects(ask(connection), { code: 'NETWORK_EXCEPTION' });
      },
    );
  });

  test('that is closed still sends what it was given without waiting for an answer', async () => {
    const arrived: number[] = [];
    await withBroker(
      agreeing((_socket, id) => arrived.push(id)),
      async (open) => {
        const connection = await open();
        const large = { ...heartbeat, memberId: 'm'.repeat(30_000) };
        for (let i = 0; i < 500; i++) connection.send(HeartbeatRequest, () => large);
        assert.ok(connection.unsentBytes > 0, 'more than the kernel takes at once');
        connection.close();
        await waitUntil('all of it to arrive', () => arrived.length === 500, { timeoutMs: 20_000 });
      },
    );
  });

  test('renews its login behind what is under way and before all else', async () => {
    const order: string[] = [];
    const broker = agreeing((socket, id) => {
      order.push(`broker got ${id}`);
      socket.write(beat(id));
    });
    await withBroker(broker, async (open) => {
      const connection = await open();
      let end: () => void = () => undefined;
      let slackMs = -1;
      const first = ask(connection);
      connection.renewLoginAt(0, async (slack) => {
        slackMs = slack;
        order.push('renewal begins');
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        order.push('renewal ends');
      });
      const held = [ask(connection), ask(connection)];
      assert.equal(connection.inFlight, 3);
      await first;
      assert.deepEqual(order, ['renewal begins', 'broker got 2']);
      end();
      await Promise.all(held);
      assert.deepEqual(order.slice(2), ['renewal ends', 'broker got 3', 'broker got 4']);
      assert.ok(slackMs >= 0);
    });
  });

  test('ends with the error of a login that can not be renewed, and so do those who wait', async () => {
    await withBroker(
      agreeing((socket, id) => socket.write(beat(id))),
      async (open) => {
        const connection = await open();
        const refused = new KafkaError('SASL_AUTHENTICATION_FAILED', 'the token is over');
        connection.renewLoginAt(0, () => Promise.reject(refused));
        const waiting = [ask(connection), ask(connection)];
        for (const each of waiting) {
          await assert.rejects(each, { code: 'SASL_AUTHENTICATION_FAILED', isRetriable: false });
        }
        assert.ok(connection.isClosed);
        await assert.rejects(ask(connection), { code: 'SASL_AUTHENTICATION_FAILED' });
      },
    );
  });

  test('keeps a deadline for each request and is closed by the first that passes', async () => {
    await withBroker(
      agreeing(() => undefined),
      async (open) => {
        const connection = await open();
        const patient = ask(connection, 60_000);
        await assert.rejects(ask(connection, 50), { code: 'REQUEST_TIMED_OUT', isRetriable: true });
        await assert.rejects(patient, { code: 'REQUEST_TIMED_OUT' });
      },
    );
  });

  test('to a port where nobody listens is a retriable error that names it', async () => {
    let port = 0;
    await withBroker(
      agreeing(() => undefined),
      async (open) => {
        port = (await open()).address.port;
      },
    );
    const servers = { 'bootstrap.servers': `127.0.0.1:${port}` };
    const options = linkOptions(servers);
    const signal = new AbortController().signal;
    await assert.rejects(openConnection(options, { host: '127.0.0.1', port }, 1000, signal), {
      code: 'NETWORK_EXCEPTION',
      message: new RegExp(`127\\.0\\.0\\.1:${port}.*ECONNREFUSED`),
    });
  });
});

function shortened(frame: Buffer): Buffer {
  const body = frame.subarray(4, frame.length - 2);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function lengthened(frame: Buffer): Buffer {
  const longer = Buffer.concat([frame, Buffer.alloc(3)]);
  longer.writeInt32BE(frame.length - 1, 0);
  return longer;
}
