import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, javaCommand, kafkaClassPath, OwnedProcess } from '@sluice/testing';
import { costOf, type ProcessCost } from '../measure/process-cost.ts';

/** One of the two that are compared. */
export type WorkerKind = 'Sluice' | 'Java';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
/** As the script `packages/cli/bin/sluice` starts it. */
const NODE_FLAGS = ['--max-semi-space-size=2'];
/** As the scripts of Apache Kafka start it. */
const JAVA_FLAGS = ['-Xms256M', '-Xmx2G', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'];
const STANDALONE = 'org.apache.kafka.connect.cli.ConnectStandalone';
const LOOK_EVERY_MS = 3;
const START_MS_MAX = 120_000;
const CREATED = 201;

/** A standalone worker of either side without connectors, and its REST. */
export class RestWorker implements AsyncDisposable {
  /** From exec to `GET /` answering, in milliseconds. */
  readonly startMs: number;
  readonly #process: OwnedProcess;
  readonly #url: string;

  private constructor(process: OwnedProcess, url: string, startMs: number) {
    this.#process = process;
    this.#url = url;
    this.startMs = startMs;
  }

  /** @param folder where its files go; they may be shared by several workers */
  static async start(
    kind: WorkerKind,
    bootstrapServers: string,
    folder: string,
  ): Promise<RestWorker> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const file = path.join(folder, `worker-${port}.properties`);
    await writeFile(
      file,
      [
        `bootstrap.servers=${bootstrapServers}`,
        'key.converter=org.apache.kafka.connect.storage.StringConverter',
        'value.converter=org.apache.kafka.connect.storage.StringConverter',
        `offset.storage.file.filename=${path.join(folder, `offsets-${port}`)}`,
        `listeners=${url}`,
      ].join('\n'),
    );
    const startedMs = performance.now();
    const process = await (kind === 'Java' ? startJava(file) : startSluice(file));
    while (!(await answers(url))) {
      if (!process.isRunning || performance.now() - startedMs > START_MS_MAX)
        throw new Error(`${kind} does not answer: ${process.outputTail()}`);
      await sleep(LOOK_EVERY_MS);
    }
    return new RestWorker(process, url, performance.now() - startedMs);
  }

  cost(): ProcessCost {
    return costOf(this.#process.pid);
  }

  /** Creates a connector and waits for nothing but the answer. */
  async create(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    const answer = await fetch(`${this.#url}/connectors`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, config }),
    });
    const text = await answer.text();
    if (answer.status !== CREATED) throw new Error(`${name}: ${answer.status} ${text}`);
  }

  /** Waits until so many connectors with so many tasks in all are RUNNING. */
  async running(connectors: number, tasks: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const answer = await fetch(`${this.#url}/connectors?expand=status`);
      const all = statusesOf(await answer.json());
      const up = all.filter((each) => each === 'RUNNING').length;
      if (up === connectors + tasks && all.length === up) return;
      if (all.includes('FAILED')) throw new Error(this.#process.outputTail());
      if (performance.now() > deadline)
        throw new Error(`${up} of ${connectors + tasks} are running`);
      await sleep(LOOK_EVERY_MS * 10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What is measured is over: nobody waits for a thousand tasks to stop.
    await this.#process.kill();
    await this.#process[Symbol.asyncDispose]();
  }
}

/** The states of all connectors and tasks. */
function statusesOf(body: unknown): readonly string[] {
  return [...JSON.stringify(body).matchAll(/"state":"([A-Z]+)"/g)].map(([, state = '']) => state);
}

function startSluice(file: string): Promise<OwnedProcess> {
  return OwnedProcess.start({
    what: 'Sluice',
    command: process.execPath,
    args: [...NODE_FLAGS, MAIN, 'standalone', file],
    env: { NODE_OPTIONS: undefined },
  });
}

async function startJava(file: string): Promise<OwnedProcess> {
  return OwnedProcess.start({
    what: 'connect-standalone',
    command: javaCommand(),
    args: [...JAVA_FLAGS, '-cp', await kafkaClassPath(), STANDALONE, file],
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/`);
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
