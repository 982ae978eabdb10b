import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { kafkaClusterId } from './kafka-cluster-id.ts';

const SILENT = (): void => undefined;

test('of brokers that never answer it is told that, not which keys of the worker are no client’s', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', SILENT)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const warn = (line: string): void => void lines.push(line);
  const logger: Logger = { trace: SILENT, debug: SILENT, info: SILENT, warn, error: SILENT };
  const asked = kafkaClusterId({
    props: {
      'bootstrap.servers': `127.0.0.1:${port}`,
      'default.api.timeout.ms': '700',
      'key.converter': 'JsonConverter',
      'sluice.watchdog.stall.ms': '1000',
    },
    propsFile: 'worker.properties',
    origins: new Map(),
    logger,
    signal: new AbortController().signal,
    reportEveryMs: 50,
  });
  try {
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^Failed to connect to and describe Kafka cluster\./);
      assert.doesNotMatch(error.message, /was given the key/);
      return true;
    });
    assert.match(
      lines[0] ?? '',
      /^No broker has answered at bootstrap\.servers=127\.0\.0\.1:\d+ for /,
    );
    assert.doesNotMatch(lines.join(), /was given the key/);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
