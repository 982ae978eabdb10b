import type { TaskId } from '../task-host/contract.ts';
import type {
  StatusBackingStore,
  StoredStatus,
  StoredTopicStatus,
} from './status-backing-store.ts';

/** States that last as long as the worker: standalone's. Mirrors `MemoryStatusBackingStore`. */
export class MemoryStatusBackingStore implements StatusBackingStore {
  readonly #connectors = new Map<string, StoredStatus>();
  readonly #tasks = new Map<string, Map<number, StoredStatus>>();
  readonly #topics = new Map<string, Map<string, StoredTopicStatus>>();

  async start(): Promise<void> {
    // Nothing to read.
  }

  async stop(): Promise<void> {
    // Nothing is held open.
  }

  putConnector(connector: string, status: StoredStatus): void {
    // Java's store forgets what is destroyed instead of showing it.
    if (status.state === 'DESTROYED') this.#connectors.delete(connector);
    else this.#connectors.set(connector, status);
  }

  putTask(id: TaskId, status: StoredStatus): void {
    if (status.state === 'DESTROYED') {
      this.removeTask(id);
      return;
    }
    entry(this.#tasks, id.connector).set(id.task, status);
  }

  connector(connector: string): StoredStatus | null {
    return this.#connectors.get(connector) ?? null;
  }

  task(id: TaskId): StoredStatus | null {
    return this.#tasks.get(id.connector)?.get(id.task) ?? null;
  }

  tasks(connector: string): readonly { readonly task: number; readonly status: StoredStatus }[] {
    const tasks = this.#tasks.get(connector) ?? new Map<number, StoredStatus>();
    return [...tasks].sort(([a], [b]) => a - b).map(([task, status]) => ({ task, status }));
  }

  connectors(): readonly string[] {
    return [...this.#connectors.keys()];
  }

  removeConnector(connector: string): void {
    this.#connectors.delete(connector);
    this.#tasks.delete(connector);
  }

  removeTask(id: TaskId): void {
    this.#tasks.get(id.connector)?.delete(id.task);
  }

  putTopic(connector: string, status: StoredTopicStatus): void {
    const topics = entry(this.#topics, connector);
    if (!topics.has(status.topic)) topics.set(status.topic, status);
  }

  topics(connector: string): readonly StoredTopicStatus[] {
    return [...(this.#topics.get(connector)?.values() ?? [])];
  }

  resetTopics(connector: string): void {
    this.#topics.delete(connector);
  }
}

function entry<Key, Value>(maps: Map<string, Map<Key, Value>>, connector: string): Map<Key, Value> {
  let found = maps.get(connector);
  if (found === undefined) {
    found = new Map();
    maps.set(connector, found);
  }
  return found;
}
