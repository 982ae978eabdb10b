import type { BrokerConfig } from '../config/broker-config.ts';
import { logSettings, topicConfig } from '../config/topic-configs.ts';
import type { LogSettings } from '../log/log-settings.ts';
import type { Partition } from './partition.ts';

/** A topic as it stands in the registry's file. */
export interface TopicRecord {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** A topic that exists. Partitions and configs change only through the registry. */
export class Topic {
  readonly name: string;
  readonly id: string;
  readonly #brokerConfig: BrokerConfig;
  readonly #partitions: Partition[] = [];
  #configs: ReadonlyMap<string, string>;
  #settings: LogSettings;

  constructor(record: TopicRecord, brokerConfig: BrokerConfig) {
    this.name = record.name;
    this.id = record.id;
    this.#brokerConfig = brokerConfig;
    this.#configs = new Map(Object.entries(record.configs));
    this.#settings = logSettings((name) => this.configValue(name));
  }

  get partitions(): readonly Partition[] {
    return this.#partitions;
  }
  /** Configs set for this topic, without defaults. */
  get configs(): ReadonlyMap<string, string> {
    return this.#configs;
  }
  get settings(): LogSettings {
    return this.#settings;
  }

  partition(index: number): Partition | undefined {
    return this.#partitions[index];
  }

  /** The config that holds: the topic's own, the broker's, or Kafka's default. */
  configValue(name: string): string {
    const own = this.#configs.get(name);
    if (own !== undefined) return own;
    const definition = topicConfig(name);
    if (definition === undefined) throw new Error(`There is no topic configuration ${name}`);
    return definition.brokerKey === null
      ? definition.default
      : this.#brokerConfig.value(definition.brokerKey);
  }

  toRecord(): TopicRecord {
    return {
      name: this.name,
      id: this.id,
      partitions: this.#partitions.length,
      configs: Object.fromEntries(this.#configs),
    };
  }

  /** @internal for the registry */
  addPartitions(partitions: readonly Partition[]): void {
    this.#partitions.push(...partitions);
  }
  /** @internal for the registry */
  replaceConfigs(configs: ReadonlyMap<string, string>): void {
    this.#configs = configs;
    this.#settings = logSettings((name) => this.configValue(name));
  }
}
