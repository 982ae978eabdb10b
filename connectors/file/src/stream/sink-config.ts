import { ConfigDef } from '@sluice/api';

/** What FileStreamSink understands. Its key is Java's. */
export const FILE_STREAM_SINK_CONFIG = new ConfigDef({
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'The file to append to. Without it, lines go to standard output.',
  },
});
