import { startDevBrokerForTest } from './dev-broker-server.ts';
import { KAFKA_VERSION } from './kafka-jars.ts';
import { startKafka } from './kafka-server.ts';
import { skipReason } from './require-server.ts';

/** A broker that runs, of whichever kind. */
export interface RunningBroker extends AsyncDisposable {
  readonly bootstrapServers: string;
  /** Clean stop. */
  stop(): Promise<void>;
  /** After {@link stop}: same port, same data. */
  start(): Promise<void>;
  restart(): Promise<void>;
}

/** One of the brokers that a suite runs on. */
export interface BrokerUnderTest {
  /** For titles: `'Apache Kafka 4.3.1'` or `'the dev broker'`. */
  readonly title: string;
  readonly kind: 'kafka' | 'dev-broker';
  /** For the suite's `skip` option: `false`, or the reason why it can't run here (and reports it). */
  skipReason(suite: string): Promise<string | false>;
  start(): Promise<RunningBroker>;
}

/**
 * The brokers that every Kafka test runs on:
 *
 * ```ts
 * for (const broker of brokersUnderTest()) {
 *   describe(`commit on ${broker.title}`, { skip: await broker.skipReason('commit') }, () => {…});
 * }
 * ```
 *
 * `SLUICE_TEST_BROKERS=kafka` or `=dev-broker` picks one.
 */
export function brokersUnderTest(): readonly BrokerUnderTest[] {
  const picked = process.env['SLUICE_TEST_BROKERS'];
  const all: readonly BrokerUnderTest[] = [
    {
      title: `Apache Kafka ${KAFKA_VERSION}`,
      kind: 'kafka',
      skipReason: (suite) => skipReason('kafka', suite),
      start: () => startKafka(),
    },
    {
      title: 'the dev broker',
      kind: 'dev-broker',
      skipReason: () => Promise.resolve(false),
      start: () => startDevBrokerForTest(),
    },
  ];
  if (picked === undefined || picked === '') return all;
  const chosen = all.filter((broker) => picked.split(',').includes(broker.kind));
  if (chosen.length > 0) return chosen;
  throw new Error(`SLUICE_TEST_BROKERS="${picked}" names no broker: use kafka, dev-broker or both`);
}
