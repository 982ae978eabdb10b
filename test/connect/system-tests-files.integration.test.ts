/** What Kafka's system tests read of a worker's files: the facts L1 to L13, of a standalone worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipReason, startKafka, waitUntil, type KafkaCluster } from '@sluice/testing';
import { START_STOP_MS_MAX, SystemTestWorker } from './support/system-test-worker.ts';

const SUITE = "a worker's files, as the system tests read them";
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const TOOLS = 'org.apache.kafka.connect.tools';
const SOURCE = {
  name: 'verifiable-source',
  'connector.class': `${TOOLS}.VerifiableSourceConnector`,
  'tasks.max': '1',
  topic: 'verifiable',
  throughput: '100',
};
const SINK = {
  name: 'verifiable-sink',
  'connector.class': `${TOOLS}.VerifiableSinkConnector`,
  'tasks.max': '1',
  topics: 'verifiable',
};

type Message = Readonly<Record<string, unknown>>;

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let kafka: KafkaCluster;
  let worker: SystemTestWorker;
  before(async () => {
    kafka = await startKafka();
    worker = await SystemTestWorker.create({
      bootstrapServers: kafka.bootstrapServers,
      worker: { 'key.converter': JSON_CONVERTER, 'value.converter': JSON_CONVERTER },
      connectors: [SOURCE, SINK],
    });
    await worker.startAndListen();
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await kafka?.[Symbol.asyncDispose]();
  });

  /** The lines of standard output that are JSON, as `VerifiableConnector.messages` reads them. */
  const messages = async (): Promise<readonly Message[]> =>
    (await worker.read('connect.stdout')).split('\n').slice(0, -1).flatMap(messageIn);
  const flushedAtLeast = (count: number): Promise<readonly Message[]> =>
    waitUntil(
      `${count} flushed records`,
      async () => {
        const all = await messages();
        return all.filter(isFlushed).length >= count ? all : null;
      },
      { timeoutMs: START_STOP_MS_MAX, onTimeout: () => `see ${worker.dir.path}` },
    );

  test('S-L5 "Kafka version" is logged', async () => {
    assert.match(await worker.logHas('Kafka version'), /INFO Kafka version: 4\.3\.1/);
  });

  test('S-L8 the level of the log is that of the file', async () => {
    assert.match(await worker.read('connect.log'), / INFO /);
    assert.doesNotMatch(await worker.read('connect.log'), / (DEBUG|TRACE) /);
    await using other = await SystemTestWorker.create({
      bootstrapServers: kafka.bootstrapServers,
      rootLevel: 'DEBUG',
    });
    await other.startAndListen();
    assert.equal(await rootLevel(worker), 'INFO');
    assert.equal(await rootLevel(other), 'DEBUG');
  });

  test('S-L9 standard output holds no JSON but the lines of the Verifiable connectors', async () => {
    await flushedAtLeast(50);
    const all = await messages();
    assert.deepEqual(new Set(all.map(({ name }) => name)), new Set([SINK.name, SOURCE.name]));
    assert.equal(await worker.read('connect.stderr'), '');
  });

  test('S-L10 S-C3 the source prints each record when it is polled, and again once acknowledged', async () => {
    const own = (await flushedAtLeast(50)).filter(({ name }) => name === SOURCE.name);
    const sent = own.filter((line) => !('committed' in line));
    const committed = own.filter((line) => 'committed' in line);
    for (const [i, line] of sent.entries()) {
      const { time_ms: timeMs, ...rest } = line;
      assert.ok(Number.isInteger(timeMs));
      assert.deepEqual(rest, { name: SOURCE.name, task: 0, topic: SOURCE.topic, seqno: i });
    }
    for (const [i, line] of committed.entries())
      assert.deepEqual(without(line, 'time_ms'), {
        ...without(sent[i] ?? {}, 'time_ms'),
        committed: true,
      });
    assert.ok(committed.length >= 50 && committed.length <= sent.length);
  });

  test('S-L11 S-C4 the sink prints each record when it is put, and again once flushed', async () => {
    const own = (await flushedAtLeast(50)).filter(({ name }) => name === SINK.name);
    const received = own.filter((line) => !isFlushed(line));
    for (const [i, line] of received.entries()) {
      const { time_ms: timeMs, ...rest } = line;
      assert.ok(Number.isInteger(timeMs));
      const place = { topic: SINK.topics, seqno: i, offset: i };
      assert.deepEqual(rest, { name: SINK.name, task: 0, sinkTask: 0, ...place });
    }
    const flushed = own.filter(isFlushed);
    for (const [i, line] of flushed.entries())
      assert.deepEqual(without(line, 'time_ms'), {
        ...without(received[i] ?? {}, 'time_ms'),
        flushed: true,
      });
    assert.ok(flushed.length >= 50 && flushed.length <= received.length);
  });

  test('S-L1 S-L2 S-W4 over a clean restart log and output are appended to, found by grep behind an offset', async () => {
    const before = {
      log: await worker.read('connect.log'),
      stdout: await worker.read('connect.stdout'),
    };
    const offset = await worker.logSize();
    await worker.stop();
    await worker.logHas('Kafka Connect stopped', offset);
    const stopped = await worker.logSize();
    await worker.startAndListen();
    await worker.logHas('Kafka version', stopped);
    await worker.logHas('Created connector verifiable-sink', stopped);
    const flushedBefore = (await messages()).filter(isFlushed).length;
    await flushedAtLeast(flushedBefore + 50);
    assert.ok((await worker.read('connect.log')).startsWith(before.log));
    assert.ok((await worker.read('connect.stdout')).startsWith(before.stdout));
  });

  test('S-L12 S-L13 after SIGKILL the files hold all that was told before: no gap, and no doubles from before', async () => {
    const all = await flushedAtLeast(100);
    await worker.stop('SIGKILL');
    const text = await worker.read('connect.stdout');
    assert.ok(text.endsWith('\n'), 'no line is torn');
    const after = await messages();
    assert.deepEqual(after.slice(0, all.length), all);
    // The restart before was a clean one: every record once, on both sides.
    for (const wanted of [
      (line: Message) => line['committed'] === true,
      (line: Message) => isFlushed(line),
    ]) {
      const numbers = after.filter(wanted).map(({ seqno }) => seqno);
      assert.deepEqual(
        numbers,
        numbers.map((_, i) => i),
      );
    }
    for (const name of ['connect.log', 'connect.stdout'])
      assert.notEqual(await worker.read(name), '');
    assert.equal(await worker.read('connect.stderr'), '');
  });
});

async function rootLevel({ restUrl }: SystemTestWorker): Promise<unknown> {
  const answer = await fetch(`${restUrl}/admin/loggers/root`);
  const logger: unknown = JSON.parse(await answer.text());
  return Reflect.get(Object(logger), 'level');
}

/** As the system tests read a line: JSON has to be an object with a name. */
function messageIn(line: string): readonly Message[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A line of another kind.
    return [];
  }
  assert.ok(typeof value === 'object' && value !== null && 'name' in value, line);
  return [{ ...value }];
}

function isFlushed(line: Message): boolean {
  return line['flushed'] === true;
}

function without(line: Message, key: string): Message {
  return Object.fromEntries(Object.entries(line).filter(([each]) => each !== key));
}
