import { caseInsensitiveValidString, ConfigDef, type ConfigOf } from '@sluice/api';
import { CONVERTER_TYPE_SPEC } from '../converter-config.ts';

const SCHEMAS = 'Schemas';
const SERIALIZATION = 'Serialization';

/** The options of the JsonConverter. Mirrors `JsonConverterConfig`. */
export const JSON_CONVERTER_CONFIG = new ConfigDef({
  ...CONVERTER_TYPE_SPEC,
  'schemas.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'HIGH',
    doc: 'Whether each message carries its schema beside its payload.',
    group: SCHEMAS,
    orderInGroup: 0,
    width: 'MEDIUM',
    displayName: 'Enable Schemas',
  },
  'schemas.cache.size': {
    type: 'INT',
    default: 1000,
    importance: 'HIGH',
    doc: 'How many schemas are kept translated, in each direction.',
    group: SCHEMAS,
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Schema Cache Size',
  },
  'schema.content': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc:
      'A schema, in the JSON form of the envelope, for all messages read; they then hold the ' +
      'payload only. Used when schemas.enable is true.',
    group: SCHEMAS,
    orderInGroup: 2,
    width: 'MEDIUM',
    displayName: 'Schema Content',
  },
  'decimal.format': {
    type: 'STRING',
    default: 'BASE64',
    validator: caseInsensitiveValidString('BASE64', 'NUMERIC'),
    importance: 'LOW',
    doc: 'How decimals are written: BASE64 (their bytes) or NUMERIC (a JSON number), in any case.',
    group: SERIALIZATION,
    orderInGroup: 0,
    width: 'MEDIUM',
    displayName: 'Decimal Format',
  },
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether a null gives way to the default of its schema, if there is one.',
    group: SERIALIZATION,
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Replace null with default',
  },
});

/** The parsed options. */
export type JsonConverterConfig = ConfigOf<typeof JSON_CONVERTER_CONFIG>;

/** What writers and readers need to know of them. */
export interface JsonFormat {
  readonly isDecimalNumeric: boolean;
  readonly replacesNullWithDefault: boolean;
}

export function jsonFormatOf(config: JsonConverterConfig): JsonFormat {
  return {
    isDecimalNumeric: config['decimal.format'].toUpperCase() === 'NUMERIC',
    replacesNullWithDefault: config['replace.null.with.default'],
  };
}
