import { ConnectError, type Logger, type Props } from '@sluice/api';
import type {
  ConnectorConfig,
  ConnectorInfo,
  ConnectorType,
  TargetState,
  TaskInfo,
} from '@sluice/rest';
import { errorCode } from '../../data-plane/errors/seen-errors.ts';
import { renderTrace } from '../../logging/render-trace.ts';
import type { Plugin } from '../../plugins/plugin-catalog.ts';
import type {
  ConnectorSpec,
  ReportedTaskState,
  TaskHost,
  TaskId,
} from '../../task-host/contract.ts';
import { assertNever } from '../assert-never.ts';
import type { ConnectorStatuses } from '../worker/connector-statuses.ts';
import type { Failure, RunnerObserver } from '../worker/runner-observer.ts';
import { ReloadTimer } from '../worker/reload-timer.ts';
import {
  connectorSpec,
  frameworkTaskProps,
  taskSpec,
  type RunnableConnector,
} from '../worker/task-specs.ts';
import type { WorkerContext } from '../worker/worker-context.ts';
import {
  NEW_CONNECTOR,
  transition,
  type ConnectorLifecycle,
  type LifecycleEffect,
  type LifecycleEvent,
} from './connector-lifecycle.ts';

/** What a runner works with; shared by all connectors of a worker. */
export interface RunnerContext {
  readonly host: TaskHost;
  readonly worker: WorkerContext;
  readonly statuses: ConnectorStatuses;
  readonly observer: RunnerObserver;
  readonly logger: Logger;
}

interface MadeInfo {
  readonly config: ConnectorConfig;
  readonly configs: readonly Props[];
  readonly info: ConnectorInfo;
}

/** A reference to a config provider, as `ConfigTransformer` knows it. */
const REFERENCE = /\$\{[^}]*?:[^}]*?\}/;

/**
 * Runs one connector: takes what happens to it, one thing after another, asks the state machine
 * what that means and carries out the effects.
 */
export class ConnectorRunner {
  readonly name: string;
  readonly #context: RunnerContext;
  #lifecycle: ConnectorLifecycle = NEW_CONNECTOR;
  #plugin: Plugin;
  #config: ConnectorConfig;
  #taskConfigs: readonly Props[] = [];
  /** The connector's config that the running tasks were made with. */
  #appliedConfig: ConnectorConfig | null = null;
  /** The last `info`, and what it was made of. */
  #madeInfo: MadeInfo | null = null;
  #isRemoved = false;
  /** Tasks that were started and have reported nothing yet. */
  readonly #starting = new Set<number>();
  readonly #reload = new ReloadTimer();
  /** The code of what the instance failed with last. */
  #failureCode = 'CONNECT_ERROR';
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, plugin: Plugin, config: ConnectorConfig, context: RunnerContext) {
    this.name = name;
    this.#plugin = plugin;
    this.#config = config;
    this.#context = context;
  }

  /** As written, references unresolved. */
  get config(): ConnectorConfig {
    return this.#config;
  }
  get plugin(): Plugin {
    return this.#plugin;
  }
  get target(): TargetState {
    return this.#lifecycle.target;
  }
  get type(): ConnectorType {
    const { type } = this.#plugin;
    return type === 'source' || type === 'sink' ? type : 'unknown';
  }
  /** As REST shows it (R1.25); the same object as long as nothing changes. */
  get info(): ConnectorInfo {
    const made = this.#madeInfo;
    if (made?.config === this.#config && made.configs === this.#taskConfigs) return made.info;
    const { name, config, type } = this;
    const info = { name, config, tasks: this.tasks.map(({ id }) => id), type };
    this.#madeInfo = { config: this.#config, configs: this.#taskConfigs, info };
    return info;
  }
  /** Whether it is to stand still and has no tasks any more (R1.52). */
  get isStopped(): boolean {
    return this.#lifecycle.target === 'STOPPED' && this.#taskConfigs.length === 0;
  }
  /** As the connector made them, references put back (R1.30). */
  get tasks(): readonly TaskInfo[] {
    return this.#taskConfigs.map((config, task) => ({
      id: { connector: this.name, task },
      config,
    }));
  }

  /**
   * Starts the connector with a config, or again with another one.
   *
   * @throws the error with which it did not start; it is FAILED then, and its config kept
   */
  configure(plugin: Plugin, config: ConnectorConfig, target: TargetState): Promise<void> {
    return this.inOrder(async () => {
      this.#plugin = plugin;
      this.#config = config;
      this.#context.observer.onNewLife(this.name);
      await this.#handle({ type: 'configured', target });
    });
  }

  /** One of the events that carry nothing but a wish. */
  tell(event: Exclude<LifecycleEvent, { readonly type: 'configured' }>): Promise<void> {
    return this.inOrder(() => this.#handle(event));
  }

  /** Stops these tasks and starts them again with the config they had. */
  restartTasks(tasks: readonly number[]): Promise<void> {
    return this.inOrder(async () => {
      const known = tasks.filter((task) => task < this.#taskConfigs.length);
      for (const task of known) this.#setTask(task, 'RESTARTING');
      await this.#stopTasks(known);
      for (const task of known) await this.#startTask(task);
    });
  }

  /** What the task host reports; ignored once the connector or the task is gone. */
  taskReported(task: number, state: ReportedTaskState, trace?: string, code?: string): void {
    if (this.#isRemoved || task >= this.#taskConfigs.length) return;
    this.#setTask(task, state, failureOf(trace, code));
  }

  /** Settles when everything asked so far is done, however it ended. */
  async settled(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  /** Runs what is asked of this connector one after the other. */
  inOrder<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run, run);
    this.#last = result;
    return result;
  }

  /** @throws the failure that the event led to, once everything that follows from it is done */
  async #handle(event: LifecycleEvent): Promise<void> {
    const events: LifecycleEvent[] = [event];
    let failure: Error | null = null;
    for (let next = events.shift(); next !== undefined; next = events.shift()) {
      const { state, effects } = transition(this.#lifecycle, next);
      this.#lifecycle = state;
      for (const effect of effects) {
        try {
          const result = await this.#perform(effect);
          if (result !== null) events.push(result);
        } catch (error) {
          // What follows in this list builds on what has just failed.
          failure = error instanceof Error ? error : new ConnectError(String(error));
          this.#failureCode = errorCode(failure);
          events.push({ type: 'instanceFailed', trace: renderTrace(failure) });
          break;
        }
      }
    }
    if (failure !== null) throw failure;
  }

  async #perform(effect: LifecycleEffect): Promise<LifecycleEvent | null> {
    const { host, statuses } = this.#context;
    switch (effect.type) {
      case 'startInstance': {
        const spec = connectorSpec(await this.#runnable(), effect.target, this.#context.worker);
        await this.#startInstance(spec);
        await this.#scheduleReload();
        return { type: 'instanceReady' };
      }
      case 'setInstanceTarget':
        await host.setConnectorTarget(this.name, effect.target);
        return { type: 'instanceReady' };
      case 'stopInstance':
        this.#reload.cancel();
        await host.stopConnector(this.name, this.#shutdownMs());
        return null;
      case 'updateTasks':
        await this.#updateTasks();
        return null;
      case 'pauseTasks':
        await this.#eachTask((id) => host.pauseTask(id));
        return null;
      case 'resumeTasks':
        await this.#eachTask((id) => host.resumeTask(id));
        return null;
      case 'removeTasks':
        await this.#stopTasks(this.#taskConfigs.map((_config, task) => task));
        this.#taskConfigs = [];
        this.#appliedConfig = null;
        statuses.forgetTasks(this.name);
        return null;
      case 'report':
        statuses.setConnector(this.name, effect.state, this.#plugin.version, effect.trace);
        this.#context.observer.onConnectorState(
          this.name,
          effect.state,
          failureOf(effect.trace, this.#failureCode),
        );
        return null;
      case 'forget':
        this.#isRemoved = true;
        statuses.forget(this.name);
        this.#context.observer.onNewLife(this.name);
        return null;
      default:
        return assertNever(effect);
    }
  }

  /** Secrets that change: the Connector object is restarted, tasks only if their configs differ. */
  async #scheduleReload(): Promise<void> {
    if (this.#config['config.action.reload']?.trim() === 'none') return;
    const { ttls } = await this.#context.worker.transformer.transform(this.#config);
    this.#reload.schedule(ttls, () => {
      this.#context.logger.info(
        `Restarting connector ${this.name}: values of its config may be new`,
      );
      // How it ends is in the status.
      this.tell({ type: 'restartAsked' }).catch(() => undefined);
    });
  }

  async #startInstance(spec: ConnectorSpec): Promise<void> {
    const { host, observer } = this.#context;
    let isStarted = false;
    try {
      await host.startConnector(spec);
      isStarted = true;
    } finally {
      observer.onConnectorStart(isStarted);
    }
  }

  async #updateTasks(): Promise<void> {
    const runnable = await this.#runnable();
    const configs = await this.#askTaskConfigs(runnable);
    const isSame =
      isEqual(this.#appliedConfig, this.#config) &&
      configs.length === this.#taskConfigs.length &&
      configs.every((config, task) => isEqual(config, this.#taskConfigs[task] ?? null));
    if (isSame) return;
    await this.#stopTasks(this.#taskConfigs.map((_config, task) => task));
    this.#context.statuses.forgetTasks(this.name);
    this.#taskConfigs = configs;
    this.#appliedConfig = this.#config;
    for (const task of configs.keys()) await this.#startTask(task);
  }

  async #askTaskConfigs(runnable: RunnableConnector): Promise<readonly Props[]> {
    const tasksMax = Number(this.#config['tasks.max'] ?? 1);
    const made = await this.#context.host.taskConfigs(this.name, tasksMax);
    const isEnforced = this.#config['tasks.max.enforce']?.trim().toLowerCase() !== 'false';
    if (made.length > tasksMax && isEnforced)
      throw new ConnectError(
        `The connector ${this.name} has generated ${made.length} tasks, which is greater than ` +
          `${tasksMax}, the maximum number of tasks it is configured to create. This is a bug in ` +
          'the connector; until it is mended, raise "tasks.max" or set "tasks.max.enforce" to ' +
          'false.',
        { code: 'CONNECT_TOO_MANY_TASKS' },
      );
    const added = frameworkTaskProps(runnable.plugin, this.#config);
    return made.map((config) => ({ ...this.#unresolved(config), ...added }));
  }

  /** Puts back the references of the connector's config, so that no secret is kept or shown. */
  #unresolved(config: Props): Props {
    const references = Object.entries(this.#config).filter(
      ([key, value]) => Object.hasOwn(config, key) && REFERENCE.test(value),
    );
    return { ...config, ...Object.fromEntries(references) };
  }

  async #startTask(task: number): Promise<void> {
    const { host, worker, logger } = this.#context;
    const id: TaskId = { connector: this.name, task };
    const config = this.#taskConfigs[task];
    if (config === undefined) return;
    this.#starting.add(task);
    try {
      const { props } = await worker.transformer.transform(config);
      const target = this.#lifecycle.target === 'PAUSED' ? 'PAUSED' : 'STARTED';
      await host.startTask(taskSpec(await this.#runnable(), id, props, target, worker));
    } catch (error) {
      logger.error(`Failed to start task ${this.name}-${task}`, { error });
      this.#setTask(task, 'FAILED', failureOf(renderTrace(error), errorCode(error)));
    }
  }

  async #stopTasks(tasks: readonly number[]): Promise<void> {
    if (tasks.length === 0) return;
    const ids = tasks.map((task) => ({ connector: this.name, task }));
    await this.#context.host.stopTasks(ids, this.#shutdownMs());
  }

  async #eachTask(act: (id: TaskId) => Promise<void>): Promise<void> {
    const ids = this.#taskConfigs.map((_config, task) => ({ connector: this.name, task }));
    await Promise.all(ids.map(act));
  }

  async #runnable(): Promise<RunnableConnector> {
    const { props } = await this.#context.worker.transformer.transform(this.#config);
    return { name: this.name, plugin: this.#plugin, props };
  }

  #setTask(task: number, state: ReportedTaskState, failure: Failure | null = null): void {
    const { statuses, observer } = this.#context;
    statuses.setTask(this.name, task, state, this.#plugin.version, failure?.trace);
    if (this.#starting.delete(task)) observer.onTaskStart(state !== 'FAILED');
    observer.onTaskState(this.name, task, state, failure);
  }

  #shutdownMs(): number {
    return this.#context.worker.values['task.shutdown.graceful.timeout.ms'];
  }
}

function failureOf(trace: string | undefined, code = 'CONNECT_UNFORESEEN'): Failure | null {
  return trace === undefined ? null : { trace, code };
}

function isEqual(a: Props | null, b: Props | null): boolean {
  if (a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
