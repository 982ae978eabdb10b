/** Names of an enumeration of Kafka's, at the index of their numbers on the wire. */
interface WireNames<N extends string> {
  /** The name for a number; `UNKNOWN` for one that is newer than this client. */
  nameOf(code: number): N | 'UNKNOWN';
  /** The number that the wire has for a name. */
  codeOf(name: N): number;
}

function wireNames<N extends string>(codes: Readonly<Record<N, number>>): WireNames<N> {
  const names = new Map<number, N>();
  for (const name in codes) names.set(codes[name], name);
  return { nameOf: (code) => names.get(code) ?? 'UNKNOWN', codeOf: (name) => codes[name] };
}

/** Java's `ResourceType`: what an ACL is about. `ANY` only in filters. */
export type AclResourceType =
  | 'ANY'
  | 'TOPIC'
  | 'GROUP'
  | 'CLUSTER'
  | 'TRANSACTIONAL_ID'
  | 'DELEGATION_TOKEN'
  | 'USER';

export const ACL_RESOURCE_TYPES = wireNames<AclResourceType>({
  ANY: 1,
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
});

/** Java's `PatternType`: how an ACL's resource name is read. `ANY` and `MATCH` only in filters. */
export type AclPatternType = 'ANY' | 'MATCH' | 'LITERAL' | 'PREFIXED';

export const ACL_PATTERN_TYPES = wireNames<AclPatternType>({
  ANY: 1,
  MATCH: 2,
  LITERAL: 3,
  PREFIXED: 4,
});

/** Java's `AclOperation`. `ANY` only in filters. */
export type AclOperation =
  | 'ANY'
  | 'ALL'
  | 'READ'
  | 'WRITE'
  | 'CREATE'
  | 'DELETE'
  | 'ALTER'
  | 'DESCRIBE'
  | 'CLUSTER_ACTION'
  | 'DESCRIBE_CONFIGS'
  | 'ALTER_CONFIGS'
  | 'IDEMPOTENT_WRITE'
  | 'CREATE_TOKENS'
  | 'DESCRIBE_TOKENS'
  | 'TWO_PHASE_COMMIT';

export const ACL_OPERATIONS = wireNames<AclOperation>({
  ANY: 1,
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
});

/** Java's `AclPermissionType`. `ANY` only in filters. */
export type AclPermission = 'ANY' | 'DENY' | 'ALLOW';

export const ACL_PERMISSIONS = wireNames<AclPermission>({ ANY: 1, DENY: 2, ALLOW: 3 });

/** Java's `ConfigResource.Type`: whose configs. */
export type ConfigResourceType = 'TOPIC' | 'BROKER' | 'BROKER_LOGGER' | 'CLIENT_METRICS' | 'GROUP';

export const CONFIG_RESOURCE_TYPES = wireNames<ConfigResourceType>({
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
  GROUP: 32,
});

/** Java's `ConfigEntry.ConfigSource`: where a value comes from. */
export type ConfigSource =
  | 'DYNAMIC_TOPIC_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'
  | 'DYNAMIC_BROKER_LOGGER_CONFIG'
  | 'DYNAMIC_CLIENT_METRICS_CONFIG'
  | 'DYNAMIC_GROUP_CONFIG';

export const CONFIG_SOURCES = wireNames<ConfigSource>({
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
});

/** Java's `AlterConfigOp.OpType`. `APPEND` and `SUBTRACT` are for lists. */
export type ConfigOperation = 'SET' | 'DELETE' | 'APPEND' | 'SUBTRACT';

export const CONFIG_OPERATIONS = wireNames<ConfigOperation>({
  SET: 0,
  DELETE: 1,
  APPEND: 2,
  SUBTRACT: 3,
});

/** Java's `ScramMechanism`, under its SASL name. */
export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

export const SCRAM_MECHANISMS = wireNames<ScramMechanism>({
  'SCRAM-SHA-256': 1,
  'SCRAM-SHA-512': 2,
});
