import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from './free-port.ts';
import { startJava } from './java-process.ts';
import { KAFKA_VERSION } from './kafka-jars.ts';
import { aliveBrokers } from './metadata-probe.ts';
import type { OwnedProcess } from './owned-process.ts';
import { propertiesText } from './server-files.ts';
import { makeTempDir, type TempDir } from './temp-dir.ts';
import { HopelessError, waitUntil } from './wait-until.ts';

/** What to start. */
export interface KafkaOptions {
  /** Brokers, each of them a controller too. Default 1. */
  readonly nodes?: 1 | 3;
  /** Added to, or put in place of, the launcher's own server properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** One running (or stopped) broker of a {@link KafkaCluster}. Its port and data stay over restarts. */
export class KafkaNode {
  readonly id: number;
  readonly port: number;
  readonly #folder: string;
  #process: OwnedProcess | null = null;

  constructor(id: number, port: number, folder: string) {
    this.id = id;
    this.port = port;
    this.#folder = folder;
  }

  get what(): string {
    return `Apache Kafka ${KAFKA_VERSION}, node ${this.id}`;
  }
  get isRunning(): boolean {
    return this.#process?.isRunning ?? false;
  }
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }
  /** What the broker logged since its last start. */
  get output(): string {
    return this.#process?.output ?? '';
  }
  /** The last lines of {@link output}, for error texts. */
  outputTail(): string {
    return this.#process?.outputTail() ?? '';
  }

  /** Starts the process; {@link KafkaCluster.ready} waits until it serves. */
  async start(): Promise<void> {
    if (this.isRunning) return;
    this.#process = await startJava({
      what: this.what,
      mainClass: 'kafka.Kafka',
      args: [path.join(this.#folder, 'server.properties')],
      heapMb: BROKER_HEAP_MB,
      logConfigDir: this.#folder,
      cwd: this.#folder,
    });
  }
  /** SIGTERM, as an operator would, and wait until it is gone. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }
  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }
  /** SIGSTOP: connections stay open, nothing is answered. */
  pause(): void {
    this.#process?.pause();
  }
  resume(): void {
    this.#process?.resume();
  }
}

/** Apache Kafka in KRaft mode on free ports of 127.0.0.1, with data of its own. */
export class KafkaCluster implements AsyncDisposable {
  readonly nodes: readonly KafkaNode[];
  readonly clusterId: string;
  readonly #dir: TempDir;

  constructor(nodes: readonly KafkaNode[], clusterId: string, dir: TempDir) {
    this.nodes = nodes;
    this.clusterId = clusterId;
    this.#dir = dir;
  }

  /** `host:port`, comma-separated. */
  get bootstrapServers(): string {
    return this.nodes.map((node) => `127.0.0.1:${node.port}`).join(',');
  }
  /** Waits until every node sees every node alive. */
  async ready(): Promise<void> {
    for (const node of this.nodes) {
      await waitUntil(`${node.what} to serve`, () => this.#serves(node), {
        timeoutMs: READY_TIMEOUT_MS,
        onTimeout: () => node.outputTail(),
      });
    }
  }
  /** Starts the nodes that are not running and waits until all serve. */
  async start(): Promise<void> {
    for (const node of this.nodes) await node.start();
    await this.ready();
  }
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }
  /** Clean stop, same ports, same data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
  pause(): void {
    for (const node of this.nodes) node.pause();
  }
  resume(): void {
    for (const node of this.nodes) node.resume();
  }
  /** Kills all nodes and removes their data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#dir[Symbol.asyncDispose]();
  }

  async #serves(node: KafkaNode): Promise<boolean> {
    if (!node.isRunning) throw new HopelessError(`${node.what} ended:\n${node.outputTail()}`);
    return (await aliveBrokers(node.port)) >= this.nodes.length;
  }
}

const BROKER_HEAP_MB = 512;
const READY_TIMEOUT_MS = 60_000;
const FORMAT_HEAP_MB = 128;

/**
 * Starts Apache Kafka and waits until it answers (some three seconds). Topics are created on first
 * use, internal topics have one replica per node (at most), groups start without delay.
 *
 * @throws Error with the server's last output when it ends or does not answer within a minute
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const count = options.nodes ?? 1;
  const dir = await makeTempDir('kafka');
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const ports = await freePorts(count * 2);
  const voters = ports.slice(count).map((port, i) => `${i + 1}@127.0.0.1:${port}`);
  const nodes = ports
    .slice(0, count)
    .map((port, i) => new KafkaNode(i + 1, port, dir.join(`node-${i + 1}`)));
  const cluster = new KafkaCluster(nodes, clusterId, dir);
  try {
    for (const node of nodes) {
      const folder = dir.join(`node-${node.id}`);
      const own = serverProperties(node, folder, voters, ports[count + node.id - 1] ?? 0);
      await formatNode(node, folder, clusterId, { ...own, ...options.properties });
    }
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function formatNode(
  node: KafkaNode,
  folder: string,
  clusterId: string,
  properties: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'server.properties');
  await writeFile(file, propertiesText(properties));
  await using format = await startJava({
    what: `Formatting the data folder of ${node.what}`,
    mainClass: 'kafka.tools.StorageTool',
    args: ['format', '-t', clusterId, '-c', file],
    heapMb: FORMAT_HEAP_MB,
    isShortLived: true,
  });
  const status = await format.exited;
  if (status.code !== 0) throw new Error(`${format.what} failed:\n${format.outputTail()}`);
}

function serverProperties(
  node: KafkaNode,
  folder: string,
  voters: readonly string[],
  controllerPort: number,
): Record<string, string> {
  const replicas = String(voters.length);
  const minIsr = voters.length === 1 ? '1' : '2';
  return {
    'node.id': String(node.id),
    'process.roles': 'broker,controller',
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': path.join(folder, 'data'),
    'auto.create.topics.enable': 'true',
    'num.partitions': '1',
    'default.replication.factor': replicas,
    'min.insync.replicas': minIsr,
    // A test wants small internal topics: 50 partitions each cost a second and fifty folders.
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minIsr,
    'share.coordinator.state.topic.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minIsr,
    'group.initial.rebalance.delay.ms': '0',
    // Two threads each are enough here, and the machine has two cores.
    'num.network.threads': '2',
    'num.io.threads': '4',
    'log.cleaner.dedupe.buffer.size': String(4 * 1024 * 1024),
    'log.cleaner.threads': '1',
  };
}
