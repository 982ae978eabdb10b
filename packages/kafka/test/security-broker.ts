// Apache Kafka with listeners of each protocol, for tests of TLS and SASL.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import {
  freePorts,
  HopelessError,
  type OwnedProcess,
  propertiesText,
  startJava,
  type TempDir,
  waitUntil,
} from '@sluice/testing';

export const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
export const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule';

/** A broker to start. */
export interface SecurityBrokerOptions {
  readonly dir: TempDir;
  /** Names of listeners and their `security.protocol`. */
  readonly listeners: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  /** Mechanism, name, password. */
  readonly scramUsers?: readonly (readonly [string, string, string])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: string;
}

/** A broker, and where its listeners are. */
export class SecurityBroker implements AsyncDisposable {
  readonly process: OwnedProcess;
  readonly #ports: ReadonlyMap<string, number>;

  constructor(process: OwnedProcess, ports: ReadonlyMap<string, number>) {
    this.process = process;
    this.#ports = ports;
  }

  port(listener: string): number {
    return this.#ports.get(listener) ?? 0;
  }

  /** Properties of a client that does not wait for long. */
  at(listener: string, host = 'localhost'): Record<string, string> {
    return {
      'bootstrap.servers': `${host}:${this.port(listener)}`,
      'default.api.timeout.ms': '20000',
      'request.timeout.ms': '10000',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}

export async function startSecurityBroker(options: SecurityBrokerOptions): Promise<SecurityBroker> {
  const { dir } = options;
  const host = options.host ?? 'localhost';
  const names = [...Object.keys(options.listeners), 'INTERNAL', 'CONTROLLER'];
  const protocols = [...Object.values(options.listeners), 'PLAINTEXT', 'PLAINTEXT'];
  const ports = await freePorts(names.length);
  const listeners = names.map((name, i) => `${name}://${host}:${ports[i] ?? 0}`);
  const protocolMap = names.map((name, i) => `${name}:${protocols[i] ?? ''}`);
  const file = dir.join('server.properties');
  await writeFile(
    file,
    propertiesText({
      'node.id': '1',
      'process.roles': 'broker,controller',
      'controller.quorum.voters': `1@${host}:${ports.at(-1) ?? 0}`,
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'INTERNAL',
      listeners: listeners.join(','),
      'advertised.listeners': listeners.slice(0, -1).join(','),
      'listener.security.protocol.map': protocolMap.join(','),
      'log.dirs': dir.join('data'),
      'offsets.topic.replication.factor': '1',
      'offsets.topic.num.partitions': '1',
      'group.initial.rebalance.delay.ms': '0',
      ...options.properties,
    }),
  );
  await format(file, options.scramUsers ?? []);
  const process = await startJava({
    what: 'the broker',
    mainClass: 'kafka.Kafka',
    args: [file],
    heapMb: 512,
    logConfigDir: dir.path,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const serves = (): boolean => {
    if (!process.isRunning) throw new HopelessError(`the broker ended:\n${process.output}`);
    return process.output.includes('Kafka Server started');
  };
  try {
    await waitUntil('the broker to serve', serves, {
      timeoutMs: 60_000,
      onTimeout: () => process.outputTail(),
    });
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
  return new SecurityBroker(process, new Map(names.map((name, i) => [name, ports[i] ?? 0])));
}

async function format(
  file: string,
  users: readonly (readonly [string, string, string])[],
): Promise<void> {
  const scram = users.flatMap(([mechanism, name, password]) => [
    '--add-scram',
    `${mechanism}=[name="${name}",password="${password}"]`,
  ]);
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  await using formatting = await startJava({
    what: 'formatting',
    mainClass: 'kafka.tools.StorageTool',
    args: ['format', '-t', clusterId, '-c', file, ...scram],
    heapMb: 128,
    isShortLived: true,
    // Java reads its arguments in the locale's encoding.
    env: { LC_ALL: 'C.UTF-8' },
  });
  const { code } = await formatting.exited;
  if (code !== 0) throw new Error(formatting.outputTail());
}
