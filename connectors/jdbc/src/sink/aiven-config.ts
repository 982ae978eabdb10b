import { ConfigDef, ConfigError, type Logger, type Props } from '@sluice/api';
import { JDBC_SINK_CONFIG, confluentSettings } from './confluent-config.ts';
import { oneOf } from './sink-keys.ts';
import type { SinkSettings } from './sink-settings.ts';

const OWN_KEYS = new ConfigDef({
  'insert.mode': {
    type: 'STRING',
    default: 'insert',
    validator: oneOf(['insert', 'multi', 'upsert', 'update']),
    importance: 'HIGH',
    doc: 'insert or multi: plain INSERT. upsert: insert, or change the row of the same key. update: change only.',
  },
  'table.name.normalize': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: "Whether characters that are neither letters, digits nor underscores become underscores in a topic's table name.",
  },
  'topics.to.tables.mapping': {
    type: 'LIST',
    default: '',
    importance: 'MEDIUM',
    doc: 'Tables by topic, as topic:table; a topic that is not named gets its table by table.name.format.',
  },
  'sql.quote.identifiers': {
    type: 'BOOLEAN',
    default: true,
    importance: 'MEDIUM',
    doc: 'Whether names are quoted; if not, they are folded as the database folds names without quotes.',
  },
});

/** All keys of the sink, under the names of Aiven's connector. */
export const AIVEN_SINK_CONFIG: ConfigDef = ConfigDef.ofKeys([
  ...[...JDBC_SINK_CONFIG.keys.values()].filter(({ name }) => !OWN_KEYS.keys.has(name)),
  ...OWN_KEYS.keys.values(),
]);

/** Reads the keys of Aiven's sink. */
export function aivenSettings(props: Props, logger: Logger): SinkSettings {
  const own = OWN_KEYS.parse(props);
  const mode = own['insert.mode'].toLowerCase() === 'multi' ? 'insert' : own['insert.mode'];
  const quoting = own['sql.quote.identifiers'] ? 'always' : 'never';
  const shared = { ...props, 'insert.mode': mode, 'quote.sql.identifiers': quoting };
  const settings = confluentSettings(shared, logger);
  const tables = new Map(own['topics.to.tables.mapping'].map(pairOf));
  return {
    ...settings,
    tableFor: (record) => {
      const mapped = tables.get(record.topic);
      if (mapped !== undefined) return mapped;
      const table = settings.tableFor(record);
      return own['table.name.normalize'] ? table.replaceAll(/[^a-zA-Z0-9_]/g, '_') : table;
    },
  };
}

function pairOf(text: string): readonly [string, string] {
  const [topic = '', table = '', ...more] = text.split(':').map((part) => part.trim());
  if (topic !== '' && table !== '' && more.length === 0) return [topic, table];
  throw ConfigError.ofValue('topics.to.tables.mapping', text, 'write topic:table');
}
