import { ConfigDef, nonEmptyString } from '@sluice/api';
import { LINE_SOURCE_KEYS } from '../stream/source-config.ts';

/** What JsonLinesSource understands: what FileStreamSource does, and where the key is. */
export const JSON_LINES_SOURCE_CONFIG = new ConfigDef({
  ...LINE_SOURCE_KEYS,
  'key.field': {
    type: 'STRING',
    default: null,
    validator: nonEmptyString(),
    importance: 'MEDIUM',
    doc: 'The field whose value becomes the key of the record. Without it, records have no key.',
  },
});
