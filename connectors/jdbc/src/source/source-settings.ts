import {
  ConfigDef,
  ConfigError,
  type ConfigOf,
  type Int64,
  type Logger,
  type Props,
} from '@sluice/api';
import { connectionKeys, databaseOf } from '../connection/connection-config.ts';
import type { Database } from '../connection/open-connection.ts';
import { Identifiers, type Quoting } from '../dialect/identifiers.ts';
import type { Calendar } from '../values/temporal-text.ts';
import { TimeZone } from '../values/time-zone.ts';
import type { ColumnOptions } from './column-reader.ts';
import type { CursorConfig, SourceMode } from './cursor-columns.ts';
import { nanosOf } from './cursor-offset.ts';
import type { NumericMapping } from './numeric-mapping.ts';
import { MODE_KEYS, RECORD_KEYS, TABLE_KEYS } from './source-keys.ts';
import type { TableLists } from './table-selection.ts';
import type { TimestampGranularity } from './timestamp-form.ts';

/** All keys of the source, under the names of Confluent's connector. */
export const JDBC_SOURCE_CONFIG = new ConfigDef({
  ...connectionKeys('the database to read'),
  ...TABLE_KEYS,
  ...MODE_KEYS,
  ...RECORD_KEYS,
});

type SourceConfig = ConfigOf<typeof JDBC_SOURCE_CONFIG>;

/** Where reading begins when there is no offset: nanoseconds since 1970, or the database's now. */
type InitialTime = bigint | 'now';

/** A parsed config of the source, in the terms of its parts. */
export interface SourceSettings {
  readonly database: Database;
  readonly identifiers: Identifiers;
  readonly lists: TableLists;
  readonly tableTypes: readonly string[];
  readonly catalogPattern: string | null;
  readonly schemaPattern: string | null;
  readonly tablePollMs: number;
  readonly startupPollMs: number;
  readonly cursor: CursorConfig;
  readonly initialTime: InitialTime;
  /** Without an offset rows with a higher id are read; `null`: those from 0 on. */
  readonly initialId: Int64 | null;
  /** `null`: tables are read. */
  readonly query: string | null;
  readonly querySuffix: string;
  /** -1: for ever. */
  readonly retryAttempts: number;
  readonly columns: ColumnOptions;
  readonly delayMs: number;
  readonly isolation: string;
  readonly pollIntervalMs: number;
  readonly rowsPerBatch: number;
  readonly topicPrefix: string;
}

/**
 * @param initialId where the ids begin, which not all flavours have a key for
 * @throws ConfigError for keys that are wrong, alone or together
 */
export function sourceSettings(
  props: Props,
  logger: Logger,
  initialId: Int64 | null = null,
): SourceSettings {
  const config = JDBC_SOURCE_CONFIG.parse(props);
  const database = databaseOf(props, logger);
  const { dialect } = database;
  const query = queryOf(config);
  const lists = {
    whitelist: config['table.whitelist'],
    blacklist: config['table.blacklist'],
    include: config['table.include.list'],
    exclude: config['table.exclude.list'],
  };
  if (query !== null && Object.values(lists).some((list) => list.length > 0)) {
    throw new ConfigError(
      'query may not be combined with whole-table copying settings: remove the table lists, or ' +
        'the query.',
    );
  }
  const zone = new TimeZone(config['db.timezone']);
  return {
    database,
    identifiers: new Identifiers(dialect.identifierRules, quotingOf(config)),
    lists,
    tableTypes: config['table.types'],
    catalogPattern: config['catalog.pattern'],
    schemaPattern: config['schema.pattern'],
    tablePollMs: config['table.poll.interval.ms'],
    startupPollMs: config['table.monitoring.startup.polling.limit.ms'],
    cursor: cursorConfig(config),
    initialTime: initialTime(config['timestamp.initial']),
    initialId,
    query,
    querySuffix: config['query.suffix'].trim(),
    retryAttempts: config['query.retry.attempts'],
    columns: {
      family: dialect.family,
      numericMapping: numericMapping(config),
      granularity: granularityOf(config),
      calendar: calendarOf(config),
      zone,
    },
    delayMs: config['timestamp.delay.interval.ms'],
    isolation: config['transaction.isolation.mode'],
    pollIntervalMs: config['poll.interval.ms'],
    rowsPerBatch: config['batch.max.rows'],
    topicPrefix: config['topic.prefix'],
  };
}

const NOW = -1;

function initialTime(configured: number | null): InitialTime {
  if (configured === NOW) return 'now';
  return nanosOf(configured ?? 0);
}

function queryOf(config: SourceConfig): string | null {
  const masked = config['query.masked']?.value().trim() ?? '';
  const query = config.query.trim();
  if (masked !== '' && query !== '') {
    throw new ConfigError('query and query.masked are both set: keep one of them.');
  }
  return masked || query || null;
}

function cursorConfig(config: SourceConfig): CursorConfig {
  return {
    mode: modeOf(config.mode),
    incrementing: config['incrementing.column.name'].trim(),
    timestamps: config['timestamp.column.name'],
    incrementingMapping: config['incrementing.column.mapping'],
    timestampsMapping: config['timestamp.columns.mapping'],
    isNullRefused: config['validate.non.null'],
  };
}

/** @throws ConfigError when it is none */
export function modeOf(text: string): SourceMode {
  const mode = text.trim().toLowerCase();
  switch (mode) {
    case 'bulk':
    case 'incrementing':
    case 'timestamp':
    case 'timestamp+incrementing':
      return mode;
    default:
      throw ConfigError.ofValue(
        'mode',
        text,
        'Query mode must be specified: bulk, incrementing, timestamp or timestamp+incrementing',
      );
  }
}

function quotingOf(config: SourceConfig): Quoting {
  return config['quote.sql.identifiers'].trim().toLowerCase() === 'never' ? 'never' : 'always';
}

function numericMapping(config: SourceConfig): NumericMapping {
  switch (config['numeric.mapping']?.toLowerCase()) {
    case 'none':
      return 'none';
    case 'precision_only':
      return 'precision_only';
    case 'best_fit':
      return 'best_fit';
    case 'best_fit_eager_double':
      return 'best_fit_eager_double';
    default:
      return config['numeric.precision.mapping'] ? 'precision_only' : 'none';
  }
}

function granularityOf(config: SourceConfig): TimestampGranularity {
  const wanted = config['timestamp.granularity'].toLowerCase();
  switch (wanted) {
    case 'micros_long':
    case 'micros_string':
    case 'micros_iso_datetime_string':
    case 'nanos_long':
    case 'nanos_string':
    case 'nanos_iso_datetime_string':
      return wanted;
    default:
      return 'connect_logical';
  }
}

function calendarOf(config: SourceConfig): Calendar {
  const isOurs = config['date.calendar.system'].toUpperCase() === 'PROLEPTIC_GREGORIAN';
  return isOurs ? 'PROLEPTIC_GREGORIAN' : 'LEGACY';
}
