/** Keys of a connector's config that are the worker's: plug-ins get them too, and may ignore them. */
const WORKER_KEYS: ReadonlySet<string> = new Set([
  'name',
  'connector.class',
  'connector.plugin.version',
  'tasks.max',
  'tasks.max.enforce',
  'task.class',
  'key.converter',
  'value.converter',
  'header.converter',
  'transforms',
  'predicates',
  'config.action.reload',
  'topics',
  'topics.regex',
  'exactly.once.support',
  'offsets.storage.topic',
  'converter.type',
]);

const WORKER_PREFIXES: readonly string[] = [
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'transforms.',
  'predicates.',
  'errors.',
  'transaction.boundary',
  'topic.creation.',
  'producer.override.',
  'consumer.override.',
  'admin.override.',
];

/** Whether a key of a connector's config is the worker's own. */
export function isWorkerKey(key: string): boolean {
  return WORKER_KEYS.has(key) || WORKER_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** What every connector finds in its config beside its own keys. */
export const WORKER_PROPS: Readonly<Record<string, string>> = Object.freeze({
  name: 'conformance',
  'tasks.max': '1',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  transforms: 'tag',
  'transforms.tag.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.tag.static.field': 'by',
  'transforms.tag.static.value': 'conformance',
  'errors.tolerance': 'none',
});
