import { ConfigError, type Logger } from '@sluice/api';
import {
  RestError,
  badRequest,
  conflict,
  notFound,
  type ConfigInfos,
  type ConfigKeyInfo,
  type ConnectorConfig,
  type ConnectorConfigInput,
  type ConnectorInfo,
  type ConnectorStateInfo,
  type ConnectorType,
  type Herder,
  type PluginInfo,
  type ServerInfo,
  type TargetState,
  type TaskInfo,
  type TaskStateInfo,
} from '@sluice/rest';
import type { PluginType } from '../../plugins/plugin-catalog.ts';
import type { TaskHost, TaskHostListener } from '../../task-host/contract.ts';
import { configKeyInfo } from '../validation/config-infos.ts';
import { ConnectorValidator } from '../validation/connector-validator.ts';
import { overridePolicy } from '../validation/override-policy.ts';
import { ConnectorStatuses } from '../worker/connector-statuses.ts';
import { restartPlan } from '../worker/restart-plan.ts';
import type { WorkerContext } from '../worker/worker-context.ts';
import { ConnectorRunner, type RunnerContext } from './connector-runner.ts';

/** What a standalone herder is made of. */
export interface StandaloneHerderOptions {
  readonly worker: WorkerContext;
  /** Makes the task host; the herder is its listener, and closes it. */
  createTaskHost(listener: TaskHostListener): TaskHost;
  readonly serverInfo: ServerInfo;
  /** `host:port`, in every status (R1.15). */
  readonly workerId: string;
  readonly logger: Logger;
}

const CONNECTOR_TYPES: readonly PluginType[] = ['sink', 'source'];

/**
 * The herder of a worker that stands alone: configs and statuses in memory, every connector run
 * here. Mirrors `org.apache.kafka.connect.runtime.standalone.StandaloneHerder`.
 */
export class StandaloneHerder implements Herder, AsyncDisposable {
  isReady = false;
  readonly #options: StandaloneHerderOptions;
  readonly #logger: Logger;
  readonly #host: TaskHost;
  readonly #validator: ConnectorValidator;
  readonly #statuses: ConnectorStatuses;
  readonly #runners = new Map<string, ConnectorRunner>();
  readonly #runnerContext: RunnerContext;
  /** Connectors that are being deleted: one of the same name has to wait for it. */
  readonly #leaving = new Map<string, Promise<void>>();
  #stage = 'The worker is starting.';
  #isClosed = false;

  /** @throws ConfigError when the override policy is not known */
  constructor(options: StandaloneHerderOptions) {
    const { worker, logger } = options;
    this.#options = options;
    this.#logger = logger;
    this.#host = options.createTaskHost(this.#listener());
    this.#statuses = new ConnectorStatuses(options.workerId);
    this.#validator = new ConnectorValidator({
      catalog: worker.catalog,
      converters: worker.converters,
      transformer: worker.transformer,
      policy: overridePolicy(
        worker.values['connector.client.config.override.policy'],
        worker.values['connector.client.config.override.allowlist'],
      ),
      validateInCode: (plugin, props) => this.#host.validate(plugin, props),
    });
    const { statuses, host } = { statuses: this.#statuses, host: this.#host };
    this.#runnerContext = { host, worker, statuses, logger };
  }

  /** Says that the connectors of the command line are created (R9.03). */
  ready(): void {
    this.isReady = true;
    this.#stage = 'The worker takes commands.';
  }

  serverInfo(): ServerInfo {
    return this.#options.serverInfo;
  }
  stage(): string {
    return this.#stage;
  }

  connectors(): Promise<readonly string[]> {
    return Promise.resolve([...this.#runners.keys()]);
  }
  async connectorInfo(name: string): Promise<ConnectorInfo> {
    return Promise.resolve(this.#info(this.#runner(name)));
  }
  async connectorConfig(name: string): Promise<ConnectorConfig> {
    return Promise.resolve(this.#runner(name).config);
  }
  async connectorStatus(name: string): Promise<ConnectorStateInfo> {
    const connector = this.#statuses.connector(name);
    if (connector === null) throw notFound(`No status found for connector ${name}`);
    const tasks = this.#statuses.tasks(name);
    return Promise.resolve({ name, connector, tasks, type: this.#typeOf(name) });
  }
  async taskStatus(name: string, task: number): Promise<TaskStateInfo> {
    const status = this.#statuses.tasks(name).find(({ id }) => id === task);
    if (status === undefined) throw notFound(`No status found for task ${name}-${task}`);
    return Promise.resolve(status);
  }
  async taskConfigs(name: string): Promise<readonly TaskInfo[]> {
    return Promise.resolve(this.#runner(name).tasks);
  }

  async putConnectorConfig(
    name: string,
    config: ConnectorConfigInput,
    options: { readonly targetState?: TargetState; readonly allowReplace: boolean },
  ): Promise<{ readonly isNew: boolean; readonly info: ConnectorInfo }> {
    return this.#during(`configuring the connector ${name}`, async () => {
      const valid = await this.#validated(config);
      const plugin = this.#validator.connectorOf(config);
      while (this.#leaving.has(name)) await this.#leaving.get(name);
      const existing = this.#runners.get(name);
      if (existing !== undefined && !options.allowReplace)
        throw conflict(`Connector ${name} already exists`);
      const runner = existing ?? new ConnectorRunner(name, plugin, valid, this.#runnerContext);
      this.#runners.set(name, runner);
      this.#logger.info(`${existing === undefined ? 'Creating' : 'Updating'} connector ${name}`);
      await runner.configure(plugin, valid, options.targetState ?? runner.target);
      return { isNew: existing === undefined, info: this.#info(runner) };
    });
  }

  async patchConnectorConfig(name: string, patch: ConnectorConfigInput): Promise<ConnectorInfo> {
    const kept = Object.entries({ ...this.#runner(name).config, ...patch }).filter(
      ([, value]) => value !== null,
    );
    const config = Object.fromEntries(kept);
    return (await this.putConnectorConfig(name, config, { allowReplace: true })).info;
  }

  async deleteConnector(name: string): Promise<void> {
    const runner = this.#runner(name);
    this.#runners.delete(name);
    const leaving = this.#during(`deleting the connector ${name}`, () =>
      runner.tell({ type: 'deleted' }),
    ).finally(() => this.#leaving.delete(name));
    this.#leaving.set(
      name,
      leaving.catch(() => undefined),
    );
    await leaving;
    this.#logger.info(`Deleted connector ${name}`);
  }

  /** Answers before the tasks have paused: pausing is a wish that is carried out (R1.35). */
  async pauseConnector(name: string): Promise<void> {
    return this.#setTarget(this.#known(name), 'PAUSED');
  }
  async resumeConnector(name: string): Promise<void> {
    return this.#setTarget(this.#known(name), 'STARTED');
  }
  async stopConnector(name: string): Promise<void> {
    const runner = this.#runner(name);
    await this.#during(`stopping the connector ${name}`, () =>
      runner.tell({ type: 'targetSet', target: 'STOPPED' }),
    );
  }

  async restartConnector(name: string): Promise<void> {
    const runner = this.#runner(name);
    await this.#during(`restarting the connector ${name}`, () =>
      runner.tell({ type: 'restartAsked' }),
    );
  }

  async restartConnectorAndTasks(
    name: string,
    request: { readonly onlyFailed: boolean; readonly includeTasks: boolean },
  ): Promise<ConnectorStateInfo> {
    const runner = this.#runners.get(name);
    if (runner === undefined) throw notFound(`Unknown connector: ${name}`);
    const plan = restartPlan(await this.connectorStatus(name), request);
    this.#inBackground(`restarting ${name}`, async () => {
      if (plan.restartsConnector) await runner.tell({ type: 'restartAsked' });
      await runner.restartTasks(plan.taskIds);
    });
    return plan.planned;
  }

  async restartTask(name: string, task: number): Promise<void> {
    const runner = this.#runner(name);
    if (task < 0 || task >= runner.tasks.length) throw notFound(`Task ${name}-${task} not found`);
    await this.#during(`restarting the task ${name}-${task}`, () => runner.restartTasks([task]));
  }

  putTaskConfigs(): Promise<void> {
    return Promise.reject(unsupported('externally setting task configurations'));
  }
  fenceZombieSourceTasks(): Promise<void> {
    return Promise.reject(unsupported('exactly-once source connectors'));
  }

  plugins(connectorsOnly: boolean): readonly PluginInfo[] {
    const { catalog } = this.#options.worker;
    const plugins = connectorsOnly ? catalog.list(CONNECTOR_TYPES) : catalog.list();
    return plugins.map(({ className, type, version }) => ({ class: className, type, version }));
  }

  async pluginConfig(name: string): Promise<readonly ConfigKeyInfo[]> {
    const { catalog } = this.#options.worker;
    const types: readonly PluginType[] = [
      ...CONNECTOR_TYPES,
      'converter',
      'header_converter',
      'transformation',
      'predicate',
    ];
    try {
      const plugin = catalog.findAny(types, name);
      if (plugin === null) throw notFound(`Unknown plugin ${name}.`);
      return await Promise.resolve(
        [...plugin.config.keys.values()].map((key) => configKeyInfo(key)),
      );
    } catch (error) {
      if (error instanceof ConfigError) throw badRequest(error.message);
      throw error;
    }
  }

  validateConfig(_plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos> {
    return this.#validator.validate(config);
  }

  /** Ends all connectors and tasks. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.isReady = false;
    this.#stage = 'The worker is stopping.';
    const timeoutMs = this.#options.worker.values['task.shutdown.graceful.timeout.ms'];
    await this.#host.close(timeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listener(): TaskHostListener {
    return {
      onTaskStatus: ({ connector, task }, state, trace) =>
        this.#runners.get(connector)?.taskReported(task, state, trace),
      onConnectorFailed: (connector, trace) =>
        this.#tellInBackground(connector, { type: 'instanceFailed', trace }),
      onTaskReconfigurationRequested: (connector) =>
        this.#tellInBackground(connector, { type: 'reconfigurationAsked' }),
      // Used topics are shown by R1.38, which comes with the complete API.
      onTopicUsed: () => undefined,
    };
  }

  #tellInBackground(name: string, event: Parameters<ConnectorRunner['tell']>[0]): void {
    const runner = this.#runners.get(name);
    if (runner === undefined || this.#isClosed) return;
    this.#inBackground(`${event.type} of the connector ${name}`, () => runner.tell(event));
  }

  #setTarget(runner: ConnectorRunner, target: TargetState): void {
    this.#inBackground(`setting the connector ${runner.name} to ${target}`, () =>
      runner.tell({ type: 'targetSet', target }),
    );
  }

  /** What nobody waits for: its failure is in the status, and in the log. */
  #inBackground(what: string, run: () => Promise<void>): void {
    run().catch((error: unknown) => {
      if (!this.#isClosed) this.#logger.error(`Failed while ${what}`, { error });
    });
  }

  async #validated(config: ConnectorConfigInput): Promise<ConnectorConfig> {
    const infos = await this.#validator.validate(config);
    if (infos.error_count === 0) return textsOf(config);
    const errors = infos.configs.flatMap(({ value }) => value?.errors ?? []);
    throw badRequest(
      'Connector configuration is invalid and contains the following ' +
        `${infos.error_count} error(s):\n${errors.join('\n')}\nYou can also find the above list ` +
        'of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    );
  }

  /** Keeps what the herder is at for requests that time out (R1.05). */
  async #during<T>(what: string, run: () => Promise<T>): Promise<T> {
    const began = new Date();
    this.#stage = `The worker is currently ${what}, which began at ${began.toISOString()}.`;
    try {
      return await run();
    } finally {
      this.#stage =
        `The last operation the worker completed was ${what}, which began at ` +
        `${began.toISOString()} and completed at ${new Date().toISOString()}.`;
    }
  }

  #info(runner: ConnectorRunner): ConnectorInfo {
    const { name, config } = runner;
    return { name, config, tasks: runner.tasks.map(({ id }) => id), type: typeOf(runner) };
  }

  #typeOf(name: string): ConnectorType {
    const runner = this.#runners.get(name);
    return runner === undefined ? 'unknown' : typeOf(runner);
  }

  #runner(name: string): ConnectorRunner {
    const runner = this.#runners.get(name);
    if (runner === undefined) throw notFound(`Connector ${name} not found`);
    return runner;
  }

  /** Pause and resume name an unknown connector in other words than the rest. */
  #known(name: string): ConnectorRunner {
    const runner = this.#runners.get(name);
    if (runner === undefined) throw notFound(`Unknown connector ${name}`);
    return runner;
  }
}

/** 500, as Java answers what only a cluster can do (R9.04). */
function unsupported(what: string): RestError {
  return new RestError(500, `Kafka Connect in standalone mode does not support ${what}.`);
}

function typeOf({ plugin }: ConnectorRunner): ConnectorType {
  return plugin.type === 'source' || plugin.type === 'sink' ? plugin.type : 'unknown';
}

function textsOf(config: ConnectorConfigInput): ConnectorConfig {
  return Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
