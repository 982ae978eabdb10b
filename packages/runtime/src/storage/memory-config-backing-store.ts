import type { Props } from '@sluice/api';
import type { ConnectorTarget } from '../task-host/contract.ts';
import type { ConfigBackingStore, StoredConnector } from './config-backing-store.ts';

/** Configs that last as long as the worker: standalone's. Mirrors `MemoryConfigBackingStore`. */
export class MemoryConfigBackingStore implements ConfigBackingStore {
  readonly #connectors = new Map<string, StoredConnector>();

  async start(): Promise<void> {
    // Nothing to read.
  }

  async stop(): Promise<void> {
    // Nothing is held open.
  }

  connectors(): readonly string[] {
    return [...this.#connectors.keys()];
  }

  connector(name: string): StoredConnector | null {
    return this.#connectors.get(name) ?? null;
  }

  putConnectorConfig(name: string, config: Props, target: ConnectorTarget | null): void {
    const before = this.#connectors.get(name);
    this.#connectors.set(name, {
      config,
      target: target ?? before?.target ?? 'STARTED',
      taskConfigs: before?.taskConfigs ?? null,
    });
  }

  putTaskConfigs(name: string, taskConfigs: readonly Props[]): void {
    this.#change(name, { taskConfigs });
  }

  removeTaskConfigs(name: string): void {
    this.#change(name, { taskConfigs: [] });
  }

  putTarget(name: string, target: ConnectorTarget): void {
    this.#change(name, { target });
  }

  removeConnector(name: string): void {
    this.#connectors.delete(name);
  }

  /** What is said of a connector that is not there is forgotten, as in Java. */
  #change(name: string, change: Partial<StoredConnector>): void {
    const before = this.#connectors.get(name);
    if (before !== undefined) this.#connectors.set(name, { ...before, ...change });
  }
}
