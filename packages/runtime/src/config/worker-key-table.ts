/**
 * What becomes of each key of a Java worker's file here: one table for the warnings at the start and for
 * docs/reference/worker-keys.md.
 */

/**
 * `honoured`: as in Java. `mapped`: something of ours takes its place. `ignored`: accepted without
 * effect. `warned`: the same, with a warning, because somebody may count on it. `refused`: the worker does not start, because going on
 * without it would be wrong or unsafe.
 */
type KeyTreatment = 'honoured' | 'mapped' | 'ignored' | 'warned' | 'refused';

/** One key, or all keys under a prefix or with an ending. */
export interface WorkerKeyRow {
  /** `key`, `prefix.*` or `*.ending`. */
  readonly key: string;
  readonly treatment: KeyTreatment;
  /** A sentence without a full stop, for people: what takes its place, or what to do. */
  readonly note: string;
  /** Values for which it is so; `null`: any. */
  readonly values: RegExp | null;
}

const JMX_REPORTER = /^(\s*|org\.apache\.kafka\.common\.metrics\.JmxReporter)$/;
const DISTRIBUTED = 'for distributed workers; without effect in standalone mode, as in Java';
const CLIENT_TLS = 'passed on to the Kafka clients and the REST server';

function row(
  key: string,
  treatment: KeyTreatment,
  note: string,
  values: RegExp | null = null,
): WorkerKeyRow {
  return { key, treatment, note, values };
}

/** The first row that fits a key and its value counts. */
export const WORKER_KEY_TABLE: readonly WorkerKeyRow[] = [
  // Classes of Java's that can't run here.
  row('metric.reporters', 'mapped', 'metrics are at /metrics, for Prometheus', JMX_REPORTER),
  row('metric.reporters', 'warned', "Java classes can't run here; metrics are at /metrics"),
  row('*.metric.reporters', 'ignored', "Java classes can't run here; metrics are at /metrics"),
  row('auto.include.jmx.reporter', 'ignored', 'there is no JMX here; metrics are at /metrics'),
  row('metrics.context.*', 'ignored', "labels for Java's reporters"),
  row('*.interceptor.classes', 'warned', "Java classes can't run here: nothing is intercepted"),
  row('*.confluent.monitoring.interceptor.*', 'ignored', "of an interceptor that can't run here"),
  row(
    '*ssl.engine.factory.class',
    'refused',
    "a Java class can't run here, and TLS without it would be another; use ssl.keystore.* and " +
      'ssl.truststore.*',
  ),
  row(
    'rest.servlet.initializor.classes',
    'refused',
    "a Java class can't run here, and it may be what guards the REST API; put a proxy in front",
  ),
  row(
    '*partitioner.class',
    'warned',
    "a Java class can't run here: partitions are chosen as by Kafka's default",
  ),
  row('*security.providers', 'warned', "Java classes can't run here"),
  // Found or done in another way.
  row('plugin.discovery', 'ignored', 'plug-ins are always found by their manifests'),
  row(
    'plugin.path',
    'honoured',
    'directories into which npm packages were installed; what holds jars only is passed by, with ' +
      'a line in the log',
  ),
  row('metrics.recording.level', 'ignored', 'all metrics are always recorded'),
  row('internal.key.converter*', 'warned', 'internal data is always JSON without schemas'),
  row('internal.value.converter*', 'warned', 'internal data is always JSON without schemas'),
  row('rest.port', 'warned', 'gone since Kafka 3.0: use listeners=http://:8083'),
  row('rest.host.name', 'warned', 'gone since Kafka 3.0: use listeners=http://myhost:8083'),
  row('rest.advertised.host.port', 'warned', 'the key is rest.advertised.port'),
  row('zookeeper.connect', 'warned', 'Connect has not used ZooKeeper for many versions'),
  row(
    'schemas.enable',
    'warned',
    'use key.converter.schemas.enable and value.converter.schemas.enable',
  ),
  // What only a cluster has.
  row('group.id', 'ignored', DISTRIBUTED),
  row('session.timeout.ms', 'ignored', DISTRIBUTED),
  row('heartbeat.interval.ms', 'ignored', DISTRIBUTED),
  row('rebalance.timeout.ms', 'ignored', DISTRIBUTED),
  row('exactly.once.source.support', 'ignored', DISTRIBUTED),
  row('worker.sync.timeout.ms', 'ignored', DISTRIBUTED),
  row('worker.unsync.backoff.ms', 'ignored', DISTRIBUTED),
  row('config.storage.*', 'ignored', DISTRIBUTED),
  row('status.storage.*', 'ignored', DISTRIBUTED),
  row('offset.storage.topic', 'ignored', DISTRIBUTED),
  row('offset.storage.partitions', 'ignored', DISTRIBUTED),
  row('offset.storage.replication.factor', 'ignored', DISTRIBUTED),
  row('connect.protocol', 'ignored', DISTRIBUTED),
  row('scheduled.rebalance.max.delay.ms', 'ignored', DISTRIBUTED),
  row('inter.worker.*', 'ignored', DISTRIBUTED),
  // For others.
  row('producer.*', 'honoured', 'settings of the producers of source connectors'),
  row('consumer.*', 'honoured', 'settings of the consumers of sink connectors'),
  row('admin.listeners.https.*', 'honoured', 'TLS of the admin listeners'),
  row('admin.*', 'honoured', 'settings of admin clients'),
  row('key.converter.*', 'honoured', 'settings of the converter'),
  row('value.converter.*', 'honoured', 'settings of the converter'),
  row('header.converter.*', 'honoured', 'settings of the converter'),
  row('config.providers.*', 'honoured', 'class and parameters of a config provider'),
  row('listeners.https.*', 'honoured', 'TLS of the REST server'),
  row('ssl.*', 'honoured', CLIENT_TLS),
  row('sasl.*', 'honoured', 'passed on to the admin clients'),
];

/** What is given outside of the file, for the document only. */
export const ENVIRONMENT_TABLE: readonly WorkerKeyRow[] = [
  row(
    'KAFKA_OPTS -Djava.security.auth.login.config',
    'mapped',
    'the section KafkaClient becomes sasl.jaas.config where none is set; REST takes KafkaConnect ' +
      'of it for Basic auth, or of the file in sluice.rest.jaas.file',
  ),
  row('KAFKA_OPTS -Djava.security.krb5.conf', 'mapped', 'becomes KRB5_CONFIG'),
  row(
    'KAFKA_LOG4J_OPTS -Dlog4j2.configurationFile, -Dlog4j.configuration',
    'mapped',
    'levels and the files of file appenders are read; layouts and other appenders are not',
  ),
  row('KAFKA_HEAP_OPTS', 'ignored', 'see sluice.task.max.heap.mb'),
  row('KAFKA_JMX_OPTS', 'ignored', 'metrics are at /metrics'),
  row('CLASSPATH', 'ignored', 'plug-ins are npm packages'),
  row('SLUICE_LOG_FORMAT=json', 'honoured', 'one JSON object a line, on standard error'),
];

/** The row for a key of a worker's file with its value; `null` when the table says nothing of it. */
export function workerKeyRow(key: string, value: string): WorkerKeyRow | null {
  return (
    WORKER_KEY_TABLE.find(
      (each) => fits(each.key, key) && (each.values === null || each.values.test(value)),
    ) ?? null
  );
}

function fits(pattern: string, key: string): boolean {
  if (!pattern.includes('*')) return pattern === key;
  const parts = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.'));
  // `*.x` means the key `x` by itself as well: clients inherit what has no prefix.
  const source = parts.join('.*').replace(/^\.\*\\\./, '(?:.*\\.)?');
  return new RegExp(`^${source}$`).test(key);
}
