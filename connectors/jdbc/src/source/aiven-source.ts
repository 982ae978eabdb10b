import { ConfigError, int64, type Int64, type Props } from '@sluice/api';
import { JDBC_SOURCE_CONFIG } from './source-settings.ts';

/** The keys of `io.aiven.connect.jdbc.JdbcSourceConnector`: Confluent's, and some of its own. */
export const AIVEN_SOURCE_CONFIG = JDBC_SOURCE_CONFIG.extend({
  'timestamp.initial.ms': {
    type: 'LONG',
    default: '0',
    importance: 'MEDIUM',
    group: 'Mode',
    doc: 'Where to begin without offsets, in milliseconds since 1970.',
  },
  'incrementing.initial': {
    type: 'LONG',
    default: '-1',
    importance: 'MEDIUM',
    group: 'Mode',
    doc: 'Without offsets rows with a higher id than this are read.',
  },
  'sql.quote.identifiers': {
    type: 'BOOLEAN',
    default: 'true',
    importance: 'MEDIUM',
    group: 'Database',
    doc: 'Whether names of tables and columns are quoted.',
  },
  'table.names.qualify': {
    type: 'BOOLEAN',
    default: 'true',
    importance: 'LOW',
    group: 'Database',
    doc: 'Accepted and without effect: names are always qualified where the database has schemas.',
  },
});

/** A config of Aiven's connector in Confluent's keys. */
export function fromAivenSource(props: Props): Props {
  const timestamp = props['timestamp.initial.ms'];
  const quote = props['sql.quote.identifiers'];
  return {
    ...props,
    ...(timestamp === undefined ? {} : { 'timestamp.initial': timestamp }),
    ...(quote === undefined ? {} : { 'quote.sql.identifiers': quotingOf(quote) }),
  };
}

/**
 * Where the ids begin by a config of Aiven's connector; Confluent's has no such key.
 *
 * @throws ConfigError when it is no number
 */
export function aivenInitialId(props: Props): Int64 | null {
  const text = props['incrementing.initial']?.trim();
  if (text === undefined) return null;
  if (/^-?\d+$/.test(text)) return int64(BigInt(text));
  throw ConfigError.ofValue('incrementing.initial', text, 'Not a number of type LONG');
}

function quotingOf(isQuoted: string): string {
  return isQuoted.trim().toLowerCase() === 'false' ? 'never' : 'always';
}
