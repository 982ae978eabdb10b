import {
  ConfigError,
  caseInsensitiveValidString,
  type ConfigKeySpec,
  type Validator,
} from '@sluice/api';
import type { SinkSettings } from './sink-settings.ts';

/** Sluice's own keys, the same under every connector's name. */
export const OFFSET_KEYS = {
  'sluice.exactly.once': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether offsets are kept in the database, in the transaction that writes the rows, so that each record is written once.',
    group: 'Sluice',
    orderInGroup: 1,
  },
  'sluice.offsets.table': {
    type: 'STRING',
    default: 'sluice_sink_offsets',
    importance: 'LOW',
    doc: 'The table that holds those offsets; it is made when it is missing.',
    group: 'Sluice',
    orderInGroup: 2,
  },
} as const satisfies Record<string, ConfigKeySpec>;

/** One of these words, in whatever case. */
export function oneOf(words: readonly string[]): Validator {
  return caseInsensitiveValidString(...words);
}

/** What keys say together, each with the key that the error belongs to. */
export function contradictions(
  settings: SinkSettings,
): readonly (readonly [string, ConfigError])[] {
  const { keyMode, keyFields, insertMode, isDeleteEnabled } = settings;
  const found: (readonly [string, string])[] = [];
  if (isDeleteEnabled && keyMode !== 'record_key') {
    found.push([
      'delete.enabled',
      'Deletes are only supported for pk.mode record_key: set pk.mode=record_key, or delete.enabled=false.',
    ]);
  }
  if (keyMode === 'kafka' && keyFields.length !== 0 && keyFields.length !== 3) {
    found.push([
      'pk.fields',
      `pk.mode kafka takes exactly three names (topic, partition, offset) or none, not ${keyFields.length}.`,
    ]);
  }
  if (keyMode === 'record_header' && keyFields.length === 0) {
    found.push(['primary.key.fields', 'record_header needs the names of the headers.']);
  }
  if (insertMode !== 'insert' && keyMode === 'none') {
    found.push([
      'pk.mode',
      `insert.mode=${insertMode} needs a primary key: set pk.mode to record_key, record_value or kafka.`,
    ]);
  }
  return found.map(([key, text]) => [key, new ConfigError(text, { context: { key } })] as const);
}
