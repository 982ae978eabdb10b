import type { ConnectorState, StateInfo, TaskStateInfo } from '@sluice/rest';

/** What is known of the instances of one connector. */
interface KnownStatus {
  connector: StateInfo | null;
  readonly tasks: Map<number, TaskStateInfo>;
}

/**
 * The last reported state of every connector and task, in memory. Mirrors
 * `MemoryStatusBackingStore`.
 */
export class ConnectorStatuses {
  readonly #workerId: string;
  readonly #known = new Map<string, KnownStatus>();

  /** @param workerId `host:port` as in `worker_id` (R1.15) */
  constructor(workerId: string) {
    this.#workerId = workerId;
  }

  setConnector(name: string, state: ConnectorState, version: string, trace?: string): void {
    this.#of(name).connector = this.#info(state, version, trace);
  }

  setTask(
    name: string,
    task: number,
    state: ConnectorState,
    version: string,
    trace?: string,
  ): void {
    this.#of(name).tasks.set(task, { id: task, ...this.#info(state, version, trace) });
  }

  connector(name: string): StateInfo | null {
    return this.#known.get(name)?.connector ?? null;
  }

  /** Sorted by task number. */
  tasks(name: string): readonly TaskStateInfo[] {
    return [...(this.#known.get(name)?.tasks.values() ?? [])].sort((a, b) => a.id - b.id);
  }

  forgetTasks(name: string): void {
    this.#known.get(name)?.tasks.clear();
  }

  forget(name: string): void {
    this.#known.delete(name);
  }

  #of(name: string): KnownStatus {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = { connector: null, tasks: new Map() };
      this.#known.set(name, known);
    }
    return known;
  }

  #info(state: ConnectorState, version: string, trace: string | undefined): StateInfo {
    return {
      state,
      worker_id: this.#workerId,
      version,
      ...(trace === undefined ? {} : { trace }),
    };
  }
}
