import { ConfigDef, nonEmptyString, type ConfigSpec } from '@sluice/api';

/** What both sources of this package understand. Keys and defaults are Java's. */
export const LINE_SOURCE_KEYS = {
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'The file to read and to follow. Without it, standard input is read.',
  },
  topic: {
    type: 'STRING',
    validator: nonEmptyString(),
    importance: 'HIGH',
    doc: 'The topic to which the lines go.',
  },
  'batch.size': {
    type: 'INT',
    default: 2000,
    importance: 'LOW',
    doc: 'How many lines one poll takes at most.',
  },
} as const satisfies ConfigSpec;

/** What FileStreamSource understands. */
export const FILE_STREAM_SOURCE_CONFIG = new ConfigDef(LINE_SOURCE_KEYS);
