import { freePort, type KafkaCluster, startKafka } from '@sluice/testing';
import type { Consumer } from '../../src/consumer/consumer.ts';
import { createConsumer } from '../../src/consumer/create-consumer.ts';
import { type KafkaLogger, silentLogger } from '../../src/logger.ts';
import type { DeliveryReport } from '../../src/producer/contract.ts';
import { createProducer, type Producer } from '../../src/producer/producer.ts';
import { FaultInjector } from './fault-injector.ts';
import { CLIENT_ID, FaultProxy } from './fault-proxy.ts';

/** So that a frozen link costs a run a second, not half a minute. */
const QUICK = {
  'client.id': CLIENT_ID,
  'request.timeout.ms': '800',
  'retry.backoff.ms': '20',
  'retry.backoff.max.ms': '200',
  'reconnect.backoff.ms': '20',
  'reconnect.backoff.max.ms': '200',
} as const;
/** A killed broker is let in again when its session before has ended: nine seconds by default. */
const SOON_BACK = {
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
} as const;
/** Until the broker's is known, connections are refused. */
const NOBODYS_PORT = 1;
const LOG_LINES_MAX = 400;
const LOG_LINES_SHOWN = 60;

/** A broker behind a proxy, for the runs of one file. */
export class FaultRig implements AsyncDisposable {
  readonly servers: string;
  readonly injector: FaultInjector;
  readonly #kafka: KafkaCluster;
  readonly #proxy: FaultProxy;
  readonly #log: string[] = [];

  private constructor(kafka: KafkaCluster, proxy: FaultProxy, port: number) {
    this.servers = `127.0.0.1:${port}`;
    this.injector = new FaultInjector(proxy, kafka);
    this.#kafka = kafka;
    this.#proxy = proxy;
  }

  static async start(): Promise<FaultRig> {
    const port = await freePort();
    const cluster: { kafka: KafkaCluster | null } = { kafka: null };
    const proxy = new FaultProxy(() => cluster.kafka?.nodes[0]?.port ?? NOBODYS_PORT);
    await proxy.listen(port);
    try {
      cluster.kafka = await startKafka({
        properties: { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`, ...SOON_BACK },
      });
      return new FaultRig(cluster.kafka, proxy, port);
    } catch (error) {
      await proxy[Symbol.asyncDispose]();
      throw error;
    }
  }

  producer(
    properties: Readonly<Record<string, string>>,
    onDelivery: (report: DeliveryReport) => void,
  ): Producer {
    const config = { 'bootstrap.servers': this.servers, ...QUICK, ...properties };
    return createProducer(config, { logger: this.#logger('producer'), onDelivery });
  }

  /** It reads what is committed, from the beginning. */
  consumer(properties: Readonly<Record<string, string>>): Consumer {
    const config = {
      'bootstrap.servers': this.servers,
      ...QUICK,
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': 'false',
      'isolation.level': 'read_committed',
      'fetch.max.wait.ms': '200',
      ...properties,
    };
    return createConsumer(config, { logger: this.#logger('consumer') });
  }

  /** The newest lines of all clients. */
  logTail(): string {
    return this.#log.slice(-LOG_LINES_SHOWN).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
    await this.#kafka[Symbol.asyncDispose]();
  }

  #logger(who: string): KafkaLogger {
    const note = (text: string): void => {
      this.#log.push(`${new Date().toISOString().slice(14, 23)} ${who}: ${text}`);
      if (this.#log.length > LOG_LINES_MAX) this.#log.splice(0, LOG_LINES_MAX / 2);
    };
    return { ...silentLogger, debug: note, info: note, warn: note, error: note };
  }
}
