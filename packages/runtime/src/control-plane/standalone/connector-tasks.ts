import { ConnectError, type Props } from '@sluice/api';
import type { ConnectorConfig, TaskInfo } from '@sluice/rest';
import { errorCode } from '../../data-plane/errors/seen-errors.ts';
import { renderTrace } from '../../logging/render-trace.ts';
import type { ReportedTaskState, TaskId, TaskTarget } from '../../task-host/contract.ts';
import type { Failure } from '../worker/runner-observer.ts';
import { isSameProps } from '../worker/same-props.ts';
import { frameworkTaskProps, taskSpec, type RunnableConnector } from '../worker/task-specs.ts';
import { failureOf, shutdownMs, type RunnerContext } from './runner-context.ts';

/** The connector whose tasks they are, as it is at the moment. */
export interface TasksOwner {
  readonly name: string;
  /** As written, references unresolved. */
  readonly config: ConnectorConfig;
  /** Of the plug-in. */
  readonly version: string;
  /** What new tasks are to do. */
  readonly taskTarget: TaskTarget;
  /** The connector with its references looked up. */
  runnable(): Promise<RunnableConnector>;
}

/** A reference to a config provider, as `ConfigTransformer` knows it. */
const REFERENCE = /\$\{[^}]*?:[^}]*?\}/;

/** The tasks of one connector: their configs, their starts and stops, and what they report. */
export class ConnectorTasks {
  readonly #owner: TasksOwner;
  readonly #context: RunnerContext;
  #configs: readonly Props[] = [];
  /** The connector's config that the running tasks were made with. */
  #appliedConfig: ConnectorConfig | null = null;
  /** Tasks that were started and have reported nothing yet. */
  readonly #starting = new Set<number>();

  constructor(owner: TasksOwner, context: RunnerContext) {
    this.#owner = owner;
    this.#context = context;
  }

  /** As the connector made them, references put back; the same array as long as nothing changes. */
  get configs(): readonly Props[] {
    return this.#configs;
  }

  /** As REST shows them (R1.30). */
  infos(): readonly TaskInfo[] {
    return this.#configs.map((config, task) => ({ id: this.#id(task), config }));
  }

  /** Asks the connector what tasks it wants, and replaces those that run when they are others. */
  async update(): Promise<void> {
    const { config: connectorConfig } = this.#owner;
    const configs = await this.#ask();
    const isSame =
      isSameProps(this.#appliedConfig, connectorConfig) &&
      configs.length === this.#configs.length &&
      configs.every((config, task) => isSameProps(config, this.#configs[task] ?? null));
    if (isSame) return;
    await this.#stop(this.#all());
    this.#context.statuses.forgetTasks(this.#owner.name);
    this.#configs = configs;
    this.#appliedConfig = connectorConfig;
    for (const task of configs.keys()) await this.#start(task);
  }

  /** Stops them all, and forgets them. */
  async remove(): Promise<void> {
    await this.#stop(this.#all());
    this.#configs = [];
    this.#appliedConfig = null;
    this.#context.statuses.forgetTasks(this.#owner.name);
  }

  /** Stops these and starts them again with the config they had. */
  async restart(tasks: readonly number[]): Promise<void> {
    await this.#stop(this.#known(tasks));
    for (const task of this.setRestarting(tasks)) await this.#start(task);
  }

  /** Their state until they run again; answers those that are there. */
  setRestarting(tasks: readonly number[]): readonly number[] {
    const known = this.#known(tasks);
    for (const task of known) this.#set(task, 'RESTARTING');
    return known;
  }

  async pause(): Promise<void> {
    await this.#each((id) => this.#context.host.pauseTask(id));
  }

  async resume(): Promise<void> {
    await this.#each((id) => this.#context.host.resumeTask(id));
  }

  /** What the task host reports; ignored when the task is gone. */
  reported(task: number, state: ReportedTaskState, trace?: string, code?: string): void {
    if (task < this.#configs.length) this.#set(task, state, failureOf(trace, code));
  }

  async #ask(): Promise<readonly Props[]> {
    const { name, config } = this.#owner;
    const { plugin } = await this.#owner.runnable();
    const tasksMax = Number(config['tasks.max'] ?? 1);
    const made = await this.#context.host.taskConfigs(name, tasksMax);
    const isEnforced = config['tasks.max.enforce']?.trim().toLowerCase() !== 'false';
    if (made.length > tasksMax && isEnforced)
      throw new ConnectError(
        `The connector ${name} has generated ${made.length} tasks, which is greater than ` +
          `${tasksMax}, the maximum number of tasks it is configured to create. This is a bug in ` +
          'the connector; until it is mended, raise "tasks.max" or set "tasks.max.enforce" to ' +
          'false.',
        { code: 'CONNECT_TOO_MANY_TASKS' },
      );
    const added = frameworkTaskProps(plugin, config);
    return made.map((each) => ({ ...unresolved(each, config), ...added }));
  }

  async #start(task: number): Promise<void> {
    const { host, worker, logger } = this.#context;
    const config = this.#configs[task];
    if (config === undefined) return;
    this.#starting.add(task);
    try {
      const { props } = await worker.transformer.transform(config);
      const runnable = await this.#owner.runnable();
      await host.startTask(
        taskSpec(runnable, this.#id(task), props, this.#owner.taskTarget, worker),
      );
    } catch (error) {
      logger.error(`Failed to start task ${this.#owner.name}-${task}`, { error });
      this.#set(task, 'FAILED', failureOf(renderTrace(error), errorCode(error)));
    }
  }

  async #stop(tasks: readonly number[]): Promise<void> {
    if (tasks.length === 0) return;
    const ids = tasks.map((task) => this.#id(task));
    await this.#context.host.stopTasks(ids, shutdownMs(this.#context));
  }

  async #each(act: (id: TaskId) => Promise<void>): Promise<void> {
    await Promise.all(this.#all().map((task) => act(this.#id(task))));
  }

  #all(): readonly number[] {
    return [...this.#configs.keys()];
  }

  #known(tasks: readonly number[]): readonly number[] {
    return tasks.filter((task) => task < this.#configs.length);
  }

  #id(task: number): TaskId {
    return { connector: this.#owner.name, task };
  }

  #set(task: number, state: ReportedTaskState, failure: Failure | null = null): void {
    const { statuses, observer } = this.#context;
    const { name, version } = this.#owner;
    statuses.setTask(name, task, state, version, failure?.trace);
    if (this.#starting.delete(task)) observer.onTaskStart(state !== 'FAILED');
    observer.onTaskState(name, task, state, failure);
  }
}

/** Puts back the references of the connector's config, so that no secret is kept or shown. */
function unresolved(task: Props, connector: ConnectorConfig): Props {
  const references = Object.entries(connector).filter(
    ([key, value]) => Object.hasOwn(task, key) && REFERENCE.test(value),
  );
  return { ...task, ...Object.fromEntries(references) };
}
