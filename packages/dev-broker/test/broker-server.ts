import path from 'node:path';
import { HopelessError, makeTempDir, OwnedProcess, type TempDir, waitUntil } from '@sluice/testing';

/** A broker in a process of its own, which can be killed and started again on its port and data. */
export class BrokerServer implements AsyncDisposable {
  readonly #dir: TempDir;
  readonly #configs: readonly string[];
  #process: OwnedProcess | null = null;
  #port = 0;

  private constructor(dir: TempDir, configs: readonly string[]) {
    this.#dir = dir;
    this.#configs = configs;
  }

  /** `configs`: broker configs as `key=value`. */
  static async start(...configs: readonly string[]): Promise<BrokerServer> {
    const server = new BrokerServer(await makeTempDir('broker-server'), configs);
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }
  get bootstrapServers(): string {
    return `127.0.0.1:${this.#port}`;
  }
  get dataDir(): string {
    return this.#dir.join('data');
  }
  /** What the broker complained of since its last start. */
  get complaints(): string {
    return this.#process?.stderr ?? '';
  }
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async start(): Promise<void> {
    const script = path.join(import.meta.dirname, 'broker-process.ts');
    const started = await OwnedProcess.start({
      what: 'the dev broker',
      command: process.execPath,
      args: [
        '--conditions=@sluice/source',
        script,
        this.dataDir,
        String(this.#port),
        ...this.#configs,
      ],
    });
    this.#process = started;
    this.#port = await waitUntil(
      'the dev broker to be ready',
      () => {
        if (!started.isRunning) throw new HopelessError(`it ended:\n${started.output}`);
        return Number(/^ready (\d+)$/m.exec(started.stdout)?.[1] ?? 0) || null;
      },
      { intervalMs: 10, onTimeout: () => started.outputTail() },
    );
  }

  /** SIGKILL: no time to put anything on the disk. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#dir[Symbol.asyncDispose]();
  }
}
