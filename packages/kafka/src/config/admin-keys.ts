import { commonKeys, retries } from './common-keys.ts';
import { atLeast, type ConfigTable, ignored, key, unsupported } from './config-key.ts';

/** Java's `AdminClientConfig`, 4.3.1. */
export const adminKeys: ConfigTable = {
  ...commonKeys,
  'bootstrap.controllers': unsupported('LIST', []),
  'bootstrap.servers': key('LIST', []),
  'connections.max.idle.ms': key('LONG', 300_000),
  'default.api.timeout.ms': key('INT', 60_000, atLeast(0)),
  'enable.metrics.push': ignored('BOOLEAN', false),
  retries,
};
