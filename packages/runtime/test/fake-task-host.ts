import type { ConfigValue, Props } from '@sluice/api';
import type { PluginValue } from '../src/metrics/plugin-value.ts';
import type {
  ConnectorSpec,
  ConnectorTarget,
  PluginRef,
  PreviewOutcome,
  SinkOffsetAlteration,
  SourceOffsetAlteration,
  TaskHost,
  TaskHostListener,
  TaskId,
  TaskProgress,
  TaskReport,
  TaskSpec,
} from '../src/task-host/contract.ts';

/** A task host that runs nothing, notes what it was asked, and fails when told to. */
export class FakeTaskHost implements TaskHost {
  readonly calls: string[] = [];
  readonly specs: TaskSpec[] = [];
  readonly connectors: ConnectorSpec[] = [];
  /** Connectors whose calls under way may be given up. */
  readonly hurried: string[] = [];
  /** What `taskConfigs` answers; by default the connector's own config, once. */
  configs: readonly Props[] | null = null;
  /** Thrown by the next `startConnector`. */
  startFailure: Error | null = null;
  /** Makes every start and stop wait for it. */
  gate: Promise<void> | null = null;
  isClosed = false;
  readonly #listener: TaskHostListener;
  readonly #running = new Map<string, ConnectorSpec>();

  constructor(listener: TaskHostListener) {
    this.#listener = listener;
  }

  get listener(): TaskHostListener {
    return this.#listener;
  }

  async startConnector(spec: ConnectorSpec): Promise<void> {
    await this.gate;
    this.calls.push(`start ${spec.name} ${spec.target}`);
    const failure = this.startFailure;
    this.startFailure = null;
    if (failure !== null) throw failure;
    if (this.#running.has(spec.name)) throw new Error(`${spec.name} is still there`);
    this.connectors.push(spec);
    this.#running.set(spec.name, spec);
  }
  setConnectorTarget(name: string, target: ConnectorTarget): Promise<void> {
    this.calls.push(`target ${name} ${target}`);
    return Promise.resolve();
  }
  taskConfigs(name: string, maxTasks: number): Promise<readonly Props[]> {
    this.calls.push(`taskConfigs ${name} ${maxTasks}`);
    return Promise.resolve(this.configs ?? [this.#running.get(name)?.props ?? {}]);
  }
  hurryConnector(name: string): Promise<void> {
    this.hurried.push(name);
    return Promise.resolve();
  }
  async stopConnector(name: string): Promise<void> {
    await this.gate;
    this.calls.push(`stop ${name}`);
    this.#running.delete(name);
  }
  validate(): Promise<readonly ConfigValue[]> {
    return Promise.resolve([]);
  }
  /** What `alterOffsets` answers. */
  alterAnswer: boolean | null = null;
  readonly altered: unknown[] = [];
  alterOffsets(
    _plugin: PluginRef,
    _props: Props,
    offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[],
  ): Promise<boolean | null> {
    this.altered.push(offsets);
    return Promise.resolve(this.alterAnswer);
  }
  forgetTopics(connector: string): void {
    this.calls.push(`forgetTopics ${connector}`);
  }
  startTask(spec: TaskSpec): Promise<void> {
    this.calls.push(`startTask ${textOf(spec.id)} ${spec.target}`);
    this.specs.push(spec);
    this.#listener.onTaskStatus(spec.id, spec.target === 'PAUSED' ? 'PAUSED' : 'RUNNING');
    return Promise.resolve();
  }
  pauseTask(id: TaskId): Promise<void> {
    this.calls.push(`pauseTask ${textOf(id)}`);
    this.#listener.onTaskStatus(id, 'PAUSED');
    return Promise.resolve();
  }
  resumeTask(id: TaskId): Promise<void> {
    this.calls.push(`resumeTask ${textOf(id)}`);
    this.#listener.onTaskStatus(id, 'RUNNING');
    return Promise.resolve();
  }
  stopTasks(ids: readonly TaskId[]): Promise<void> {
    this.calls.push(`stopTasks ${ids.map(textOf).join(' ')}`);
    for (const id of ids) this.#listener.onTaskStatus(id, 'UNASSIGNED');
    return Promise.resolve();
  }
  taskProgress(): Promise<TaskProgress | null> {
    return Promise.resolve(null);
  }
  preview(): Promise<PreviewOutcome> {
    return Promise.resolve({ records: [], notes: [] });
  }
  reports: readonly TaskReport[] = [];
  taskReports(): Promise<readonly TaskReport[]> {
    return Promise.resolve(this.reports);
  }
  pluginValues: readonly PluginValue[] = [];
  pluginMetrics(): Promise<readonly PluginValue[]> {
    return Promise.resolve(this.pluginValues);
  }
  setLogLevel(): void {
    this.calls.push('setLogLevel');
  }
  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function textOf(id: TaskId): string {
  return `${id.connector}-${id.task}`;
}
