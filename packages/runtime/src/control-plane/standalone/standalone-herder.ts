import type { ConfigOrigins, Logger } from '@sluice/api';
import { patchedOrigins, restOrigins } from '../../config/config-origins.ts';
import {
  RestError,
  conflict,
  notFound,
  type ConfigInfos,
  type ConfigKeyInfo,
  type ConnectorConfig,
  type ConnectorConfigInput,
  type ConnectorInfo,
  type ConnectorStateInfo,
  type Herder,
  type OffsetEntryText,
  type OffsetsMessage,
  type PluginInfo,
  type ServerInfo,
  type TargetState,
  type TaskInfo,
  type TaskStateInfo,
} from '@sluice/rest';
import type { TaskHost, TaskHostListener } from '../../task-host/contract.ts';
import { requireStopped } from '../offsets/connector-offsets-api.ts';
import type { OffsetsOwner } from '../offsets/offsets-owner.ts';
import type { Restartable } from '../supervision/auto-restart.ts';
import { ActiveTopics } from '../worker/active-topics.ts';
import { ConnectorStatuses } from '../worker/connector-statuses.ts';
import { listPlugins, pluginKeys } from '../worker/plugin-listing.ts';
import { restartPlan } from '../worker/restart-plan.ts';
import { HerderStage } from '../worker/herder-stage.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import { ConnectorRunners } from './connector-runners.ts';
import {
  standaloneParts,
  type StandaloneHerderOptions,
  type StandaloneParts,
} from './standalone-parts.ts';

/** As Java calls it. */
const VALIDATING = 'performing multi-property validation for the connector';

/**
 * The herder of a worker that stands alone: configs and statuses in memory, every connector run
 * here. Mirrors `org.apache.kafka.connect.runtime.standalone.StandaloneHerder`.
 */
export class StandaloneHerder implements Herder, AsyncDisposable {
  isReady = false;
  readonly #options: StandaloneHerderOptions;
  readonly #logger: Logger;
  readonly #host: TaskHost;
  readonly #statuses: ConnectorStatuses;
  readonly #parts: StandaloneParts;
  readonly #topics = new ActiveTopics();
  readonly #runners: ConnectorRunners;
  readonly #stage = new HerderStage();
  #isClosed = false;

  /** @throws ConfigError when the override policy is not known */
  constructor(options: StandaloneHerderOptions) {
    this.#options = options;
    this.#logger = options.logger;
    this.#host = options.createTaskHost(this.#listener());
    this.#statuses = new ConnectorStatuses(options.workerId);
    this.#parts = standaloneParts(options, this.#host, {
      views: () => this.#runners.views(),
      configOf: (connector) => this.#runners.find(connector)?.config ?? null,
      restart: (what) => this.#restartFailed(what),
    });
    this.#runners = new ConnectorRunners({
      host: this.#host,
      worker: options.worker,
      statuses: this.#statuses,
      observer: this.#parts.supervision,
      stage: this.#stage,
      logger: this.#logger,
    });
  }

  get metrics(): StandaloneParts['metrics'] {
    return this.#parts.metrics;
  }
  get insight(): StandaloneParts['insight'] {
    return this.#parts.insight;
  }

  /** Says that the connectors of the command line are created (R9.03). */
  ready(): void {
    this.isReady = true;
    this.#stage.say('The worker takes commands.');
  }

  serverInfo(): ServerInfo {
    return this.#options.serverInfo;
  }
  stage(): string {
    return this.#stage.sentence;
  }

  connectors(): Promise<readonly string[]> {
    return Promise.resolve(this.#runners.names());
  }
  async connectorInfo(name: string): Promise<ConnectorInfo> {
    return Promise.resolve(this.#runners.of(name).info);
  }
  async connectorConfig(name: string): Promise<ConnectorConfig> {
    return Promise.resolve(this.#runners.of(name).config);
  }
  async connectorStatus(name: string): Promise<ConnectorStateInfo> {
    const status = this.#statuses.status(name, this.#runners.typeOf(name));
    if (status === null) throw notFound(`No status found for connector ${name}`);
    return Promise.resolve(status);
  }
  async taskStatus(name: string, task: number): Promise<TaskStateInfo> {
    const status = this.#statuses.tasks(name).find(({ id }) => id === task);
    if (status === undefined) throw notFound(`No status found for task ${name}-${task}`);
    return Promise.resolve(status);
  }
  async taskConfigs(name: string): Promise<readonly TaskInfo[]> {
    return Promise.resolve(this.#runners.of(name).tasks);
  }

  async putConnectorConfig(
    name: string,
    config: ConnectorConfigInput,
    options: {
      readonly targetState?: TargetState;
      readonly allowReplace: boolean;
      readonly origins?: ConfigOrigins;
    },
  ): Promise<{ readonly isNew: boolean; readonly info: ConnectorInfo }> {
    return this.#stage.during(`configuring the connector ${name}`, async () => {
      const origins = options.origins ?? restOrigins(config);
      const valid = await this.#stage.during(VALIDATING, () =>
        this.#parts.admission.admit(config, origins),
      );
      const plugin = this.#parts.validator.connectorOf(config);
      await this.#runners.left(name);
      const existing = this.#runners.find(name);
      if (existing !== null && !options.allowReplace)
        throw conflict(`Connector ${name} already exists`);
      const wanted = { plugin, config: valid, origins };
      const runner = existing ?? this.#runners.add(name, wanted);
      this.#logger.info(`${existing === null ? 'Creating' : 'Updating'} connector ${name}`);
      await runner.configure(wanted, options.targetState ?? runner.target);
      return { isNew: existing === null, info: runner.info };
    });
  }

  async patchConnectorConfig(name: string, patch: ConnectorConfigInput): Promise<ConnectorInfo> {
    const { config, origins } = this.#runners.of(name);
    const kept = Object.entries({ ...config, ...patch }).filter(([, value]) => value !== null);
    const { info } = await this.putConnectorConfig(name, Object.fromEntries(kept), {
      allowReplace: true,
      origins: patchedOrigins(origins, patch),
    });
    return info;
  }

  async deleteConnector(name: string): Promise<void> {
    await this.#runners.remove(name, (runner) =>
      this.#stage.during(`deleting the connector ${name}`, () => runner.tell({ type: 'deleted' })),
    );
    this.#topics.forget(name);
    this.#logger.info(`Deleted connector ${name}`);
  }

  /** Answers before the tasks have paused: pausing is a wish that is carried out (R1.35). */
  async pauseConnector(name: string): Promise<void> {
    return this.#setTarget(this.#runners.of(name, unknownConnector), 'PAUSED');
  }
  async resumeConnector(name: string): Promise<void> {
    return this.#setTarget(this.#runners.of(name, unknownConnector), 'STARTED');
  }
  async stopConnector(name: string): Promise<void> {
    const runner = this.#runners.of(name);
    await this.#stage.during(`stopping the connector ${name}`, () =>
      runner.tell({ type: 'targetSet', target: 'STOPPED' }),
    );
  }

  async restartConnector(name: string): Promise<void> {
    const runner = this.#runners.of(name);
    await this.#stage.during(`restarting the connector ${name}`, () =>
      runner.tell({ type: 'restartAsked' }),
    );
  }

  async restartConnectorAndTasks(
    name: string,
    request: { readonly onlyFailed: boolean; readonly includeTasks: boolean },
  ): Promise<ConnectorStateInfo> {
    const runner = this.#runners.of(name, (each) => `Unknown connector: ${each}`);
    const status = this.#statuses.status(name, runner.type);
    if (status === null) throw notFound(`Status for connector ${name} not found`);
    const plan = restartPlan(status, request);
    this.#inBackground(`restarting ${name}`, () => runner.restart(plan));
    return plan.planned;
  }

  async restartTask(name: string, task: number): Promise<void> {
    const runner = this.#runners.of(name);
    if (task < 0 || task >= runner.tasks.length) throw notFound(`Task ${name}-${task} not found`);
    await this.#stage.during(`restarting the task ${name}-${task}`, () =>
      runner.restartTasks([task]),
    );
  }

  async connectorTopics(name: string): Promise<readonly string[]> {
    return Promise.resolve(this.#topics.of(name));
  }
  async resetConnectorTopics(name: string): Promise<void> {
    this.#topics.forget(name);
    this.#host.forgetTopics(name);
    return Promise.resolve();
  }

  async connectorOffsets(name: string): Promise<readonly OffsetEntryText[]> {
    return this.#parts.offsets.read(await this.#offsetsOwner(this.#runners.of(name)));
  }
  async alterConnectorOffsets(
    name: string,
    entries: readonly OffsetEntryText[],
  ): Promise<OffsetsMessage> {
    return this.#changeOffsets(name, (owner) => this.#parts.offsets.alter(owner, entries));
  }
  async resetConnectorOffsets(name: string): Promise<OffsetsMessage> {
    return this.#changeOffsets(name, (owner) => this.#parts.offsets.reset(owner));
  }

  putTaskConfigs(): Promise<void> {
    return Promise.reject(unsupported('externally setting task configurations'));
  }
  fenceZombieSourceTasks(): Promise<void> {
    return Promise.reject(unsupported('exactly-once source connectors'));
  }

  plugins(connectorsOnly: boolean): readonly PluginInfo[] {
    return listPlugins(this.#options.worker.catalog, connectorsOnly);
  }
  async pluginConfig(
    name: string,
    version: string | null = null,
  ): Promise<readonly ConfigKeyInfo[]> {
    return Promise.resolve(pluginKeys(this.#options.worker.catalog, name, version));
  }
  validateConfig(_plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos> {
    return this.#stage.during(VALIDATING, () => this.#parts.validator.validate(config));
  }

  /** Ends all connectors and tasks. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.isReady = false;
    this.#stage.say('The worker is stopping.');
    this.#parts.supervision.close();
    const timeoutMs = this.#options.worker.values['task.shutdown.graceful.timeout.ms'];
    await this.#host.close(timeoutMs);
    this.#options.worker.overridePolicy?.close?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listener(): TaskHostListener {
    return {
      onTaskStatus: ({ connector, task }, state, trace, code) =>
        this.#runners.find(connector)?.taskReported(task, state, trace, code),
      onConnectorFailed: (connector, trace) =>
        this.#tellInBackground(connector, { type: 'instanceFailed', trace }),
      onTaskReconfigurationRequested: (connector) =>
        this.#tellInBackground(connector, { type: 'reconfigurationAsked' }),
      // A late word of a task whose connector is gone starts no new set.
      onTopicUsed: ({ connector }, topic) => {
        if (this.#runners.find(connector) !== null) this.#topics.add(connector, topic);
      },
    };
  }

  /** In turn with what else happens to the connector: it can't be resumed meanwhile. */
  async #changeOffsets(
    name: string,
    change: (owner: OffsetsOwner) => Promise<OffsetsMessage>,
  ): Promise<OffsetsMessage> {
    const runner = this.#runners.of(name);
    return this.#stage.during(`changing offsets of the connector ${name}`, () =>
      runner.inOrder(async () => {
        requireStopped(name, runner.isStopped);
        return change(await this.#offsetsOwner(runner));
      }),
    );
  }

  async #offsetsOwner({ name, plugin, config }: ConnectorRunner): Promise<OffsetsOwner> {
    const { props } = await this.#options.worker.transformer.transform(config);
    return { name, plugin, props };
  }

  /** For the restart policy: what is not FAILED any more is left alone. */
  async #restartFailed({ connector, task }: Restartable): Promise<void> {
    const runner = this.#runners.find(connector);
    if (runner === null || this.#isClosed) return;
    if (task === null) {
      if (this.#statuses.connector(connector)?.state === 'FAILED')
        await runner.tell({ type: 'restartAsked' });
      return;
    }
    const failed = this.#statuses.tasks(connector).some((each) => isFailed(each, task));
    if (failed) await runner.restartTasks([task]);
  }

  #tellInBackground(name: string, event: Parameters<ConnectorRunner['tell']>[0]): void {
    const runner = this.#runners.find(name);
    if (runner === null || this.#isClosed) return;
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
}

/** Pause and resume name an unknown connector in other words than the rest. */
function unknownConnector(name: string): string {
  return `Unknown connector ${name}`;
}

function isFailed({ id, state }: TaskStateInfo, task: number): boolean {
  return id === task && state === 'FAILED';
}

/** 500, as Java answers what only a cluster can do (R9.04). */
function unsupported(what: string): RestError {
  return new RestError(500, `Kafka Connect in standalone mode does not support ${what}.`);
}
