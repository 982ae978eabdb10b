import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort, makeTempDir, waitUntil, type TempDir } from '@sluice/testing';

type Props = Readonly<Record<string, string>>;

/** How a worker of the system tests differs from the plain one. */
export interface SystemTestWorkerOptions {
  readonly bootstrapServers: string;
  /** Added to the worker's file. */
  readonly worker?: Props;
  /** One file each, `connect-connector-N.properties`; they may name files by `${DIR}`. */
  readonly connectors?: readonly Props[];
  /** `connect-external-configs.properties`. */
  readonly external?: Props;
  /** Of the log's root; the system tests' file says INFO for standalone workers. */
  readonly rootLevel?: 'INFO' | 'DEBUG';
}

const SLUICE = fileURLToPath(new URL('../../../packages/cli/bin/sluice', import.meta.url));
/** Where the Verifiable and Mock connectors are: put on `plugin.path`. */
export const TEST_CONNECTORS = fileURLToPath(
  new URL('../../../packages/testing/java-connectors', import.meta.url),
);
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
/** What the system tests allow for each start and each clean stop. */
export const START_STOP_MS_MAX = 60_000;
/** Tells this worker's processes from all others: an environment variable that children inherit. */
const MARK = 'SLUICE_SYSTEM_TEST';

/**
 * A standalone worker, started and stopped as Kafka's system tests do it with a worker of Java's: by a
 * subshell that writes the process id to a file and is gone, with everything in one folder.
 */
export class SystemTestWorker implements AsyncDisposable {
  readonly dir: TempDir;
  readonly restUrl: string;
  readonly #mark = randomUUID();
  readonly #connectorFiles: readonly string[];

  private constructor(dir: TempDir, restUrl: string, connectorFiles: readonly string[]) {
    this.dir = dir;
    this.restUrl = restUrl;
    this.#connectorFiles = connectorFiles;
  }

  /** Writes its files, in the forms that the system tests' templates have. */
  static async create(options: SystemTestWorkerOptions): Promise<SystemTestWorker> {
    // The name is part of the command line, by which the system tests find what was left behind.
    const dir = await makeTempDir('mnt-connect');
    const restUrl = `http://127.0.0.1:${await freePort()}`;
    const text = workerText({
      'bootstrap.servers': options.bootstrapServers,
      'key.converter': STRING,
      'value.converter': STRING,
      'offset.storage.file.filename': dir.join('connect.offsets'),
      'offset.flush.interval.ms': '1000',
      'plugin.discovery': 'service_load',
      'plugin.path': TEST_CONNECTORS,
      'config.providers': 'file',
      'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
      listeners: restUrl,
      ...options.worker,
    });
    await writeFile(dir.join('connect.properties'), text);
    const external = Object.entries(options.external ?? {});
    await writeFile(
      dir.join('connect-external-configs.properties'),
      external.map(([key, value]) => `${key}=${value}\n`).join(''),
    );
    await writeFile(
      dir.join('connect-log4j.properties'),
      `log4j.rootLogger = ${options.rootLevel ?? 'INFO'}, FILE\n\n` +
        'log4j.appender.FILE=org.apache.log4j.FileAppender\n' +
        `log4j.appender.FILE.File=${dir.join('connect.log')}\n` +
        'log4j.appender.FILE.ImmediateFlush=true\nlog4j.appender.FILE.Append=true\n',
    );
    const files: string[] = [];
    for (const [i, props] of (options.connectors ?? []).entries()) {
      const file = dir.join(`connect-connector-${i}.properties`);
      await writeFile(file, workerText(props).replaceAll('${DIR}', dir.path));
      files.push(file);
    }
    return new SystemTestWorker(dir, restUrl, files);
  }

  /** The command line behind the program's name. */
  get arguments(): readonly string[] {
    return ['standalone', this.dir.join('connect.properties'), ...this.#connectorFiles];
  }

  /** Java's variables as the system tests set them. */
  get environment(): Props {
    return {
      KAFKA_LOG4J_OPTS: `-Dlog4j.configuration=file:${this.dir.join('connect-log4j.properties')}`,
      KAFKA_OPTS:
        '-XX:+HeapDumpOnOutOfMemoryError ' +
        `-XX:HeapDumpPath=${this.dir.join('connect_heap_dump.bin')}`,
      CLASSPATH: ':/opt/kafka/libs/connect-file-4.3.1.jar:/opt/kafka/libs/connect-test-plugins.jar',
    };
  }

  /** Starts it in the background of a shell that ends at once, and answers its process id. */
  async start(): Promise<number> {
    const quoted = [SLUICE, ...this.arguments].map((part) => `'${part}'`).join(' ');
    const [out, err, pid] = ['connect.stdout', 'connect.stderr', 'connect.pid'].map(
      (name) => `'${this.dir.join(name)}'`,
    );
    const script = `( ${quoted} & echo $! >&3 ) 1>> ${out} 2>> ${err} 3> ${pid}`;
    const { status } = spawnSync('/bin/sh', ['-c', script], {
      env: {
        ...process.env,
        NODE_TEST_CONTEXT: undefined,
        NODE_OPTIONS: undefined,
        [MARK]: this.#mark,
        ...this.environment,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`The shell that starts the worker ended with ${status}`);
    return this.pid();
  }

  /** Starts it and waits until REST answers, as the system tests do: refused or 404 means not yet. */
  async startAndListen(): Promise<number> {
    const pid = await this.start();
    const onTimeout = (): string => `see ${this.dir.join('connect.log')}`;
    await waitUntil(
      `${this.restUrl} to list connectors`,
      async () => {
        const answer = await fetch(`${this.restUrl}/connectors`);
        await answer.body?.cancel();
        return answer.status === 200;
      },
      { timeoutMs: START_STOP_MS_MAX, onTimeout },
    );
    return pid;
  }

  /** What the file says. @throws Error when it says no number */
  async pid(): Promise<number> {
    const text = (await this.read('connect.pid')).trim();
    if (!/^\d+$/.test(text)) throw new Error(`connect.pid holds "${text}"`);
    return Number(text);
  }

  /** A file of its folder; empty when it is not there. */
  async read(name: string): Promise<string> {
    return readFile(this.dir.join(name), 'utf8').catch(() => '');
  }

  async logSize(): Promise<number> {
    const found = await stat(this.dir.join('connect.log')).catch(() => null);
    return found?.size ?? 0;
  }

  /** Waits for a text in a line of the log behind an offset, as the system tests wait. */
  async logHas(text: string, offset = 0): Promise<string> {
    return waitUntil(
      `"${text}" in connect.log behind ${offset}`,
      async () => {
        const bytes = await readFile(this.dir.join('connect.log')).catch(() => Buffer.alloc(0));
        const lines = bytes.subarray(offset).toString('utf8').split('\n');
        return lines.find((line) => line.includes(text));
      },
      { timeoutMs: START_STOP_MS_MAX },
    );
  }

  /** The process ids of the worker and of all that it started. */
  async processes(): Promise<readonly number[]> {
    const found: number[] = [];
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name) || !(await isAlive(Number(name)))) continue;
      const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
      if (environment.includes(`${MARK}=${this.#mark}`)) found.push(Number(name));
    }
    return found;
  }

  /** SIGTERM (or SIGKILL) to the process of the file, and waits until it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const pid = await this.pid();
    process.kill(pid, signal);
    await waitUntil(`the worker ${pid} to be gone`, async () => !(await isAlive(pid)), {
      timeoutMs: START_STOP_MS_MAX,
    });
  }

  /** Ends whatever of it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of await this.processes()) process.kill(pid, 'SIGKILL');
    await waitUntil('all to be gone', async () => (await this.processes()).length === 0);
    await this.dir[Symbol.asyncDispose]();
  }
}

/** Whether a process runs. One that is dead and that nobody has asked about yet does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (text === null) return false;
  const state = text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
  return state !== 'Z' && state !== 'X';
}

/** With comments, blank lines, blanks around `=` and no newline at the end, as the templates have it. */
function workerText(props: Props): string {
  const [first, ...others] = Object.entries(props).map(([key, value]) => `${key} = ${value}`);
  return `# Licensed to nobody\n\n${[first, '', '# more', ...others].join('\n')}`;
}
