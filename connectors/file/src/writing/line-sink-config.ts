import { ConfigDef } from '@sluice/api';

/** What sinks of lines understand. The key is FileStreamSink's in Java. */
export const LINE_SINK_CONFIG = new ConfigDef({
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'The file to append to. Without it, lines go to standard output.',
  },
});
