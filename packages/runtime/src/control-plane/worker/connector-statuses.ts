import type {
  ConnectorState,
  ConnectorStateInfo,
  ConnectorType,
  StateInfo,
  TaskStateInfo,
} from '@sluice/rest';

/** What is known of the instances of one connector. */
interface KnownStatus {
  connector: StateInfo | null;
  readonly tasks: Map<number, TaskStateInfo>;
  /** As answered last; `null` since something has changed. */
  answered: ConnectorStateInfo | null;
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
    this.#changed(name).connector = this.#info(state, version, trace);
  }

  setTask(
    name: string,
    task: number,
    state: ConnectorState,
    version: string,
    trace?: string,
  ): void {
    this.#changed(name).tasks.set(task, { id: task, ...this.#info(state, version, trace) });
  }

  connector(name: string): StateInfo | null {
    return this.#known.get(name)?.connector ?? null;
  }

  /** All of it; the same object as long as nothing changes. `null` when nothing is known. */
  status(name: string, type: ConnectorType): ConnectorStateInfo | null {
    const known = this.#known.get(name);
    if (known === undefined || known.connector === null) return null;
    known.answered ??= { name, connector: known.connector, tasks: this.tasks(name), type };
    return known.answered;
  }

  /** Sorted by task number. */
  tasks(name: string): readonly TaskStateInfo[] {
    return [...(this.#known.get(name)?.tasks.values() ?? [])].sort((a, b) => a.id - b.id);
  }

  forgetTasks(name: string): void {
    this.#changed(name).tasks.clear();
  }

  forget(name: string): void {
    this.#known.delete(name);
  }

  #changed(name: string): KnownStatus {
    const known = this.#of(name);
    known.answered = null;
    return known;
  }

  #of(name: string): KnownStatus {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = { connector: null, tasks: new Map(), answered: null };
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
