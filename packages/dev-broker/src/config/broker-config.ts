import { BrokerStartError } from '../storage/broker-start-error.ts';
import { type ConfigDefinition, configProblem } from './config-definition.ts';
import { TOPIC_CONFIGS } from './topic-configs.ts';

/** Broker keys of Apache Kafka, with its defaults, that this broker heeds. */
const OWN_CONFIGS: readonly ConfigDefinition[] = [
  {
    name: 'auto.create.topics.enable',
    type: 'BOOLEAN',
    default: 'true',
    doc: 'Whether a topic is made when a client first asks for it.',
  },
  {
    name: 'delete.topic.enable',
    type: 'BOOLEAN',
    default: 'true',
    doc: 'Whether topics may be deleted.',
  },
  {
    name: 'num.partitions',
    type: 'INT',
    default: '1',
    min: 1,
    doc: 'Partitions of a topic for which nobody says how many.',
  },
  {
    name: 'default.replication.factor',
    type: 'INT',
    default: '1',
    min: 1,
    max: 1,
    doc: 'There is one node.',
  },
  {
    name: 'socket.request.max.bytes',
    type: 'INT',
    default: '104857600',
    min: 1,
    doc: 'The largest request that is read; a larger one closes its connection.',
  },
  {
    name: 'fetch.max.bytes',
    type: 'INT',
    default: '57671680',
    min: 1024,
    doc: 'The most that one fetch brings, whatever the client allows.',
  },
  {
    name: 'group.initial.rebalance.delay.ms',
    type: 'INT',
    // Kafka waits 3 seconds, for the sake of large groups.
    default: '0',
    min: 0,
    doc: 'How long an empty group waits for more members.',
  },
  {
    name: 'group.min.session.timeout.ms',
    type: 'INT',
    default: '6000',
    min: 0,
    doc: 'The shortest session timeout that a member may ask for.',
  },
  {
    name: 'group.max.session.timeout.ms',
    type: 'INT',
    default: '1800000',
    min: 0,
    doc: 'The longest session timeout that a member may ask for.',
  },
  {
    name: 'group.max.size',
    type: 'INT',
    default: '2147483647',
    min: 1,
    doc: 'The most members of a group.',
  },
  {
    name: 'offset.metadata.max.bytes',
    type: 'INT',
    default: '4096',
    min: 0,
    doc: 'The longest note that may stand beside a committed offset.',
  },
  {
    name: 'log.retention.check.interval.ms',
    type: 'LONG',
    default: '300000',
    min: 1,
    // What a timer can wait.
    max: 0x7fff_ffff,
    doc: 'How often old segments are looked for.',
  },
];

const FROM_TOPICS: readonly ConfigDefinition[] = TOPIC_CONFIGS.flatMap((definition) =>
  definition.brokerKey === null ? [] : [{ ...definition, name: definition.brokerKey }],
);

/** Every broker key there is. */
export const BROKER_CONFIGS: readonly ConfigDefinition[] = [...OWN_CONFIGS, ...FROM_TOPICS];

/** The broker's configuration: Kafka's keys and defaults, and what the user set. Never changes. */
export class BrokerConfig {
  readonly #values: ReadonlyMap<string, string>;

  /** @throws BrokerStartError `INVALID_CONFIG` for an unknown key or a value that can't be */
  constructor(values: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(values)) {
      const definition = BROKER_CONFIGS.find((known) => known.name === name);
      const problem =
        definition === undefined
          ? `Unknown broker configuration ${name}. Known: ${BROKER_CONFIGS.map((known) => known.name).join(', ')}`
          : configProblem(definition, value);
      if (problem !== null) throw new BrokerStartError('INVALID_CONFIG', problem);
    }
    this.#values = new Map(Object.entries(values));
  }

  /** What the user set; `undefined` where the default holds. */
  configured(name: string): string | undefined {
    return this.#values.get(name);
  }
  value(name: string): string {
    const value =
      this.#values.get(name) ?? BROKER_CONFIGS.find((known) => known.name === name)?.default;
    if (value === undefined) throw new Error(`There is no broker configuration ${name}`);
    return value;
  }
  number(name: string): number {
    return Number(this.value(name));
  }
  isTrue(name: string): boolean {
    return this.value(name).trim().toLowerCase() === 'true';
  }
}
