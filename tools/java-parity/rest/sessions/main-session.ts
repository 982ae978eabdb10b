import { ADMIN_STEPS } from './admin.ts';
import { BODY_STEPS } from './bodies.ts';
import type { Session } from './builder.ts';
import { CONNECTOR_STEPS } from './connectors.ts';
import { OFFSET_STEPS } from './offsets.ts';
import { PLUGIN_STEPS } from './plugins.ts';
import { SEEDED_STEPS } from './seeded.ts';

/** Every endpoint of a worker set up as it comes. */
export const STANDALONE_SESSION: Session = {
  name: 'standalone',
  worker: { 'offset.flush.interval.ms': '500' },
  files: { 'in.txt': 'one\ntwo\nx\n' },
  addresses: {},
  steps: [
    ...ADMIN_STEPS,
    ...BODY_STEPS,
    ...SEEDED_STEPS,
    ...PLUGIN_STEPS,
    ...CONNECTOR_STEPS,
    ...OFFSET_STEPS,
  ],
};
