import { ConfigDef, atLeast, between, type ConfigOf } from '@sluice/api';

/**
 * When FAILED connectors and tasks are started again by themselves. Off by default, as in Java. In a
 * worker's properties for all connectors, in a connector's config for that one.
 */
export const RESTART_KEYS = {
  'sluice.restart.enable': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether FAILED connectors and tasks are started again by themselves.',
  },
  'sluice.restart.max.attempts': {
    type: 'INT',
    default: -1,
    validator: atLeast(-1),
    importance: 'LOW',
    doc: 'How often in a row; -1 is without end.',
  },
  'sluice.restart.backoff.ms': {
    type: 'LONG',
    default: 60_000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Before the attempt after n others it waits n*n+n times this long, in milliseconds.',
  },
  'sluice.restart.backoff.max.ms': {
    type: 'LONG',
    default: 3_600_000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'It never waits longer than this, in milliseconds.',
  },
  'sluice.restart.backoff.jitter': {
    type: 'DOUBLE',
    default: 0.1,
    validator: between(0, 1),
    importance: 'LOW',
    doc: 'The share of the wait that is left to chance, so that not all start at once.',
  },
  'sluice.restart.reset.ms': {
    type: 'LONG',
    default: 600_000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'After running for this long, in milliseconds, the counting begins anew.',
  },
} as const;

/** The restart policy of one connector. */
export const RESTART_CONFIG = new ConfigDef(RESTART_KEYS);

export type RestartValues = ConfigOf<typeof RESTART_CONFIG>;
