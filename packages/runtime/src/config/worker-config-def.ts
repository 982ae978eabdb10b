/** The keys of a worker's properties (R2.01 to R2.27), and Sluice's own under `sluice.`. */
import {
  ConfigDef,
  ConfigError,
  atLeast,
  caseInsensitiveValidString,
  lambdaValidator,
  nonEmptyString,
  validList,
  validString,
  type ConfigOf,
} from '@sluice/api';
import { RESTART_KEYS } from './restart-config-def.ts';

const KAFKA_COMMON = {
  'bootstrap.servers': {
    type: 'LIST',
    default: 'localhost:9092',
    validator: validList([], { isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Some of the brokers, as host:port; the others are found through them.',
  },
  'client.dns.lookup': {
    type: 'STRING',
    default: 'use_all_dns_ips',
    validator: validString('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
    importance: 'MEDIUM',
    doc: 'Whether all addresses of a host name are tried, or bootstrap names are expanded first.',
  },
} as const;

const CONVERTERS = {
  'key.converter': {
    type: 'CLASS',
    importance: 'HIGH',
    doc: 'The converter of record keys, for connectors that name none.',
  },
  'key.converter.plugin.version': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'Which version of the key converter to use.',
  },
  'value.converter': {
    type: 'CLASS',
    importance: 'HIGH',
    doc: 'The converter of record values, for connectors that name none.',
  },
  'value.converter.plugin.version': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'Which version of the value converter to use.',
  },
  'header.converter': {
    type: 'CLASS',
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: 'LOW',
    doc: 'The converter of record headers, for connectors that name none.',
  },
  'header.converter.plugin.version': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'Which version of the header converter to use.',
  },
} as const;

const TASKS = {
  'task.shutdown.graceful.timeout.ms': {
    type: 'LONG',
    default: 5000,
    importance: 'LOW',
    doc: 'Milliseconds that all tasks together get to end before they are cancelled.',
  },
  'offset.flush.interval.ms': {
    type: 'LONG',
    default: 60_000,
    importance: 'LOW',
    doc: 'Milliseconds between two commits of offsets.',
  },
  'offset.flush.timeout.ms': {
    type: 'LONG',
    default: 5000,
    importance: 'LOW',
    doc: 'Milliseconds that one commit of source offsets may take.',
  },
  'topic.creation.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether source connectors with topic.creation.* keys create their topics.',
  },
  'topic.tracking.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether the worker keeps track of the topics that a connector uses.',
  },
  'topic.tracking.allow.reset': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether the set of used topics may be reset over REST.',
  },
  'connector.client.config.override.policy': {
    type: 'STRING',
    default: 'All',
    importance: 'MEDIUM',
    doc: 'What connectors may override: All, None, Principal, Allowlist, or a plug-in of that class.',
  },
  'connector.client.config.override.allowlist': {
    type: 'LIST',
    default: '',
    validator: validList([]),
    importance: 'LOW',
    doc: 'The settings that the policy Allowlist lets connectors override.',
  },
} as const;

const PLUGINS = {
  'plugin.path': {
    type: 'LIST',
    default: null,
    validator: validList([], { isEmptyAllowed: false, isNullAllowed: true }),
    importance: 'LOW',
    doc: 'Directories into which plug-ins were installed by npm (npm install --prefix).',
  },
  'plugin.discovery': {
    type: 'STRING',
    default: 'hybrid_warn',
    validator: caseInsensitiveValidString(
      'only_scan',
      'hybrid_warn',
      'hybrid_fail',
      'service_load',
    ),
    importance: 'LOW',
    doc: 'How Java finds plug-ins; here they are always found by their manifests.',
  },
  'config.providers': {
    type: 'LIST',
    default: '',
    validator: validList([]),
    importance: 'LOW',
    doc: 'Names of config providers, each with config.providers.<name>.class and .param.*.',
  },
} as const;

const REST = {
  listeners: {
    type: 'LIST',
    default: 'http://:8083',
    validator: lambdaValidator(requireListeners, 'a list of listeners, such as http://:8083'),
    importance: 'LOW',
    doc: 'Where REST listens, as protocol://host:port; an empty host means every interface.',
  },
  'rest.advertised.host.name': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'The host name that others use to reach this worker.',
  },
  'rest.advertised.port': {
    type: 'INT',
    default: null,
    importance: 'LOW',
    doc: 'The port that others use to reach this worker.',
  },
  'rest.advertised.listener': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'The protocol, http or https, that others use to reach this worker.',
  },
  'admin.listeners': {
    type: 'LIST',
    default: null,
    validator: validList([], { isNullAllowed: true }),
    importance: 'LOW',
    doc: 'Where the /admin paths listen; unset: with all others; empty: nowhere.',
  },
  'rest.extension.classes': {
    type: 'LIST',
    default: '',
    validator: validList([]),
    importance: 'LOW',
    doc: 'REST extensions, in the order in which they are registered.',
  },
  'sluice.rest.jaas.file': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: "The JAAS file of REST's Basic auth; default: the one that KAFKA_OPTS names.",
  },
  'response.http.headers.config': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    doc: 'Headers put on every answer of REST.',
  },
  'access.control.allow.origin': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    doc: 'Origins from which browsers may call REST; empty: none.',
  },
  'access.control.allow.methods': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    doc: 'Methods that browsers may use across origins.',
  },
} as const;

const METRICS = {
  'metrics.sample.window.ms': {
    type: 'LONG',
    default: 30_000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'Milliseconds over which one sample of a metric is taken.',
  },
  'metrics.num.samples': {
    type: 'INT',
    default: 2,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How many samples a metric is computed from.',
  },
  'metrics.recording.level': {
    type: 'STRING',
    default: 'INFO',
    validator: validString('INFO', 'DEBUG'),
    importance: 'LOW',
    doc: 'Up to which level metrics are recorded.',
  },
  'metric.reporters': {
    type: 'LIST',
    default: 'org.apache.kafka.common.metrics.JmxReporter',
    validator: validList([]),
    importance: 'LOW',
    doc: 'Java classes that report metrics; not used here.',
  },
} as const;

const SLUICE = {
  'sluice.task.isolation': {
    type: 'STRING',
    default: 'auto',
    validator: caseInsensitiveValidString('auto', 'thread'),
    importance: 'MEDIUM',
    doc: 'auto: tasks share threads where that is safe. thread: every task has one of its own.',
  },
  'sluice.task.max.heap.mb': {
    type: 'INT',
    default: null,
    importance: 'LOW',
    doc: 'The heap, in megabytes, that the thread of one task may grow to.',
  },
  'sluice.config.strict': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether unknown keys are errors. By default they are warnings.',
  },
  'sluice.watchdog.stall.ms': {
    type: 'LONG',
    default: 300_000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'After how many milliseconds without progress a task that has work is reported; 0: never.',
  },
  'sluice.tracing': {
    type: 'STRING',
    default: 'none',
    validator: caseInsensitiveValidString('none', 'opentelemetry'),
    importance: 'LOW',
    doc:
      'opentelemetry: a span for each batch and each REST request, by the API of ' +
      '@opentelemetry/api, which has to be installed.',
  },
  'sluice.log.format': {
    type: 'STRING',
    default: 'text',
    validator: caseInsensitiveValidString('text', 'json'),
    importance: 'LOW',
    doc: 'text: lines as Java writes them. json: one JSON object a line, on standard error.',
  },
  ...RESTART_KEYS,
} as const;

/** What every worker understands. Mirrors `WorkerConfig` with `RestServerConfig`. */
const WORKER_KEYS = {
  ...KAFKA_COMMON,
  ...CONVERTERS,
  ...TASKS,
  ...PLUGINS,
  ...REST,
  ...METRICS,
  ...SLUICE,
} as const;

/** A standalone worker's keys. Mirrors `StandaloneConfig`. */
export const STANDALONE_CONFIG = new ConfigDef({
  ...WORKER_KEYS,
  'offset.storage.file.filename': {
    type: 'STRING',
    validator: nonEmptyString(),
    importance: 'HIGH',
    doc: 'The file in which the offsets of source connectors are kept.',
  },
});

/** The values of a standalone worker's config. */
export type StandaloneValues = ConfigOf<typeof STANDALONE_CONFIG>;

function requireListeners(name: string, value: unknown): void {
  const urls: readonly unknown[] = Array.isArray(value) ? value : [];
  if (urls.length === 0)
    throw new ConfigError(
      `Invalid value for ${name}, at least one URL is expected, ex: ` +
        'http://localhost:8080,https://localhost:8443.',
      { context: { key: name } },
    );
  if (urls.includes(''))
    throw new ConfigError('Empty URL found when parsing listeners list.', {
      context: { key: name },
    });
}
