/** Which steps of the recorded standalone session show which row of docs/reference/conformance.md. */
import type { Answer, Ask } from './exchange.ts';

/** A row, the requests that show it, and what Java has answered among them. */
export interface RecordedRow {
  readonly row: string;
  readonly what: string;
  readonly methods: readonly string[];
  /** Of the path with its query. */
  readonly path: RegExp;
  /** Each was answered at least once. */
  readonly statuses: readonly number[];
  /** Each matches a body that was answered. */
  readonly bodies?: readonly RegExp[];
}

const CONNECTOR = String.raw`^/connectors/[^/?]+`;
const anyPath = /^/;

function ofConnector(rest: string): RegExp {
  return new RegExp(`${CONNECTOR}${rest}/?(\\?|$)`);
}

function row(
  id: string,
  what: string,
  asked: readonly [methods: string, path: RegExp],
  statuses: readonly number[],
  bodies: readonly RegExp[] = [],
): RecordedRow {
  const [methods, path] = asked;
  return { row: id, what, methods: methods.split(' '), path, statuses, bodies };
}

const CONNECTORS = /^\/connectors\/?(\?|$)/;
const CONFIG = ofConnector('/config');
const STATUS = ofConnector('/status');
const OFFSETS = ofConnector('/offsets');
const VALIDATE = /\/config\/validate$/;
const LOGGERS = /^\/admin\/loggers/;

const GENERAL_ROWS: readonly RecordedRow[] = [
  row(
    'R1.01',
    'what is no JSON, no path or no method',
    ['GET POST PUT PATCH DELETE', anyPath],
    [404, 405, 406, 415],
    [/HTTP 415 Unsupported Media Type/, /HTTP 404 Not Found/, /HTTP 405 Method Not Allowed/],
  ),
  row(
    'R1.03',
    'errors by their kind, mis-shaped JSON by the words of its binder',
    ['GET POST PUT PATCH DELETE', anyPath],
    [400, 404, 405, 406, 409, 415, 500],
    [/Unrecognized field/, /Cannot deserialize value/, /Cannot construct instance/],
  ),
  row(
    'R1.09',
    'OPTIONS',
    ['OPTIONS', anyPath],
    [200, 404],
    [/^HEAD, DELETE, GET, OPTIONS, PATCH$/],
  ),
  row('R1.21', 'version and cluster', ['GET', /^\/(\?|$)/], [200], [/"kafka_cluster_id":/]),
  row('R1.22', 'health', ['GET', /^\/health\/?$/], [200], [/"status":"healthy"/]),
  row(
    'R1.23',
    'the list of connectors with every expansion',
    ['GET', CONNECTORS],
    [200],
    [/^\["/, /"status":\{"name"/, /"info":\{"name"/, /\{"one two":\{\}/],
  ),
];

const CONNECTOR_ROWS: readonly RecordedRow[] = [
  row('R1.24', 'creating', ['POST', CONNECTORS], [201, 400, 409, 415, 500], [/already exists/]),
  row('R1.25', 'info', ['GET', ofConnector('')], [200, 404], [/"tasks":\[\{"connector"/]),
  row('R1.26', 'config', ['GET', CONFIG], [200, 404], [/"name":"one two"/]),
  row('R1.27', 'putting a config', ['PUT', CONFIG], [200, 201, 400, 415, 500]),
  row('R1.28', 'patching a config', ['PATCH', CONFIG], [200, 400, 404]),
  row('R1.29', 'status', ['GET', STATUS], [200, 404]),
  row('R1.30', 'tasks', ['GET', ofConnector('/tasks')], [200, 404], [/"id":\{"connector"/]),
  row('R1.31', 'tasks-config', ['GET', ofConnector('/tasks-config')], [404]),
  row('R1.32', 'status of a task', ['GET', ofConnector('/tasks/[^/]+/status')], [200, 404]),
  row('R1.33', 'restart', ['POST', ofConnector('/restart')], [202, 204, 404]),
  row('R1.34', 'restart of a task', ['POST', ofConnector('/tasks/[^/]+/restart')], [204, 404]),
  row('R1.35', 'pause and resume', ['PUT', ofConnector('/(pause|resume)')], [202, 404]),
  row('R1.36', 'stop', ['PUT', ofConnector('/stop')], [204]),
  row('R1.37', 'delete', ['DELETE', ofConnector('')], [204, 404]),
  row(
    'R1.38',
    'topics, also of a connector that is not there',
    ['GET', ofConnector('/topics')],
    [200],
  ),
  row('R1.39', 'reset of topics', ['PUT', ofConnector('/topics/reset')], [202]),
  row(
    'R1.45',
    'states and traces',
    ['GET', STATUS],
    [200],
    [
      /"state":"RUNNING","worker_id":"[^"]+","version":"4\.3\.1"\}/,
      /"state":"FAILED",.*"trace":"org\.apache/,
      /"state":"PAUSED"/,
      /"state":"STOPPED"/,
      /"type":"source"/,
    ],
  ),
  row(
    'R1.46',
    'what a create request may hold',
    ['POST', CONNECTORS],
    [201, 400],
    [
      /doesn't match connector name in the URL/,
      /"name":"p"\},"tasks":\[\]/,
      /String may not be empty/,
      /"name":"one two"\},"tasks"/,
    ],
  ),
  row(
    'R1.47',
    'an invalid config',
    ['POST PUT PATCH', /^\/connectors/],
    [400],
    [
      /invalid and contains the following 3 error\(s\)/,
      /`\/connector-plugins\/\{connectorType\}\/config\/validate`/,
      /String may not contain control sequences/,
    ],
  ),
  row(
    'R1.48',
    'the planned status of a restart',
    ['POST', ofConnector('/restart')],
    [202, 204],
    [/"connector":\{"state":"RESTARTING"/, /"tasks":\[\{"id":0,"state":"RESTARTING"/],
  ),
  row(
    'R1.51',
    'stopped connectors have no tasks',
    ['GET', STATUS],
    [200],
    [/"connector":\{"state":"STOPPED".*\},"tasks":\[\],"type"/],
  ),
];

const OFFSET_ROWS: readonly RecordedRow[] = [
  row('R1.40', 'offsets', ['GET', OFFSETS], [200, 404], [/"kafka_offset":2/, /"position":10/]),
  row('R1.41', 'changing offsets', ['PATCH', OFFSETS], [200, 400, 404, 500]),
  row('R1.42', 'forgetting offsets', ['DELETE', OFFSETS], [200, 400, 404]),
  row(
    'R1.52',
    'offsets of what is not stopped, or not there',
    ['PATCH DELETE', OFFSETS],
    [400, 404],
    [/must be in the STOPPED state/, /not found/],
  ),
  row(
    'R1.53',
    'no offsets, and offsets that are null',
    ['PATCH GET', OFFSETS],
    [200, 400],
    [/Partitions \/ offsets need to be provided/, /^\{"offsets":\[\]\}$/],
  ),
  row(
    'R1.54',
    'what is said of a success',
    ['PATCH DELETE', OFFSETS],
    [200],
    [/have been altered successfully/, /have been reset successfully/],
  ),
  row(
    'R1.55',
    'sink offsets of every wrong form',
    ['PATCH', OFFSETS],
    [200, 400],
    [
      /cannot be null or missing/,
      /must contain the keys 'kafka_topic' and 'kafka_partition'/,
      /Kafka topic names must be valid strings/,
      /Kafka partitions must be valid numbers/,
      /Partition values for sink connectors need to be integers/,
      /should either be null or contain the key 'kafka_offset'/,
      /Offset values for sink connectors need to be integers/,
    ],
  ),
  row(
    'R1.56',
    'offsets of a sink are those of its group, which may be gone already',
    ['GET PATCH DELETE', /^\/connectors\/snk\/offsets/],
    [200],
    [/"kafka_topic":"parity"\},"offset":\{"kafka_offset":2\}/, /have been reset successfully/],
  ),
  row(
    'R1.60',
    'a reset forgets every partition of a source',
    ['GET DELETE', /^\/connectors\/src\/offsets/],
    [200],
    [/"filename":"other\.txt"/, /have been reset successfully/, /^\{"offsets":\[\]\}$/],
  ),
  row(
    'R1.57',
    'source offsets of every wrong form',
    ['PATCH', OFFSETS],
    [200, 500],
    [/expected to be a Long value/, /Partition objects cannot be null/],
  ),
];

const PLUGIN_ROWS: readonly RecordedRow[] = [
  row(
    'R1.62',
    'the keys of a plug-in',
    ['GET', /^\/connector-plugins\/[^/]+\/config(\?|$)/],
    [200, 400, 404],
    [/"order_in_group"|"order"/],
  ),
  row(
    'R12.03',
    'the keys of a version, as a range',
    ['GET', /\/config\?version=/],
    [200, 400],
    [/not found that matches the version range \[1,1\], available versions: \[4\.3\.1\]/],
  ),
  row(
    'R1.63',
    'a class that does not fit, is missing or unknown',
    ['PUT', VALIDATE],
    [200, 400, 500],
    [/does not match request type/, /contains no connector type/, /Failed to find any class/],
  ),
  row(
    'R1.64',
    'the whole of a validation',
    ['PUT', VALIDATE],
    [200],
    [/^\{"name":"[^"]+","error_count":0,"groups":\[.*\],"configs":\[\{"definition":/],
  ),
  row(
    'R1.65',
    'definitions',
    ['PUT', VALIDATE],
    [200],
    [/"definition":\{"name":"tasks.max","type":"INT","required":false,"default_value":"1"/],
  ),
  row(
    'R1.66',
    'values and their errors',
    ['PUT', VALIDATE],
    [200],
    [/"error_count":2/, /"errors":\["[^"]/, /"visible":true/],
  ),
];

const LOGGER_ROWS: readonly RecordedRow[] = [
  row('R1.67', 'one logger', ['GET', LOGGERS], [200, 404], [/"last_modified":null/]),
  row('R1.68', 'setting a level', ['PUT', LOGGERS], [200, 204, 400, 404], [/^\["org\.foo"\]$/]),
  row('R1.69', 'setting a level again', ['PUT', LOGGERS], [200], [/^\[\]$/]),
];

/** Every row that the session shows. */
export const RECORDED_ROWS: readonly RecordedRow[] = [
  ...GENERAL_ROWS,
  ...CONNECTOR_ROWS,
  ...OFFSET_ROWS,
  ...PLUGIN_ROWS,
  ...LOGGER_ROWS,
];

/** Whether a step is one of a row's. */
export function shows({ methods, path }: RecordedRow, ask: Ask): boolean {
  return methods.includes(ask.method) && path.test(ask.path);
}

/** What of a row Java's answers do not hold: its statuses and bodies. Empty when all is there. */
export function missing(recorded: RecordedRow, answers: readonly Answer[]): readonly string[] {
  const { statuses, bodies = [] } = recorded;
  return [
    ...statuses.filter((status) => !answers.some((answer) => answer.status === status)),
    ...bodies.filter((body) => !answers.some((answer) => body.test(answer.body))),
  ].map(String);
}
