import type { Props } from '@sluice/api';
import type { ConnectorTarget } from '../task-host/contract.ts';

/** What is stored of one connector, config providers not resolved. */
export interface StoredConnector {
  readonly config: Props;
  readonly target: ConnectorTarget;
  /** `null` until the connector has given some. */
  readonly taskConfigs: readonly Props[] | null;
}

/** Where connector configs are kept: memory, or a Kafka topic. Mirrors `ConfigBackingStore`. */
export interface ConfigBackingStore {
  start(): Promise<void>;
  stop(): Promise<void>;
  connectors(): readonly string[];
  connector(name: string): StoredConnector | null;
  /** Makes or replaces the config. Task configs stay; the target too, unless a new one is given. */
  putConnectorConfig(name: string, config: Props, target: ConnectorTarget | null): void;
  putTaskConfigs(name: string, configs: readonly Props[]): void;
  removeTaskConfigs(name: string): void;
  putTarget(name: string, target: ConnectorTarget): void;
  removeConnector(name: string): void;
}
