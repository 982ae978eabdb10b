import { type ConfigValue, ConnectError, type Props, type SourceMap } from '@sluice/api';
import type { KafkaClients } from '../data-plane/kafka-clients.ts';
import type { OffsetText, SourceOffsetStore } from '../data-plane/source/source-offset-store.ts';
import type { Loggers } from '../logging/loggers.ts';
import { PluginMetricsRegistry } from '../metrics/plugin-metrics-registry.ts';
import { DEFAULT_METRIC_WINDOW } from '../metrics/sampled-stat.ts';
import type { OpenTelemetry } from '../tracing/open-telemetry.ts';
import { offsetJson, parseOffsetJson } from '../storage/offset-json.ts';
import { ConnectorRunner } from './connector-runner.ts';
import type {
  ConnectorSpec,
  PluginRef,
  SinkOffsetAlteration,
  SourceOffsetAlteration,
  TaskSpec,
} from './contract.ts';
import { type CallHandlers, type ChannelPort, ControlChannel } from './control-channel.ts';
import type { HostCalls, HostEvent, Incarnation, LaneCalls, LaneEvent } from './lane-protocol.ts';
import { loadPlugin, PLUGIN_TYPES } from './plugin-loader.ts';
import { preview } from './preview/preview.ts';
import { buildTask, offsetReader, taskLogContext } from './task-builder.ts';
import { TaskRunner } from './task-runner.ts';

/** Offsets are on this machine's disk or in Kafka: an answer that takes longer never comes. */
const OFFSET_CALL_MS_MAX = 60_000;

export interface LaneServerOptions {
  readonly port: ChannelPort;
  readonly loggers: Loggers;
  /** Makes the Kafka clients module available; called for the first task, so a lane starts light. */
  readonly loadClients: () => Promise<KafkaClients>;
  /** Makes the tracer available, `null` when nothing is traced; called for the first task. */
  readonly loadTelemetry: () => Promise<OpenTelemetry | null>;
}

/** Answers the main thread from now on, for as long as the thread lives. */
export function serveLane(options: LaneServerOptions): void {
  new LaneServer(options).listen();
}

/** The lane's side of the control channel: connectors and tasks by name. */
class LaneServer {
  readonly #options: LaneServerOptions;
  readonly #channel: ControlChannel<HostCalls, LaneCalls, LaneEvent, HostEvent>;
  readonly #connectors = new Map<string, ConnectorRunner>();
  readonly #tasks = new Map<Incarnation, TaskRunner>();

  constructor(options: LaneServerOptions) {
    this.#options = options;
    this.#channel = new ControlChannel({
      port: options.port,
      handlers: this.#handlers(),
      onEvent: ({ connector }) => {
        for (const task of this.#tasks.values()) {
          if (task.connector === connector) task.forgetTopics();
        }
      },
    });
  }

  listen(): void {
    this.#channel.open();
  }

  #handlers(): CallHandlers<LaneCalls> {
    const withTask = (incarnation: Incarnation, call: (task: TaskRunner) => void): null => {
      const task = this.#tasks.get(incarnation);
      if (task !== undefined) call(task);
      return null;
    };
    return {
      startConnector: (spec) => this.#startConnector(spec),
      setConnectorTarget: async ({ name, target }) => {
        await this.#connector(name).setTarget(target);
        return null;
      },
      taskConfigs: ({ name, maxTasks }) => this.#connector(name).taskConfigs(maxTasks),
      stopConnector: async ({ name }) => {
        const connector = this.#connectors.get(name);
        this.#connectors.delete(name);
        await connector?.stop();
        return null;
      },
      validate: ({ plugin, props }) => validate(plugin, props),
      alterOffsets: ({ plugin, props, offsets }) => alterOffsets(plugin, props, offsets),
      preview: (spec) => preview(spec, this.#options.loggers, this.#options.loadClients),
      startTask: ({ incarnation, spec }) => this.#startTask(incarnation, spec),
      pauseTask: ({ incarnation }) => withTask(incarnation, (task) => task.pause()),
      resumeTask: ({ incarnation }) => withTask(incarnation, (task) => task.resume()),
      stopTask: ({ incarnation }) => withTask(incarnation, (task) => task.stop()),
      cancelTask: ({ incarnation }) => withTask(incarnation, (task) => task.cancel()),
      taskProgress: ({ incarnation }) => this.#tasks.get(incarnation)?.progress() ?? null,
      taskReports: () =>
        [...this.#tasks].map(([incarnation, task]) => ({
          incarnation,
          progress: task.progress(),
          metrics: task.metrics(),
          clientMetrics: task.clientMetrics(),
          errors: task.seenErrors(),
        })),
      pluginMetrics: () => ({
        connectors: [...this.#connectors].map(([name, runner]) => ({
          name,
          values: runner.pluginValues(),
        })),
        tasks: [...this.#tasks].map(([incarnation, task]) => ({
          incarnation,
          values: task.pluginValues(),
        })),
      }),
      setLogLevel: ({ logger, level }) => {
        this.#options.loggers.setLevel(logger, level);
        return null;
      },
      ping: () => null,
    };
  }

  async #startConnector(spec: ConnectorSpec): Promise<null> {
    const { name, plugin } = spec;
    const runner = new ConnectorRunner({
      spec,
      offsetStorageReader: offsetReader(this.#offsets(name)),
      logger: this.#options.loggers.get(plugin.className, `[${name}|worker] `),
      pluginMetrics: new PluginMetricsRegistry({ connector: name }, DEFAULT_METRIC_WINDOW),
      events: {
        onFailed: (trace) =>
          this.#channel.tell({ type: 'connectorFailed', connector: name, trace }),
        onReconfigurationRequested: () =>
          this.#channel.tell({ type: 'reconfigurationRequested', connector: name }),
      },
    });
    this.#connectors.set(name, runner);
    try {
      await runner.start();
    } catch (error) {
      if (this.#connectors.get(name) === runner) this.#connectors.delete(name);
      throw error;
    }
    return null;
  }

  #startTask(incarnation: Incarnation, spec: TaskSpec): null {
    const { loggers, loadClients, loadTelemetry } = this.#options;
    const { id } = spec;
    const tags = { connector: id.connector, task: String(id.task) };
    const pluginMetrics = new PluginMetricsRegistry(tags, spec.metricWindow);
    const runner = new TaskRunner({
      spec,
      pluginMetrics,
      logger: loggers.get('org.apache.kafka.connect.runtime.WorkerTask', taskLogContext(spec)),
      build: async (control, events) =>
        buildTask(spec, control, events, {
          clients: await loadClients(),
          telemetry: await loadTelemetry(),
          offsets: this.#offsets(id.connector),
          loggers,
          pluginMetrics,
        }),
      events: {
        onStatus: (state, trace, code) =>
          this.#channel.tell({ type: 'taskStatus', incarnation, id, state, trace, code }),
        onTopicUsed: (topic) => {
          if (spec.isTopicTracked) {
            this.#channel.tell({ type: 'topicUsed', incarnation, id, topic });
          }
        },
        onEnded: () => {
          this.#tasks.delete(incarnation);
          this.#channel.tell({ type: 'taskEnded', incarnation });
        },
      },
    });
    this.#tasks.set(incarnation, runner);
    runner.begin();
    return null;
  }

  /** Offsets of one connector, over the channel as JSON texts. */
  #offsets(connector: string): SourceOffsetStore {
    return {
      read: async (partitions: readonly SourceMap[]) => {
        const texts = await this.#channel.call(
          'readOffsets',
          { connector, partitions: partitions.map((each) => offsetJson(each)) },
          OFFSET_CALL_MS_MAX,
        );
        return texts.map((text) => (text === null ? null : parseOffsetJson(text)));
      },
      write: async (offsets: readonly OffsetText[]) => {
        await this.#channel.call('writeOffsets', { connector, offsets }, OFFSET_CALL_MS_MAX);
      },
    };
  }

  #connector(name: string): ConnectorRunner {
    const connector = this.#connectors.get(name);
    if (connector === undefined) throw new ConnectError(`Connector ${name} is not there`);
    return connector;
  }
}

async function validate(ref: PluginRef, props: Props): Promise<readonly ConfigValue[]> {
  // Converters, transformations and predicates are checked too, by what their ConfigDef's code says.
  const plugin = await loadPlugin(ref, PLUGIN_TYPES);
  const instance = plugin.create();
  const values =
    'validate' in instance && instance.validate !== undefined
      ? await instance.validate(props)
      : plugin.config.validate(props);
  return values.map((each) => ({
    ...each,
    value: cloneable(each.value),
    recommendedValues: each.recommendedValues.map(cloneable),
  }));
}

async function alterOffsets(
  ref: PluginRef,
  props: Props,
  offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[],
): Promise<boolean | null> {
  const plugin = await loadPlugin(ref, ['source', 'sink']);
  if (plugin.type === 'source') {
    const source = (await loadPlugin(ref, ['source'])).create();
    const own = offsets.filter((each): each is SourceOffsetAlteration => !('topic' in each));
    return (await source.alterOffsets?.(props, own.map(parsedAlteration))) ?? null;
  }
  const sink = (await loadPlugin(ref, ['sink'])).create();
  const own = offsets.filter((each): each is SinkOffsetAlteration => 'topic' in each);
  return (await sink.alterOffsets?.(props, own)) ?? null;
}

function parsedAlteration({ partition, offset }: SourceOffsetAlteration): {
  readonly partition: SourceMap;
  readonly offset: SourceMap | null;
} {
  return {
    partition: parseOffsetJson(partition) ?? {},
    offset: offset === null ? null : parseOffsetJson(offset),
  };
}

/** What another thread can be given of a parsed value: a password as what it prints, and so on. */
function cloneable(value: unknown): unknown {
  if (typeof value === 'function') return value.name;
  if (typeof value !== 'object' || value === null) return value;
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return copy;
}
