/** What Kafka's system tests see of a worker's process: the facts P1 to P9, of a standalone worker. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFile, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  kcat,
  OwnedProcess,
  skipReason,
  startKafka,
  waitUntil,
  type KafkaCluster,
} from '@sluice/testing';
import { isAlive, START_STOP_MS_MAX, SystemTestWorker } from './support/system-test-worker.ts';

const SUITE = "a worker's process, as the system tests see it";
const SOURCE = {
  name: 'local-file-source',
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  'tasks.max': '1',
  topic: 'process-lines',
  file: '${DIR}/connect.input',
};
const SINK = {
  name: 'local-file-sink',
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  'tasks.max': '1',
  topics: 'process-lines',
  file: '${DIR}/connect.output',
};

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let kafka: KafkaCluster;
  let worker: SystemTestWorker;
  let pid = 0;
  before(async () => {
    kafka = await startKafka();
    worker = await SystemTestWorker.create({
      bootstrapServers: kafka.bootstrapServers,
      worker: { 'rest.advertised.host.name': 'worker.example' },
      connectors: [SOURCE, SINK],
    });
    await writeFile(worker.dir.join('connect.input'), 'first\n');
    pid = await worker.startAndListen();
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await kafka?.[Symbol.asyncDispose]();
  });

  const copied = async (text: string): Promise<void> => {
    const wanted = async (): Promise<boolean> => (await worker.read('connect.output')) === text;
    await waitUntil(`${text} in the output`, wanted, { timeoutMs: START_STOP_MS_MAX });
  };
  const lines = (): Promise<string> =>
    kcat(['-b', kafka.bootstrapServers, '-C', '-t', SOURCE.topic, '-o', 'beginning', '-e', '-q']);

  test('S-P1 worker file and connector files are given by absolute paths, nothing else', async () => {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    assert.deepEqual(command.slice(-worker.arguments.length), worker.arguments);
    assert.ok(worker.arguments.slice(1).every((argument) => path.isAbsolute(argument)));
    await copied('first\n');
  });

  test('S-P2 the process id in the file is that of the worker itself, without a launcher', async () => {
    assert.deepEqual(await worker.processes(), [pid]);
    assert.match(path.basename(await readlink(`/proc/${pid}/exe`)), /^node/);
    // It is this very process that listens.
    assert.ok((await listenersOf(pid)).includes(Number(new URL(worker.restUrl).port)));
  });

  test('S-P3 the file holds a number right after the start', async () => {
    await using other = await SystemTestWorker.create({ bootstrapServers: '127.0.0.1:1' });
    const started = await other.start();
    assert.ok(await isAlive(started));
  });

  test('S-P4 the variables of a Java worker are honoured or tolerated', async () => {
    const log = await worker.read('connect.log');
    assert.match(log, /Kafka Connect started/);
    assert.doesNotMatch(log, /KAFKA_OPTS|HeapDump|CLASSPATH|ERROR/);
    assert.equal(await worker.read('connect.stderr'), '');
  });

  test('S-P7 ps shows "connect" in its command line', () => {
    const { stdout } = spawnSync('sh', ['-c', 'ps ax | grep -i connect'], { encoding: 'utf8' });
    const own = stdout.split('\n').find((line) => line.trim().startsWith(`${pid} `));
    assert.match(own ?? '', /\/connect\.properties/);
  });

  test('S-P8 it is taken for no broker', () => {
    const { stdout } = spawnSync('sh', ['-c', 'ps ax | grep kafka.Kafka'], { encoding: 'utf8' });
    const found = stdout.split('\n').map((line) => Number.parseInt(line, 10));
    assert.ok(found.includes(kafka.nodes[0]?.pid ?? 0), stdout);
    assert.ok(!found.includes(pid), stdout);
  });

  test('S-W1 comments, blank lines, blanks around = and a last line without end', async () => {
    // The advertised name stands in the last line of the file.
    const file = await worker.read('connect.properties');
    assert.match(
      file,
      /^#.*\n\n[\s\S]*\n\n#.*\n[\s\S]*\nrest\.advertised\.host\.name = worker\.example$/,
    );
    const answer = await fetch(`${worker.restUrl}/connectors/local-file-source/status`);
    const port = new URL(worker.restUrl).port;
    assert.match(await answer.text(), new RegExp(`"worker_id":"worker\\.example:${port}"`));
  });

  test('S-P5 SIGTERM stops it cleanly: port and files are free, nothing is lost or doubled', async () => {
    await worker.stop();
    assert.deepEqual(await worker.processes(), []);
    await freeAgain(Number(new URL(worker.restUrl).port));
    assert.match(await worker.read('connect.log'), /Kafka Connect stopped/);
    await appendFile(worker.dir.join('connect.input'), 'second\n');
    pid = await worker.startAndListen();
    await copied('first\nsecond\n');
    assert.equal(await lines(), 'first\nsecond\n');
  });

  test('S-P5 S-P6 SIGKILL to the process alone leaves nothing behind, and the next start works at once', async () => {
    await worker.stop('SIGKILL');
    assert.deepEqual(await worker.processes(), []);
    const killed = pid;
    await appendFile(worker.dir.join('connect.input'), 'third\n');
    pid = await worker.startAndListen();
    assert.notEqual(pid, killed);
    // What was not committed may come twice; nothing is left out.
    await waitUntil(
      'the third line in the topic',
      async () => /^(first\n)+(second\n)+(third\n)$/.test(await lines()),
      { timeoutMs: START_STOP_MS_MAX },
    );
  });

  test('S-P9 a worker that cannot start ends by itself', async () => {
    await using other = await SystemTestWorker.create({
      bootstrapServers: kafka.bootstrapServers,
      worker: { 'key.converter': 'com.example.NotThere' },
    });
    const started = await other.start();
    await waitUntil('it to end', async () => !(await isAlive(started)), {
      timeoutMs: START_STOP_MS_MAX,
    });
    assert.deepEqual(await other.processes(), []);
    assert.match(await other.read('connect.log'), /com\.example\.NotThere/);
  });

  test('as process 1, as in a container, SIGTERM ends it within its limit', async (t) => {
    const isolated = ['--pid', '--fork', '--mount-proc', '--kill-child'];
    const tried = spawnSync('unshare', [...isolated, 'true'], { encoding: 'utf8' });
    if (tried.status !== 0) {
      const why = tried.error?.message ?? tried.stderr.trim();
      process.stderr.write(`NOT TESTED: a worker as process 1 (unshare --pid: ${why})\n`);
      t.skip(`no process namespace can be made here: ${why}`);
      return;
    }
    await worker.stop();
    const script = new URL('../../packages/cli/bin/sluice', import.meta.url).pathname;
    await using namespace = await OwnedProcess.start({
      what: 'sluice as process 1',
      command: 'unshare',
      args: [...isolated, script, ...worker.arguments],
      env: { ...worker.environment, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
    });
    const offset = await worker.logSize();
    await worker.logHas('Kafka Connect started', offset);
    const inside = await readFile(`/proc/${namespace.pid}/task/${namespace.pid}/children`, 'utf8');
    const host = Number.parseInt(inside, 10);
    assert.match(await readFile(`/proc/${host}/status`, 'utf8'), /^NSpid:\t\d+\t1$/m);
    process.kill(host, 'SIGTERM');
    const { code } = await namespace.exited;
    assert.equal(code, 0);
    await worker.logHas('Kafka Connect stopped', offset);
  });
});

/** The TCP ports on which a process listens. */
async function listenersOf(pid: number): Promise<readonly number[]> {
  const inodes = new Set<string>();
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const ports: number[] = [];
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [, local = '', , state, , , , , , inode = ''] = fields;
      if (state === LISTEN && inodes.has(inode))
        ports.push(Number.parseInt(local.split(':').at(-1) ?? '', 16));
    }
  }
  return ports;
}

/** As `/proc/net/tcp` writes the state of a socket that listens. */
const LISTEN = '0A';

/** Binds a port and lets it go. @throws Error when somebody has it */
async function freeAgain(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = createServer().once('error', reject);
  server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  await promise;
}
