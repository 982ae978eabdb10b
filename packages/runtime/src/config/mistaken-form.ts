/** Keys and values as they were read out of a file that may be something else. */
type Given = Readonly<Record<string, string | null>>;

/** What a file is taken for. */
export type FileKind = 'worker' | 'connector';

/** Where the keys stand in the manifests that operators of Kubernetes know, and what becomes of them. */
const MANIFESTS: Readonly<Record<string, string>> = {
  KafkaConnector:
    'A connector file takes what stands below spec.config, spec.class as "connector.class", ' +
    'spec.tasksMax as "tasks.max" and metadata.name as "name"',
  KafkaConnect:
    "A worker's file takes what stands below spec.config, and spec.bootstrapServers as " +
    '"bootstrap.servers"',
  Connector:
    'A connector file takes what stands below spec.configs, spec.class as "connector.class", ' +
    'spec.taskMax as "tasks.max" and metadata.name as "name"',
  Connect: "A worker's file takes what stands below spec.configOverrides.server",
};
const NAME_OF_ENVIRONMENT = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const ENVIRONMENT_ADVICE =
  'Images make properties of such variables: write them so yourself, CONNECT_GROUP_ID=a as ' +
  '"group.id=a".';
const ORDER_ADVICE =
  'The worker\'s file stands first: "sluice standalone worker.properties connector.json".';
const WORKER_KEYS = ['bootstrap.servers', 'key.converter', 'offset.storage.topic'];

/**
 * What a file seems to be in place of a worker's or a connector's, and what to do with it; `null`
 * when it looks like what it should be. For files that can't be used: one that can is not doubted.
 *
 * @param given what reading it as properties gave, which never fails
 */
export function mistakenForm(given: Given, wanted: FileKind): string | null {
  const keys = Object.keys(given);
  const has = (key: string): boolean => Object.hasOwn(given, key);
  if (has('apiVersion') && has('kind'))
    return manifest((given['kind'] ?? '').replace(/^"|"$/g, ''));
  if (has('services') && given['services'] === '')
    return `It is a Compose file. ${ENVIRONMENT_ADVICE}`;
  if (areVariables(keys)) return `It holds variables for a container. ${ENVIRONMENT_ADVICE}`;
  if (has('clusters') && !has('connector.class'))
    return (
      "It is a file of MirrorMaker's own driver (it names clusters): Sluice has no MirrorMaker yet. " +
      `A ${wanted}'s file has no "clusters".`
    );
  if (wanted === 'connector' && !has('connector.class') && WORKER_KEYS.some(has))
    return `It looks like a worker's file. ${ORDER_ADVICE}`;
  const [first = ''] = keys;
  if (first.startsWith('{{') || first.startsWith('{%'))
    return 'It is a template: give Sluice what it renders.';
  if (wanted === 'worker' && first.startsWith('{'))
    return "It is JSON, but a worker's file holds Java properties: lines of key=value.";
  if (wanted === 'worker' && has('connector.class'))
    return `It looks like a connector's file. ${ORDER_ADVICE}`;
  return null;
}

/** As lines `NAME=value` or as pieces of a Compose file; values over several lines make odd keys. */
function areVariables(keys: readonly string[]): boolean {
  const named = keys.filter((key) => key === '-' || NAME_OF_ENVIRONMENT.test(key));
  return named.length > keys.length / 2;
}

function manifest(kind: string): string {
  const advice = MANIFESTS[kind];
  return (
    `It is a manifest for Kubernetes (kind: ${kind}), and Sluice reads Java properties, or JSON for a ` +
    `connector. ${advice ?? 'It holds neither a worker nor a connector'}.`
  );
}
