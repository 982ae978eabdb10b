import {
  ConfigDef,
  ConfigError,
  atLeast,
  lambdaValidator,
  type ConfigOf,
  type Logger,
  type Props,
  type SinkRecord,
} from '@sluice/api';
import { connectionKeys, databaseOf } from '../connection/connection-config.ts';
import { Identifiers } from '../dialect/identifiers.ts';
import { TimeZone, isTimeZone } from '../values/time-zone.ts';
import { OFFSET_KEYS, oneOf } from './sink-keys.ts';
import type { InsertMode, KeyMode, SinkSettings } from './sink-settings.ts';

const WRITES = 'Writes';
const TABLES = 'Data Mapping';
const DDL = 'DDL Support';
const RETRIES = 'Retries';

const INSERT_MODES = ['insert', 'upsert', 'update'] as const satisfies readonly InsertMode[];
const KEY_MODES = [
  'none',
  'kafka',
  'record_key',
  'record_value',
] as const satisfies readonly KeyMode[];

/** All keys of the sink, under the names of Confluent's connector. */
export const JDBC_SINK_CONFIG = new ConfigDef({
  ...connectionKeys('database to write to'),
  'insert.mode': {
    type: 'STRING',
    default: 'insert',
    validator: oneOf(INSERT_MODES),
    importance: 'HIGH',
    doc: 'insert: plain INSERT. upsert: insert, or change the row of the same key. update: change only.',
    group: WRITES,
    orderInGroup: 1,
  },
  'batch.size': {
    type: 'INT',
    default: 3000,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'How many rows go into one statement at most.',
    group: WRITES,
    orderInGroup: 2,
  },
  'delete.enabled': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether a record with a null value deletes its row. Needs pk.mode=record_key.',
    group: WRITES,
    orderInGroup: 3,
  },
  'table.types': {
    type: 'LIST',
    default: 'TABLE',
    importance: 'LOW',
    doc: 'What may be written to: TABLE, PARTITIONED TABLE, VIEW.',
    group: WRITES,
    orderInGroup: 4,
  },
  'table.name.format': {
    type: 'STRING',
    default: '${topic}',
    importance: 'MEDIUM',
    doc: 'The name of the table; ${topic} stands for the topic. Dots divide catalog, schema and table.',
    group: TABLES,
    orderInGroup: 1,
  },
  'pk.mode': {
    type: 'STRING',
    default: 'none',
    validator: oneOf(KEY_MODES),
    importance: 'HIGH',
    doc: 'Where the primary key comes from: none, kafka (topic, partition, offset), record_key, record_value.',
    group: TABLES,
    orderInGroup: 2,
  },
  'pk.fields': {
    type: 'LIST',
    default: '',
    importance: 'MEDIUM',
    doc: 'The fields of the key; for kafka three names, for a primitive record key the name of its column.',
    group: TABLES,
    orderInGroup: 3,
  },
  'fields.whitelist': {
    type: 'LIST',
    default: '',
    importance: 'MEDIUM',
    doc: 'The fields of the value that are written; empty means all.',
    group: TABLES,
    orderInGroup: 4,
  },
  'db.timezone': {
    type: 'STRING',
    default: 'UTC',
    validator: lambdaValidator(checkZone, 'a time zone'),
    importance: 'MEDIUM',
    doc: 'The time zone in which columns without one are written.',
    group: TABLES,
    orderInGroup: 5,
  },
  'date.timezone': {
    type: 'STRING',
    default: 'DB_TIMEZONE',
    validator: oneOf(['DB_TIMEZONE', 'UTC']),
    importance: 'MEDIUM',
    doc: 'The time zone in which a Date is a day: UTC, or that of db.timezone.',
    group: TABLES,
    orderInGroup: 6,
  },
  'date.calendar.system': {
    type: 'STRING',
    default: 'LEGACY',
    validator: oneOf(['LEGACY', 'PROLEPTIC_GREGORIAN']),
    importance: 'LOW',
    doc: 'Which dates days before 15 October 1582 have: LEGACY those of the Julian calendar.',
    group: TABLES,
    orderInGroup: 7,
  },
  'timestamp.fields.list': {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    doc: 'Fields with numbers since 1970 that are written as timestamps.',
    group: TABLES,
    orderInGroup: 8,
  },
  'timestamp.precision.mode': {
    type: 'STRING',
    default: 'microseconds',
    validator: oneOf(['microseconds', 'nanoseconds']),
    importance: 'LOW',
    doc: 'What the numbers of those fields count.',
    group: TABLES,
    orderInGroup: 9,
  },
  'string.output.value.column.name': {
    type: 'STRING',
    default: 'record_value',
    importance: 'LOW',
    doc: 'The column for values that are plain text.',
    group: TABLES,
    orderInGroup: 10,
  },
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: "Whether a null is written as the default of the field's schema.",
    group: TABLES,
    orderInGroup: 11,
  },
  'auto.create': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether missing tables are made.',
    group: DDL,
    orderInGroup: 1,
  },
  'auto.evolve': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether missing columns are added, for fields that are optional or have a default.',
    group: DDL,
    orderInGroup: 2,
  },
  'quote.sql.identifiers': {
    type: 'STRING',
    default: 'always',
    validator: oneOf(['always', 'never']),
    importance: 'MEDIUM',
    doc: 'never: names are folded as the database folds names without quotes.',
    group: DDL,
    orderInGroup: 3,
  },
  'max.retries': {
    type: 'INT',
    default: 10,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'How often a batch is tried again before the task fails.',
    group: RETRIES,
    orderInGroup: 1,
  },
  'retry.backoff.ms': {
    type: 'INT',
    default: 3000,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'The pause before a batch is tried again, in milliseconds.',
    group: RETRIES,
    orderInGroup: 2,
  },
  'trim.sensitive.log': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    doc: 'Accepted for compatibility: values of records are never logged.',
    group: RETRIES,
    orderInGroup: 3,
  },
  'mssql.use.merge.holdlock': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Accepted for compatibility: upserts on SQL Server always hold the lock.',
    group: WRITES,
    orderInGroup: 5,
  },
  ...OFFSET_KEYS,
});

type SinkConfig = ConfigOf<typeof JDBC_SINK_CONFIG>;

/** Reads the keys of Confluent's sink. */
export function confluentSettings(props: Props, logger: Logger): SinkSettings {
  const config = JDBC_SINK_CONFIG.parse(props);
  const database = databaseOf(props, logger);
  const quoting = config['quote.sql.identifiers'].toLowerCase() === 'never' ? 'never' : 'always';
  const format = config['table.name.format'];
  const whitelist = new Set(config['fields.whitelist']);
  const settings: SinkSettings = {
    connectorName: props['name'] ?? 'jdbc-sink',
    database,
    identifiers: new Identifiers(database.dialect.identifierRules, quoting),
    insertMode: pick(INSERT_MODES, config['insert.mode']),
    keyMode: pick(KEY_MODES, config['pk.mode']),
    keyFields: config['pk.fields'],
    isDeleteEnabled: config['delete.enabled'],
    isTruncateEnabled: false,
    hasAutoCreate: config['auto.create'],
    hasAutoEvolve: config['auto.evolve'],
    tableTypes: config['table.types'].map((type) => type.trim().toUpperCase()),
    tableFor: tableNamer(format),
    isFieldKept: (_topic, field) => whitelist.size === 0 || whitelist.has(field),
    batchSize: Math.max(1, config['batch.size']),
    maxRetries: config['max.retries'],
    retryBackoffMs: config['retry.backoff.ms'],
    bind: bindOptions(config, database.dialect.bindForm),
    nullsBecomeDefaults: config['replace.null.with.default'],
    stringColumn: config['string.output.value.column.name'],
    isDebezium: false,
    offsetsTable: config['sluice.exactly.once'] ? config['sluice.offsets.table'] : null,
  };
  return settings;
}

function bindOptions(config: SinkConfig, form: SinkSettings['bind']['form']): SinkSettings['bind'] {
  const zone = new TimeZone(config['db.timezone']);
  const unit = config['timestamp.precision.mode'] === 'nanoseconds' ? 1n : 1000n;
  const isLegacy = config['date.calendar.system'].toUpperCase() === 'LEGACY';
  return {
    form,
    zone,
    dateZone: config['date.timezone'].toUpperCase() === 'UTC' ? new TimeZone('UTC') : zone,
    calendar: isLegacy ? 'LEGACY' : 'PROLEPTIC_GREGORIAN',
    isDebezium: false,
    timestampFields: new Map(config['timestamp.fields.list'].map((name) => [name, unit])),
  };
}

/** Names are asked for with every record: those of topics are kept. */
function tableNamer(format: string): (record: SinkRecord) => string {
  const names = new Map<string, string>();
  return ({ topic }) => {
    const known = names.get(topic);
    if (known !== undefined) return known;
    const name = format.replaceAll('${topic}', () => topic);
    if (name.trim() === '') {
      throw new ConfigError(
        `The table.name.format "${format}" gives no name for the topic ${topic}.`,
      );
    }
    names.set(topic, name);
    return name;
  };
}

function pick<T extends string>(values: readonly T[], text: string): T {
  const found = values.find((value) => value === text.trim().toLowerCase());
  if (found === undefined) throw new ConfigError(`"${text}" is none of ${values.join(', ')}.`);
  return found;
}

function checkZone(name: string, value: unknown): void {
  const text = String(value);
  if (isTimeZone(text)) return;
  throw ConfigError.ofValue(name, text, 'write one such as UTC, Europe/Berlin or GMT+2');
}
