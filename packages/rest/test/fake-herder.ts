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
  type StateInfo,
  type TargetState,
  type TaskInfo,
  type TaskStateInfo,
} from '@sluice/rest';
import { FakeInsight, FakeMetrics } from './fake-insight.ts';

const WORKER_ID = 'worker:8083';

/** A herder that keeps everything in memory, runs nothing, and notes what it was asked. */
export class FakeHerder implements Herder {
  readonly calls: string[] = [];
  readonly insight = new FakeInsight();
  readonly metrics = new FakeMetrics();
  isReady = true;
  /** Makes every call throw this. */
  failure: Error | null = null;
  /** Makes `connectors` wait for it. */
  delay: Promise<void> | null = null;
  /** Called as soon as `connectors` is. */
  onCall: () => void = () => undefined;
  offsets: readonly OffsetEntryText[] = [];
  topics: readonly string[] = [];
  readonly #configs = new Map<string, ConnectorConfig>();
  readonly #states = new Map<string, TargetState>();

  serverInfo(): ServerInfo {
    return { version: '4.3.1-sluice', commit: 'abc', kafka_cluster_id: 'cluster-1' };
  }
  stage(): string {
    return 'The worker is idle.';
  }
  async connectors(): Promise<readonly string[]> {
    this.onCall();
    await this.delay;
    this.#note('connectors');
    return [...this.#configs.keys()];
  }
  async connectorInfo(name: string): Promise<ConnectorInfo> {
    this.#note(`connectorInfo ${name}`);
    return {
      name,
      config: await this.connectorConfig(name),
      tasks: [{ connector: name, task: 0 }],
      type: 'source',
    };
  }
  connectorConfig(name: string): Promise<ConnectorConfig> {
    return Promise.resolve(this.#known(name));
  }
  connectorStatus(name: string): Promise<ConnectorStateInfo> {
    this.#known(name);
    const connector: StateInfo = { state: 'RUNNING', worker_id: WORKER_ID };
    return Promise.resolve({
      name,
      connector,
      tasks: [{ id: 0, state: 'RUNNING', worker_id: WORKER_ID }],
      type: 'source',
    });
  }
  async taskStatus(name: string, task: number): Promise<TaskStateInfo> {
    const status = (await this.connectorStatus(name)).tasks.find(({ id }) => id === task);
    if (status === undefined) throw notFound(`No status found for task ${name}-${task}`);
    return status;
  }
  taskConfigs(name: string): Promise<readonly TaskInfo[]> {
    return Promise.resolve([{ id: { connector: name, task: 0 }, config: this.#known(name) }]);
  }
  async putConnectorConfig(
    name: string,
    config: ConnectorConfigInput,
    options: { readonly targetState?: TargetState; readonly allowReplace: boolean },
  ): Promise<{ readonly isNew: boolean; readonly info: ConnectorInfo }> {
    this.#note(`put ${name}`);
    const isNew = !this.#configs.has(name);
    if (!isNew && !options.allowReplace) throw conflict(`Connector ${name} already exists`);
    const entries = Object.entries(config).map(([key, value]) => [key, String(value)]);
    this.#configs.set(name, Object.fromEntries(entries));
    this.#states.set(name, options.targetState ?? 'STARTED');
    return { isNew, info: await this.connectorInfo(name) };
  }
  async patchConnectorConfig(name: string, patch: ConnectorConfigInput): Promise<ConnectorInfo> {
    const merged = { ...this.#known(name), ...patch };
    const kept = Object.entries(merged).filter(([, value]) => value !== null);
    return (await this.putConnectorConfig(name, Object.fromEntries(kept), { allowReplace: true }))
      .info;
  }
  deleteConnector(name: string): Promise<void> {
    this.#known(name);
    this.#configs.delete(name);
    return Promise.resolve();
  }
  pauseConnector(name: string): Promise<void> {
    return this.#command('pause', name);
  }
  resumeConnector(name: string): Promise<void> {
    return this.#command('resume', name);
  }
  stopConnector(name: string): Promise<void> {
    return this.#command('stop', name);
  }
  restartConnector(name: string): Promise<void> {
    return this.#command('restart', name);
  }
  async restartConnectorAndTasks(
    name: string,
    request: { readonly onlyFailed: boolean; readonly includeTasks: boolean },
  ): Promise<ConnectorStateInfo> {
    await this.#command(`restart ${JSON.stringify(request)}`, name);
    return this.connectorStatus(name);
  }
  restartTask(name: string, task: number): Promise<void> {
    return this.#command(`restart task ${task} of`, name);
  }
  plugins(connectorsOnly: boolean): readonly PluginInfo[] {
    this.#note(`plugins ${connectorsOnly}`);
    return [{ class: 'org.example.FooConnector', type: 'source', version: '1.0' }];
  }
  pluginConfig(plugin: string): Promise<readonly ConfigKeyInfo[]> {
    return plugin === 'Foo'
      ? Promise.resolve([])
      : Promise.reject(notFound(`Unknown plugin ${plugin}.`));
  }
  validateConfig(plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos> {
    this.#note(`validate ${plugin}`);
    const name = config['connector.class'] ?? null;
    if (name === null)
      return Promise.reject(new RestError(400, 'Connector config {} contains no connector type'));
    return Promise.resolve({ name, error_count: 0, groups: [], configs: [] });
  }
  connectorTopics(name: string): Promise<readonly string[]> {
    return Promise.resolve(this.#configs.has(name) ? this.topics : []);
  }
  resetConnectorTopics(name: string): Promise<void> {
    this.#note(`reset topics of ${name}`);
    return Promise.resolve();
  }
  connectorOffsets(name: string): Promise<readonly OffsetEntryText[]> {
    this.#known(name);
    return Promise.resolve(this.offsets);
  }
  alterConnectorOffsets(
    name: string,
    offsets: readonly OffsetEntryText[],
  ): Promise<OffsetsMessage> {
    this.#known(name);
    this.offsets = offsets;
    return Promise.resolve({ message: 'altered' });
  }
  resetConnectorOffsets(name: string): Promise<OffsetsMessage> {
    this.#known(name);
    this.offsets = [];
    return Promise.resolve({ message: 'reset' });
  }
  setClusterLogLevel(logger: string, level: string): Promise<void> {
    this.#note(`cluster level ${logger}=${level}`);
    return Promise.resolve();
  }
  putTaskConfigs(): Promise<void> {
    return Promise.reject(
      new RestError(
        500,
        'Kafka Connect in standalone mode does not support externally setting task configurations.',
      ),
    );
  }
  fenceZombieSourceTasks(): Promise<void> {
    return Promise.reject(
      new RestError(
        500,
        'Kafka Connect in standalone mode does not support exactly-once source connectors.',
      ),
    );
  }
  targetState(name: string): TargetState | undefined {
    return this.#states.get(name);
  }

  #command(what: string, name: string): Promise<void> {
    this.#note(`${what} ${name}`);
    this.#known(name);
    return Promise.resolve();
  }
  #note(call: string): void {
    this.calls.push(call);
    if (this.failure !== null) throw this.failure;
  }
  #known(name: string): ConnectorConfig {
    const config = this.#configs.get(name);
    if (config === undefined) throw notFound(`Connector ${name} not found`);
    return config;
  }
}
