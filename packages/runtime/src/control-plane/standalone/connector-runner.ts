import { ConnectError, type ConfigOrigins, type Props } from '@sluice/api';
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
import type { ConnectorSpec, ReportedTaskState, TaskTarget } from '../../task-host/contract.ts';
import { assertNever } from '../assert-never.ts';
import { ReloadTimer } from '../worker/reload-timer.ts';
import type { RestartPlan } from '../worker/restart-plan.ts';
import { connectorSpec, type RunnableConnector } from '../worker/task-specs.ts';
import {
  NEW_CONNECTOR,
  transition,
  type ConnectorLifecycle,
  type LifecycleEffect,
  type LifecycleEvent,
} from './connector-lifecycle.ts';
import { ConnectorTasks } from './connector-tasks.ts';
import { failureOf, shutdownMs, type RunnerContext } from './runner-context.ts';

interface MadeInfo {
  readonly config: ConnectorConfig;
  readonly configs: readonly Props[];
  readonly info: ConnectorInfo;
}

/** What a connector is to be. */
export interface RunnerConfig {
  readonly plugin: Plugin;
  /** As written, references unresolved. */
  readonly config: ConnectorConfig;
  /** Where its values were written. */
  readonly origins: ConfigOrigins;
}

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
  #origins: ConfigOrigins;
  readonly #tasks: ConnectorTasks;
  /** The last `info`, and what it was made of. */
  #madeInfo: MadeInfo | null = null;
  #isRemoved = false;
  readonly #reload = new ReloadTimer();
  /** The code of what the instance failed with last. */
  #failureCode = 'CONNECT_ERROR';
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, { plugin, config, origins }: RunnerConfig, context: RunnerContext) {
    this.name = name;
    this.#plugin = plugin;
    this.#config = config;
    this.#origins = origins;
    this.#context = context;
    this.#tasks = new ConnectorTasks(this, context);
  }

  /** As written, references unresolved. */
  get config(): ConnectorConfig {
    return this.#config;
  }
  /** Where the values of {@link config} were written. */
  get origins(): ConfigOrigins {
    return this.#origins;
  }
  get version(): string {
    return this.#plugin.version;
  }
  /** What new tasks are to do. */
  get taskTarget(): TaskTarget {
    return this.#lifecycle.target === 'PAUSED' ? 'PAUSED' : 'STARTED';
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
    if (made?.config === this.#config && made.configs === this.#tasks.configs) return made.info;
    const { name, config, type } = this;
    const info = { name, config, tasks: this.tasks.map(({ id }) => id), type };
    this.#madeInfo = { config: this.#config, configs: this.#tasks.configs, info };
    return info;
  }
  /** Whether it is to stand still and has no tasks any more (R1.52). */
  get isStopped(): boolean {
    return this.#lifecycle.target === 'STOPPED' && this.#tasks.configs.length === 0;
  }
  /** As the connector made them, references put back (R1.30). */
  get tasks(): readonly TaskInfo[] {
    return this.#tasks.infos();
  }

  /**
   * Starts the connector with a config, or again with another one.
   *
   * @throws the error with which it did not start; it is FAILED then, and its config kept
   */
  configure({ plugin, config, origins }: RunnerConfig, target: TargetState): Promise<void> {
    void this.#context.host.hurryConnector(this.name, shutdownMs(this.#context));
    return this.inOrder(async () => {
      this.#plugin = plugin;
      this.#config = config;
      this.#origins = origins;
      this.#context.observer.onNewLife(this.name);
      await this.#handle({ type: 'configured', target });
    });
  }

  /** One of the events that carry nothing but a wish. */
  tell(event: Exclude<LifecycleEvent, { readonly type: 'configured' }>): Promise<void> {
    if (endsInstance(event))
      void this.#context.host.hurryConnector(this.name, shutdownMs(this.#context));
    return this.inOrder(() => this.#handle(event));
  }

  /**
   * Stops these tasks and starts them again with the config they had. They are RESTARTING from now
   * on: who waits for RUNNING never takes the old one for the new one.
   */
  restartTasks(tasks: readonly number[]): Promise<void> {
    this.#tasks.setRestarting(tasks);
    return this.inOrder(() => this.#tasks.restart(tasks));
  }

  /**
   * What a plan says (KIP-745). Tasks do not wait for the connector: it may take long, or fail.
   *
   * @throws the error with which the connector did not start
   */
  async restart({ restartsConnector, taskIds }: RestartPlan): Promise<void> {
    if (restartsConnector)
      this.#context.statuses.setConnector(this.name, 'RESTARTING', this.#plugin.version);
    const tasks = taskIds.length === 0 ? null : this.restartTasks(taskIds);
    await Promise.all([tasks, restartsConnector ? this.tell({ type: 'restartAsked' }) : null]);
  }

  /** What the task host reports; ignored once the connector or the task is gone. */
  taskReported(task: number, state: ReportedTaskState, trace?: string, code?: string): void {
    if (!this.#isRemoved) this.#tasks.reported(task, state, trace, code);
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
        const spec = connectorSpec(await this.runnable(), effect.target, this.#context.worker);
        await this.#startInstance(spec);
        await this.#scheduleReload();
        return { type: 'instanceReady' };
      }
      case 'setInstanceTarget':
        await host.setConnectorTarget(this.name, effect.target);
        return { type: 'instanceReady' };
      case 'stopInstance':
        this.#reload.cancel();
        await host.stopConnector(this.name, shutdownMs(this.#context));
        return null;
      case 'updateTasks':
        await this.#tasks.update();
        return null;
      case 'pauseTasks':
        await this.#tasks.pause();
        return null;
      case 'resumeTasks':
        await this.#tasks.resume();
        return null;
      case 'removeTasks':
        await this.#tasks.remove();
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
    const { host, observer, stage } = this.#context;
    let isStarted = false;
    try {
      await stage.during(`starting the connector ${this.name}`, () => host.startConnector(spec));
      isStarted = true;
    } finally {
      observer.onConnectorStart(isStarted);
    }
  }

  /** With its references looked up. */
  async runnable(): Promise<RunnableConnector> {
    const { props } = await this.#context.worker.transformer.transform(this.#config);
    return { name: this.name, plugin: this.#plugin, props };
  }
}

/** Whether the instance is to end: a call that it does not return from must not hold that up for ever. */
function endsInstance(event: LifecycleEvent): boolean {
  if (event.type === 'targetSet') return event.target === 'STOPPED';
  return event.type === 'restartAsked' || event.type === 'deleted';
}
