import type {
  ConnectorState,
  MetricFamily,
  MetricsSource,
  ServerInfo,
  TaskStateInfo,
} from '@sluice/rest';
import type { Plugin } from '../../plugins/plugin-catalog.ts';
import type { PluginValue } from '../../metrics/plugin-value.ts';
import type { ConfiguredPlugin, TaskHost, TaskReport, TaskSpec } from '../../task-host/contract.ts';
import { clientMetricName, metricHelp, metricName, metricType } from './metric-name.ts';
import { FamilySet } from './family-set.ts';
import type { Supervision } from '../supervision/supervision.ts';

/** What is known of a connector at the moment. */
export interface ConnectorView {
  readonly name: string;
  readonly plugin: Plugin;
  readonly state: ConnectorState;
  readonly tasks: readonly TaskStateInfo[];
}

export interface WorkerMetricsOptions {
  readonly host: Pick<TaskHost, 'taskReports' | 'pluginMetrics'>;
  readonly connectors: () => readonly ConnectorView[];
  readonly supervision: Supervision;
  readonly serverInfo: ServerInfo;
  readonly workerId: string;
  readonly startedMs: number;
}

/** States as Java counts them per connector (R8.07). */
const COUNTED_STATES: readonly ConnectorState[] = [
  'RUNNING',
  'PAUSED',
  'FAILED',
  'UNASSIGNED',
  'DESTROYED',
  'RESTARTING',
];
const US_PER_S = 1e6;
const MS_PER_S = 1e3;
const STATUS = 'kafka_connect_connector_status';
const STATUS_HELP =
  'Attribute status of kafka.connect:type=connector-task-metrics and, without a task, of ' +
  'connector-metrics, a label.';
const PLUGINS = 'plugins';
const TASK_STATUS_HELP = 'Attribute status of kafka.connect:type=connector-task-metrics, a label.';

/**
 * The worker's metrics (R8.01 to R8.07, R8.12): what its tasks and their plug-ins count in their
 * threads, asked for at each scrape, and what the worker itself knows.
 */
export class WorkerMetrics implements MetricsSource {
  readonly #options: WorkerMetricsOptions;

  constructor(options: WorkerMetricsOptions) {
    this.#options = options;
  }

  async families(): Promise<readonly MetricFamily[]> {
    const { host } = this.#options;
    const [reports, plugins] = await Promise.all([host.taskReports(), host.pluginMetrics()]);
    const families = new FamilySet();
    this.#addWorker(families);
    for (const connector of this.#options.connectors()) addConnector(families, connector);
    for (const report of reports) {
      addTask(families, report);
      addClients(families, report);
    }
    for (const value of plugins) addPluginValue(families, value);
    this.#options.supervision.addMetrics(families);
    addProcess(families);
    return families.sorted();
  }

  #addWorker(families: FamilySet): void {
    const { connectors, supervision, serverInfo, workerId, startedMs } = this.#options;
    const all = connectors();
    families.addGroup(
      'connect-worker-metrics',
      {
        'connector-count': all.length,
        'task-count': all.reduce((count, { tasks }) => count + tasks.length, 0),
        ...supervision.connectorStarts.values('connector'),
        ...supervision.taskStarts.values('task'),
      },
      {},
    );
    families.addInfo('kafka_connect_app_info', 'Versions and start time, as labels.', {
      client_id: workerId,
      version: serverInfo.version,
      commit_id: serverInfo.commit,
      start_time_ms: String(startedMs),
      connect_kafka_cluster_id: serverInfo.kafka_cluster_id,
    });
    this.#addAppInfo(families);
  }

  /** The same once more, as the usual rules of the JMX exporter make it of `app-info`. */
  #addAppInfo(families: FamilySet): void {
    const { serverInfo, workerId, startedMs } = this.#options;
    const labels = { clientid: workerId };
    const about = (attribute: string): string =>
      `Attribute ${attribute} of kafka.connect:type=app-info.`;
    families.add(
      'kafka_connect_start_time_seconds',
      about('start-time-ms, in seconds,'),
      'gauge',
      labels,
      startedMs / MS_PER_S,
    );
    families.addInfo('kafka_connect_version_info', about('version'), {
      ...labels,
      version: serverInfo.version,
    });
    families.addInfo('kafka_connect_commit_id_info', about('commit-id'), {
      ...labels,
      commit_id: serverInfo.commit,
    });
  }
}

function addConnector(families: FamilySet, { name, plugin, state, tasks }: ConnectorView): void {
  families.addInfo(
    'kafka_connect_connector_info',
    'Attributes of kafka.connect:type=connector-metrics, as labels.',
    {
      connector: name,
      connector_class: plugin.className,
      connector_type: plugin.type,
      connector_version: plugin.version,
      status: state.toLowerCase(),
    },
  );
  const counts: Record<string, number> = { 'connector-total-task-count': tasks.length };
  for (const each of COUNTED_STATES) {
    const count = tasks.filter((task) => task.state === each).length;
    counts[`connector-${each.toLowerCase()}-task-count`] = count;
  }
  families.addGroup('connect-worker-metrics', counts, { connector: name });
  // Older rules give the tasks' states this name, newer ones the connector's: alerts on a failure work
  // with both, as the connector's has no task.
  families.addInfo(STATUS, STATUS_HELP, { connector: name, status: state.toLowerCase() });
  for (const { id, state: taskState } of tasks) {
    const labels = { connector: name, task: String(id), status: taskState.toLowerCase() };
    families.addInfo(STATUS, STATUS_HELP, labels);
    families.addInfo('kafka_connect_connector_task_status', TASK_STATUS_HELP, labels);
  }
}

function addClients(families: FamilySet, { clientMetrics }: TaskReport): void {
  for (const { group, name, tags, value, description } of clientMetrics) {
    const labels = Object.entries(tags).map(([tag, text]) => [tag.replaceAll('-', ''), text]);
    families.add(
      clientMetricName(group, name),
      description,
      metricType(name),
      Object.fromEntries(labels),
      value,
    );
  }
}

/** Of the group `plugins`, with the help of the plug-in that was first with the name (KIP-877). */
function addPluginValue(families: FamilySet, value: PluginValue): void {
  const { name, description, tags } = value;
  const labels = Object.entries(tags).map(([tag, text]) => [tag.replaceAll('-', '_'), text]);
  families.add(
    metricName(PLUGINS, name),
    description.replaceAll(/\s+/g, ' ').trim() || metricHelp(PLUGINS, name),
    name.endsWith('-total') ? 'counter' : 'gauge',
    Object.fromEntries(labels),
    value.value,
  );
}

function addTask(families: FamilySet, { id, spec, metrics }: TaskReport): void {
  const labels = { connector: id.connector, task: String(id.task) };
  for (const [group, values] of Object.entries(metrics)) families.addGroup(group, values, labels);
  families.addInfo(
    'kafka_connect_connector_task_info',
    'Classes and versions of kafka.connect:type=connector-task-metrics, as labels.',
    { ...labels, ...classLabels(spec) },
  );
  for (const { alias, plugin } of spec.transformations)
    families.addInfo(
      'kafka_connect_connector_transform_info',
      'Attributes of kafka.connect:type=connector-transform-metrics, as labels.',
      {
        ...labels,
        transform: alias,
        transform_class: plugin.className,
        transform_version: plugin.version,
      },
    );
  addPredicates(families, labels, spec);
}

/** One that several transformations ask is told once. */
function addPredicates(
  families: FamilySet,
  labels: Readonly<Record<string, string>>,
  { transformations }: TaskSpec,
): void {
  const byAlias = new Map(
    transformations.map(({ predicateAlias = '', predicate }) => [predicateAlias, predicate]),
  );
  for (const [predicate, configured] of byAlias) {
    if (configured === null) continue;
    const { className, version } = configured.plugin;
    families.addInfo(
      'kafka_connect_connector_predicate_info',
      'Attributes of kafka.connect:type=connector-predicate-metrics, as labels.',
      { ...labels, predicate, predicate_class: className, predicate_version: version },
    );
  }
}

function classLabels(spec: TaskSpec): Readonly<Record<string, string>> {
  return {
    connector_class: spec.plugin.className,
    connector_type: spec.type,
    connector_version: spec.plugin.version,
    task_class: spec.taskProps['task.class'] ?? '',
    task_version: spec.plugin.version,
    ...converterLabels('key', spec.keyConverter),
    ...converterLabels('value', spec.valueConverter),
    ...converterLabels('header', spec.headerConverter),
  };
}

function converterLabels(
  side: string,
  { plugin }: ConfiguredPlugin,
): Readonly<Record<string, string>> {
  return {
    [`${side}_converter_class`]: plugin.className,
    [`${side}_converter_version`]: plugin.version,
  };
}

/** Under the names that every Prometheus client library uses. */
function addProcess(families: FamilySet): void {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const cpuS = (user + system) / US_PER_S;
  families.add('process_cpu_seconds_total', 'CPU time of the process.', 'counter', {}, cpuS);
  families.add('process_resident_memory_bytes', 'Resident memory.', 'gauge', {}, rss);
  families.add('nodejs_heap_size_used_bytes', 'Heap of the main thread.', 'gauge', {}, heapUsed);
}
