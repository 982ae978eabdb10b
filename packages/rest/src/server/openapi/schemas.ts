/**
 * The JSON bodies as JSON Schemas, for the OpenAPI document. They describe; nothing is checked or
 * converted by them, for Java's own binding decides what is taken (R1.03).
 */

/** A JSON Schema, as far as these need it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

const STRING: JsonSchema = { type: 'string' };
const OPTIONAL_STRING: JsonSchema = { type: ['string', 'null'] };
const INTEGER: JsonSchema = { type: 'integer' };
const OPTIONAL_INTEGER: JsonSchema = { type: ['integer', 'null'] };
const BOOLEAN: JsonSchema = { type: 'boolean' };
const STRINGS: JsonSchema = { type: 'array', items: STRING };
const STRING_MAP: JsonSchema = { type: 'object', additionalProperties: STRING };
const ANY_MAP: JsonSchema = { type: 'object', additionalProperties: {} };
const STATE: JsonSchema = {
  type: 'string',
  enum: ['RUNNING', 'PAUSED', 'STOPPED', 'FAILED', 'UNASSIGNED', 'RESTARTING', 'DESTROYED'],
};

/** An object whose fields are all required but those that are named. */
function object(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}
function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}
function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

const CONNECT = {
  Anything: {},
  Text: STRING,
  Names: STRINGS,
  ErrorBody: object({ error_code: INTEGER, message: OPTIONAL_STRING }),
  ServerInfo: object({ version: STRING, commit: STRING, kafka_cluster_id: STRING }),
  WorkerHealth: object({
    status: { type: 'string', enum: ['healthy', 'starting', 'unhealthy'] },
    message: STRING,
  }),
  ConnectorConfig: { ...STRING_MAP, description: 'Numbers and booleans are kept as their text.' },
  ConnectorConfigPatch: { type: 'object', additionalProperties: OPTIONAL_STRING },
  CreateConnector: object(
    {
      name: STRING,
      config: ref('ConnectorConfig'),
      initial_state: { type: 'string', enum: ['RUNNING', 'PAUSED', 'STOPPED'] },
    },
    ['initial_state'],
  ),
  ConnectorTaskId: object({ connector: STRING, task: INTEGER }),
  ConnectorInfo: object({
    name: STRING,
    config: ref('ConnectorConfig'),
    tasks: listOf(ref('ConnectorTaskId')),
    type: { type: 'string', enum: ['source', 'sink', 'unknown'] },
  }),
  StateInfo: object({ state: STATE, worker_id: STRING, trace: STRING, version: STRING }, [
    'trace',
    'version',
  ]),
  TaskStateInfo: object(
    { id: INTEGER, state: STATE, worker_id: STRING, trace: STRING, version: STRING },
    ['trace', 'version'],
  ),
  ConnectorStateInfo: object({
    name: STRING,
    connector: ref('StateInfo'),
    tasks: listOf(ref('TaskStateInfo')),
    type: { type: 'string', enum: ['source', 'sink', 'unknown'] },
  }),
  Connectors: {
    oneOf: [
      STRINGS,
      {
        type: 'object',
        additionalProperties: object(
          { status: ref('ConnectorStateInfo'), info: ref('ConnectorInfo') },
          ['status', 'info'],
        ),
      },
    ],
  },
  TaskInfos: listOf(object({ id: ref('ConnectorTaskId'), config: STRING_MAP })),
  ConnectorTopics: { type: 'object', additionalProperties: object({ topics: STRINGS }) },
  ConnectorOffsets: object({
    offsets: listOf(
      object({ partition: ANY_MAP, offset: { ...ANY_MAP, type: ['object', 'null'] } }),
    ),
  }),
  OffsetsMessage: object({ message: STRING }),
  PluginInfos: listOf(object({ class: STRING, type: STRING, version: STRING }, ['version'])),
  ConfigKeyInfo: object({
    name: STRING,
    type: STRING,
    required: BOOLEAN,
    default_value: OPTIONAL_STRING,
    importance: STRING,
    documentation: STRING,
    group: OPTIONAL_STRING,
    order_in_group: INTEGER,
    width: STRING,
    display_name: STRING,
    dependents: STRINGS,
  }),
  ConfigKeyInfos: listOf(ref('ConfigKeyInfo')),
  ConfigInfos: object({
    name: STRING,
    error_count: INTEGER,
    groups: STRINGS,
    configs: listOf(
      object({
        definition: { oneOf: [ref('ConfigKeyInfo'), { type: 'null' }] },
        value: object({
          name: STRING,
          value: OPTIONAL_STRING,
          recommended_values: STRINGS,
          errors: STRINGS,
          visible: BOOLEAN,
        }),
      }),
    ),
  }),
  LoggerLevel: object({ level: STRING, last_modified: OPTIONAL_INTEGER }),
  LoggerLevels: { type: 'object', additionalProperties: ref('LoggerLevel') },
  SetLevel: object({ level: STRING }),
} as const satisfies Readonly<Record<string, JsonSchema>>;

const SLUICE = {
  HealthDetail: object({
    status: { type: 'string', enum: ['healthy', 'degraded', 'unhealthy', 'starting'] },
    stage: STRING,
    uptime_ms: INTEGER,
    connectors: INTEGER,
    tasks: INTEGER,
    failed_tasks: INTEGER,
    stalled_tasks: INTEGER,
    parts: listOf(
      object({
        name: STRING,
        status: { type: 'string', enum: ['healthy', 'degraded', 'unhealthy'] },
        message: STRING,
      }),
    ),
  }),
  TaskProgressInfos: listOf(
    object({
      connector: STRING,
      task: INTEGER,
      state: STATE,
      records_in: INTEGER,
      records_out: INTEGER,
      records_filtered: INTEGER,
      records_skipped: INTEGER,
      records_failed: INTEGER,
      offset_commits: INTEGER,
      offset_commit_failures: INTEGER,
      last_progress_ms: OPTIONAL_INTEGER,
    }),
  ),
  StalledTasks: listOf(
    object({ connector: STRING, task: INTEGER, since_ms: INTEGER, stage: STRING, reason: STRING }),
  ),
  ErrorCounts: listOf(
    object({
      code: STRING,
      connector: STRING,
      task: OPTIONAL_INTEGER,
      count: INTEGER,
      last_seen_ms: INTEGER,
      last_message: STRING,
    }),
  ),
  LintReport: object({
    findings: listOf(
      object({
        severity: { type: 'string', enum: ['error', 'warning'] },
        rule: STRING,
        key: OPTIONAL_STRING,
        message: STRING,
        suggestion: OPTIONAL_STRING,
      }),
    ),
  }),
  PreviewRequest: object(
    { config: ref('ConnectorConfig'), records: { type: 'integer', minimum: 1, maximum: 100 } },
    ['records'],
  ),
  PreviewReport: object({
    records: listOf(
      object({
        steps: listOf(
          object({
            step: STRING,
            record: { ...ANY_MAP, type: ['object', 'null'] },
            error: OPTIONAL_STRING,
          }),
        ),
      }),
    ),
    notes: STRINGS,
  }),
  MetricFamilies: listOf(
    object({
      name: STRING,
      help: STRING,
      type: { type: 'string', enum: ['counter', 'gauge', 'untyped'] },
      samples: listOf(object({ labels: STRING_MAP, value: { type: ['number', 'null'] } })),
    }),
  ),
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** Every schema by its name. */
export const SCHEMAS = { ...CONNECT, ...SLUICE };

export type SchemaName = keyof typeof SCHEMAS;
