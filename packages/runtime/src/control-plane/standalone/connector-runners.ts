import { notFound, type ConnectorType } from '@sluice/rest';
import type { ConnectorView } from '../metrics/worker-metrics.ts';
import { ConnectorRunner, type RunnerConfig } from './connector-runner.ts';
import type { RunnerContext } from './runner-context.ts';

/** The connectors of a worker, by name; those that are being deleted are not among them. */
export class ConnectorRunners {
  readonly #context: RunnerContext;
  readonly #runners = new Map<string, ConnectorRunner>();
  /** One of the same name has to wait for these. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  names(): readonly string[] {
    return [...this.#runners.keys()];
  }

  find(name: string): ConnectorRunner | null {
    return this.#runners.get(name) ?? null;
  }

  /**
   * @param words how Java says that it is not there
   * @throws RestError 404 when it is not there
   */
  of(
    name: string,
    words: (name: string) => string = (each) => `Connector ${each} not found`,
  ): ConnectorRunner {
    const runner = this.#runners.get(name);
    if (runner === undefined) throw notFound(words(name));
    return runner;
  }

  typeOf(name: string): ConnectorType {
    return this.#runners.get(name)?.type ?? 'unknown';
  }

  add(name: string, wanted: RunnerConfig): ConnectorRunner {
    const runner = new ConnectorRunner(name, wanted, this.#context);
    this.#runners.set(name, runner);
    return runner;
  }

  /**
   * Takes a connector out at once, and ends it.
   *
   * @throws RestError 404 when it is not there; what `end` throws
   */
  async remove(name: string, end: (runner: ConnectorRunner) => Promise<void>): Promise<void> {
    const runner = this.of(name);
    this.#runners.delete(name);
    const leaving = end(runner).finally(() => this.#leaving.delete(name));
    this.#leaving.set(
      name,
      leaving.catch(() => undefined),
    );
    await leaving;
  }

  /** Settles when nothing of that name is being deleted any more. */
  async left(name: string): Promise<void> {
    while (this.#leaving.has(name)) await this.#leaving.get(name);
  }

  /** All of them with their states, for metrics and insight. */
  views(): readonly ConnectorView[] {
    const { statuses } = this.#context;
    return [...this.#runners.values()].map(({ name, plugin }) => ({
      name,
      plugin,
      state: statuses.connector(name)?.state ?? 'UNASSIGNED',
      tasks: statuses.tasks(name),
    }));
  }
}
