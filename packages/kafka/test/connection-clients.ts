// Clusters and connections for tests that look below the clients.
import { type KafkaLogger, silentLogger } from '../src/logger.ts';
import { systemClock } from '../src/clock.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { adminKeys } from '../src/config/admin-keys.ts';
import { clientConfigOf } from '../src/config/client-config.ts';
import { parseConfig } from '../src/config/config-values.ts';
import type { TokenFunction } from '../src/connection/security/sasl-settings.ts';

/** What a test may set besides properties. */
interface ClusterParts {
  readonly token?: TokenFunction;
  readonly logger?: KafkaLogger;
  readonly random?: () => number;
  /** Milliseconds, for both of a clock's faces. */
  readonly now?: () => number;
}

/** A cluster as an admin client with these properties would have it. */
export function clusterOf(
  properties: Readonly<Record<string, string>>,
  parts: ClusterParts = {},
): Cluster {
  const { now } = parts;
  const logger = parts.logger ?? silentLogger;
  const values = parseConfig('test', adminKeys, properties, logger);
  return new Cluster({
    config: clientConfigOf(values, 'test', parts.token ?? null),
    logger,
    clock: now === undefined ? systemClock : { now, wall: now },
    random: parts.random ?? Math.random,
    isCreatingTopics: false,
  });
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
