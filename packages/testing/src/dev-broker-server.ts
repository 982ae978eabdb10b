import type { DevBroker } from '@sluice/dev-broker';
import { makeTempDir, type TempDir } from './temp-dir.ts';

/** Sluice's own dev broker, in this process, with a data folder that lives as long as this object. */
export class DevBrokerServer implements AsyncDisposable {
  readonly dataDir: string;
  readonly #dir: TempDir;
  #broker: DevBroker | null = null;
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
    if (this.#broker !== null) return;
    // Loaded when needed: most tests of most packages want no broker.
    const { startDevBroker } = await import('@sluice/dev-broker');
    const broker = await startDevBroker({ dataDir: this.dataDir, port: this.#port });
    this.#broker = broker;
    this.#port = broker.port;
  }
  async stop(): Promise<void> {
    await this.#broker?.close();
    this.#broker = null;
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
