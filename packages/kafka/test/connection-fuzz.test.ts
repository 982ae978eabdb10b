// Garbage from the network: it ends its connection with a named error, is tried again, and neither
// crashes nor fills the process. A seed that fails is named and replays.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { silentLogger } from '../src/logger.ts';
import { clusterOf, seeded } from './connection-clients.ts';
import { honest, honestAnswer, ScriptedServer } from './connection-scripted-server.ts';

const FIRST_SEED = Number(process.env['SLUICE_FUZZ_SEED'] ?? 1);
const RUNS = Number(process.env['SLUICE_FUZZ_RUNS'] ?? 240);

/** What is sent instead of an answer. */
type Garbage = (answer: Buffer, socket: Socket, random: () => number) => void;

const upTo = (random: () => number, max: number): number => Math.floor(random() * max);

const GARBAGE: Readonly<Record<string, Garbage>> = {
  'random bytes': (_answer, socket, random) => {
    const noise = Buffer.from(
      Array.from({ length: 1 + upTo(random, 200) }, () => upTo(random, 256)),
    );
    socket.end(noise);
  },
  'a truncated frame': (answer, socket, random) => {
    socket.end(answer.subarray(0, 1 + upTo(random, answer.length - 1)));
  },
  'a frame that is shorter than it was': (answer, socket, random) => {
    const short = Buffer.from(answer.subarray(0, 8 + upTo(random, answer.length - 8)));
    short.writeInt32BE(short.length - 4);
    socket.write(short);
  },
  'an absurd length': (answer, socket, random) => {
    const absurd = Buffer.from(answer);
    absurd.writeInt32BE([-1, 0, 3, 0x7fff_ffff, -0x8000_0000, 0x2000_0001][upTo(random, 6)] ?? -1);
    socket.write(absurd);
  },
  'a wrong correlation id': (answer, socket, random) => {
    const wrong = Buffer.from(answer);
    wrong.writeInt32BE((answer.readInt32BE(4) + 1 + upTo(random, 1000)) | 0, 4);
    socket.write(wrong);
  },
  'the answer twice': (answer, socket) => {
    socket.write(Buffer.concat([answer, answer]));
  },
  'a mutated body': (answer, socket, random) => {
    const mutated = Buffer.from(answer);
    for (let changes = 1 + upTo(random, 4); changes > 0; changes--) {
      mutated[8 + upTo(random, mutated.length - 8)] = upTo(random, 256);
    }
    socket.write(mutated);
  },
  'no answer but the end': (_answer, socket) => {
    socket.destroy();
  },
};

/** What has to be said of each kind, by an error or in the log; `null`: nothing. */
const EXPECTED: Readonly<Record<string, RegExp | null>> = {
  'random bytes': /because of what it sent|ended: |no answer within/,
  'a truncated frame': /ended: /,
  'a frame that is shorter than it was': /because of what it sent: .*(read|bytes)/,
  'an absurd length': /because of what it sent: .*claims to have -?\d+ bytes/,
  'a wrong correlation id': /because of what it sent: .*has the correlation id -?\d+, not \d+/,
  'the answer twice': null,
  'a mutated body': null,
  'no answer but the end': /ended: /,
};

const BRIEF = {
  'request.timeout.ms': '300',
  'retry.backoff.ms': '1',
  'reconnect.backoff.ms': '1',
  'reconnect.backoff.max.ms': '2',
  'socket.connection.setup.timeout.ms': '300',
  'socket.connection.setup.timeout.max.ms': '300',
};

describe('garbage from the network', () => {
  test(`is survived in ${RUNS} runs from seed ${FIRST_SEED} on`, { timeout: 120_000 }, async () => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): number => rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    const counts = new Map<string, number>();
    const codes = new Map<string, number>();
    try {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
        const kind = await oneRun(seed, codes).catch((error: unknown) => {
          throw new Error(`seed ${seed} fails`, { cause: error });
        });
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    } finally {
      process.off('unhandledRejection', onRejection);
    }
    assert.deepEqual(rejections, []);
    for (const kind of Object.keys(GARBAGE)) {
      if (RUNS >= 200) assert.ok((counts.get(kind) ?? 0) > 0, `${kind} never happened`);
    }
    if (RUNS >= 200) assert.ok((codes.get('INVALID_RESPONSE') ?? 0) > RUNS / 5, String([...codes]));
  });

  for (const nonsense of [
    { host: '127.0.0.1', port: 70_000 },
    { host: '127.0.0.1', port: -1 },
    { host: '', port: 9092 },
    { host: 'a\0b', port: 9092 },
    { host: 'x'.repeat(5000), port: 9092 },
  ]) {
    test(`about where a broker is: ${JSON.stringify(nonsense).slice(0, 40)}`, async () => {
      await using server = await ScriptedServer.start(honest());
      using cluster = clusterOf({ 'bootstrap.servers': server.address, ...BRIEF });
      const brokers = [{ nodeId: 1, rack: null, ...nonsense }];
      server.script = honest({ brokers });
      await cluster.refresh();
      await assert.rejects(cluster.connection(1), { code: 'NETWORK_EXCEPTION', isRetriable: true });
      // The list that the user gave helps on.
      server.script = honest();
      await cluster.refresh();
      await cluster.connection(1);
    });
  }

  test('that claims to be long takes no memory that did not arrive', async () => {
    await using server = await ScriptedServer.start((asked, socket, self) => {
      const answer = honestAnswer(asked, self);
      if (asked.apiKey === 18 && answer !== null) socket.write(answer);
      else socket.write(Buffer.from([0x1f, 0xff, 0xff, 0xff, 0, 0, 0, 1, 2, 3]));
    });
    const before = process.memoryUsage().arrayBuffers;
    const clusters = Array.from({ length: 20 }, () =>
      clusterOf({ 'bootstrap.servers': server.address, 'request.timeout.ms': '400' }),
    );
    const refreshes = clusters.map((cluster) =>
      assert.rejects(cluster.refresh(), { code: 'REQUEST_TIMED_OUT', isRetriable: true }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 64 * 1024 * 1024, `${grown} bytes for 20 claims of 512 MB`);
    await Promise.all(refreshes);
    for (const cluster of clusters) cluster[Symbol.dispose]();
  });

  test('before the login gets no more room than a login needs', async () => {
    await using server = await ScriptedServer.start((_asked, socket) => {
      socket.write(Buffer.from([0x01, 0, 0, 0, 0, 0, 0, 1]));
    });
    using cluster = clusterOf({ 'bootstrap.servers': server.address });
    await assert.rejects(cluster.refresh(), /claims to have 16777216 bytes/);
  });
});

/** One answer of a conversation is garbage, all others are as they should be. */
async function oneRun(seed: number, codes: Map<string, number>): Promise<string> {
  const random = seeded(seed);
  const kinds = Object.keys(GARBAGE);
  const kind = kinds[upTo(random, kinds.length)] ?? '';
  const victim = upTo(random, 3);
  let answered = 0;
  await using server = await ScriptedServer.start((asked, socket, self) => {
    const answer = honestAnswer(asked, self);
    if (answer === null) return;
    if (answered++ === victim) GARBAGE[kind]?.(answer, socket, random);
    else socket.write(answer);
  });
  const met: string[] = [];
  const tell = (text: string): number => met.push(text);
  const logger = { ...silentLogger, debug: tell, warn: tell };
  using cluster = clusterOf(
    {
      'bootstrap.servers': server.address,
      ...BRIEF,
    },
    { random, logger },
  );
  // Two calls beyond the garbage: what it said, where it was believed, is acted on.
  for (let tries = 0, beyond = 0; tries < 10 && beyond < 3; tries++) {
    const error = await attempt(cluster.refresh());
    if (answered > victim) beyond++;
    if (error === null) continue;
    met.push(`${error.code}: ${error.message}`);
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    assert.notEqual(error.code, 'CLIENT_FAULT', error.message);
    // A body that still decodes may say anything, also what is not worth a second try.
    if (kind !== 'a mutated body') assert.ok(error.isRetriable, `${error.code}: ${error.message}`);
  }
  const expected = EXPECTED[kind] ?? null;
  if (expected !== null)
    assert.ok(
      met.some((text) => expected.test(text)),
      met.join('\n'),
    );
  if (kind !== 'a mutated body') {
    assert.equal(await attempt(cluster.refresh()), null);
    assert.equal(cluster.metadata.clusterId, 'scripted');
  }
  return kind;
}

async function attempt(work: Promise<void>): Promise<KafkaError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}
