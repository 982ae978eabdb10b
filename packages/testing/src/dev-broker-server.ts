import type { Logger } from '@sluice/api';
import { makeTempDir, type TempDir } from './temp-dir.ts';

/** What {@link DevBrokerServer} holds: the part of the dev broker's own handle that is needed here. */
interface DevBrokerHandle extends AsyncDisposable {
  readonly port: number;
  readonly bootstrapServers: string;
  close(): Promise<void>;
}

const QUIET: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Sluice's own dev broker, in this process, with a data folder that lives as long as this object. */
export class DevBrokerServer implements AsyncDisposable {
  readonly dataDir: string;
  readonly #dir: TempDir;
  #handle: DevBrokerHandle | null = null;
  #port = 0;

  constructor(dir: TempDir) {
    this.#dir = dir;
    this.dataDir = dir.join('data');
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.#port}`;
  }
  /** Starts the broker; on the same port and data when it has run before. */
  async start(): Promise<void> {
    if (this.#handle !== null) return;
    // Loaded when needed: most tests of most packages want no broker.
    const { startDevBroker } = await import('@sluice/dev-broker');
    this.#handle = await startDevBroker({
      dataDir: this.dataDir,
      port: this.#port,
      host: '127.0.0.1',
      logger: QUIET,
    });
    this.#port = this.#handle.port;
  }
  async stop(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
  }
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** Starts the dev broker in this process on a free port, with an empty data folder. */
export async function startDevBrokerForTest(): Promise<DevBrokerServer> {
  const broker = new DevBrokerServer(await makeTempDir('dev-broker'));
  try {
    await broker.start();
    return broker;
  } catch (error) {
    await broker[Symbol.asyncDispose]();
    throw error;
  }
}
