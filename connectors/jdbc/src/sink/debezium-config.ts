import {
  ConfigDef,
  ConfigError,
  atLeast,
  getOwn,
  type Logger,
  type Props,
  type SinkRecord,
} from '@sluice/api';
import { connectionKeys, databaseOf } from '../connection/connection-config.ts';
import { Identifiers } from '../dialect/identifiers.ts';
import { TimeZone } from '../values/time-zone.ts';
import { OFFSET_KEYS, oneOf } from './sink-keys.ts';
import type { InsertMode, KeyMode, SinkSettings } from './sink-settings.ts';

const INSERT_MODES: readonly InsertMode[] = ['insert', 'upsert', 'update'];
const KEY_MODES: readonly KeyMode[] = [
  'none',
  'kafka',
  'record_key',
  'record_value',
  'record_header',
];
const {
  'connection.url': URL_KEY,
  'connection.user': USER_KEY,
  'connection.password': PASSWORD_KEY,
} = connectionKeys('database to write to');

/** All keys of the sink, under the names of Debezium's connector. */
export const DEBEZIUM_SINK_CONFIG = new ConfigDef({
  'connection.url': URL_KEY,
  'connection.username': USER_KEY,
  'connection.password': PASSWORD_KEY,
  'insert.mode': {
    type: 'STRING',
    default: 'insert',
    validator: oneOf(INSERT_MODES),
    importance: 'MEDIUM',
    doc: 'insert: plain INSERT. upsert: insert, or change the row of the same key. update: change only.',
  },
  'delete.enabled': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether deletes and tombstones delete their row; if not, they pass by.',
  },
  'truncate.enabled': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether a truncate event empties its table.',
  },
  'primary.key.mode': {
    type: 'STRING',
    default: 'none',
    validator: oneOf(KEY_MODES),
    importance: 'MEDIUM',
    doc: 'Where the primary key comes from: none, kafka, record_key, record_value, record_header.',
  },
  'primary.key.fields': {
    type: 'LIST',
    default: '',
    importance: 'MEDIUM',
    doc: 'The fields of the key; for a primitive record key the name of its column.',
  },
  'schema.evolution': {
    type: 'STRING',
    default: 'none',
    validator: oneOf(['none', 'basic']),
    importance: 'MEDIUM',
    doc: 'basic: missing tables are made, and missing columns added.',
  },
  'quote.identifiers': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether names are quoted; if not, they are folded as the database folds names without quotes.',
  },
  'use.time.zone': {
    type: 'STRING',
    default: 'UTC',
    importance: 'MEDIUM',
    doc: 'The time zone in which columns without one are written.',
  },
  'collection.name.format': {
    type: 'STRING',
    default: '${topic}',
    importance: 'MEDIUM',
    doc: "The name of the table: ${topic} (dots become underscores), ${source.table} and other fields of an envelope's source.",
  },
  'field.include.list': {
    type: 'LIST',
    default: '',
    importance: 'MEDIUM',
    doc: 'The fields that are written, as field or topic:field; empty means all.',
  },
  'field.exclude.list': {
    type: 'LIST',
    default: '',
    importance: 'MEDIUM',
    doc: 'The fields that are not written, as field or topic:field.',
  },
  'batch.size': {
    type: 'INT',
    default: 500,
    validator: atLeast(1),
    importance: 'MEDIUM',
    doc: 'How many rows go into one statement at most.',
  },
  'flush.max.retries': {
    type: 'INT',
    default: 5,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'How often a batch is tried again before the task fails.',
  },
  'flush.retry.delay.ms': {
    type: 'LONG',
    default: 1000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'The pause before a batch is tried again, in milliseconds.',
  },
  ...OFFSET_KEYS,
});

/** Keys by their older names. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'table.name.format': 'collection.name.format',
  'database.time_zone': 'use.time.zone',
};

/** Reads the keys of Debezium's sink. Keys of its pool mean nothing here: a task has one session. */
export function debeziumSettings(written: Props, logger: Logger): SinkSettings {
  const props = { ...written };
  for (const [old, name] of Object.entries(OLD_NAMES)) {
    const value = props[old];
    if (value !== undefined) props[name] ??= value;
  }
  const config = DEBEZIUM_SINK_CONFIG.parse(props);
  const user = props['connection.username'];
  const database = databaseOf(
    user === undefined ? props : { ...props, 'connection.user': user },
    logger,
  );
  const hasEvolution = config['schema.evolution'].toLowerCase() === 'basic';
  const zone = new TimeZone(config['use.time.zone']);
  return {
    connectorName: props['name'] ?? 'jdbc-sink',
    database,
    identifiers: new Identifiers(
      database.dialect.identifierRules,
      config['quote.identifiers'] ? 'always' : 'never',
    ),
    insertMode: pick(INSERT_MODES, config['insert.mode']),
    keyMode: pick(KEY_MODES, config['primary.key.mode']),
    keyFields: config['primary.key.fields'],
    isDeleteEnabled: config['delete.enabled'],
    isTruncateEnabled: config['truncate.enabled'],
    hasAutoCreate: hasEvolution,
    hasAutoEvolve: hasEvolution,
    tableTypes: ['TABLE', 'PARTITIONED TABLE', 'VIEW', 'FOREIGN TABLE'],
    tableFor: (record) => tableName(config['collection.name.format'], record),
    isFieldKept: fieldFilter(config['field.include.list'], config['field.exclude.list']),
    batchSize: config['batch.size'],
    maxRetries: config['flush.max.retries'],
    retryBackoffMs: config['flush.retry.delay.ms'],
    bind: {
      form: database.dialect.bindForm,
      zone,
      dateZone: new TimeZone('UTC'),
      calendar: 'PROLEPTIC_GREGORIAN',
      isDebezium: true,
      timestampFields: new Map(),
    },
    nullsBecomeDefaults: false,
    stringColumn: null,
    isDebezium: true,
    offsetsTable: config['sluice.exactly.once'] ? config['sluice.offsets.table'] : null,
  };
}

/** `${topic}` without dots, which would divide a name; `${source.x}` out of an envelope. */
function tableName(format: string, record: SinkRecord): string {
  return format
    .replaceAll(/\$\{source\.(\w+)\}/g, (_, name: string) => {
      const source = getOwn(Object(record.value), 'source');
      const part = source === undefined ? undefined : getOwn(Object(source), name);
      return typeof part === 'string' ? part : '';
    })
    .replaceAll('${topic}', () => record.topic.replaceAll('.', '_'));
}

function fieldFilter(
  included: readonly string[],
  excluded: readonly string[],
): SinkSettings['isFieldKept'] {
  const isIn = (list: ReadonlySet<string>, topic: string, field: string): boolean =>
    list.has(field) || list.has(`${topic}:${field}`);
  const [include, exclude] = [new Set(included), new Set(excluded)];
  return (topic, field) =>
    include.size > 0 ? isIn(include, topic, field) : !isIn(exclude, topic, field);
}

function pick<T extends string>(values: readonly T[], text: string): T {
  const found = values.find((value) => value === text.trim().toLowerCase());
  if (found === undefined) throw new ConfigError(`"${text}" is none of ${values.join(', ')}.`);
  return found;
}
