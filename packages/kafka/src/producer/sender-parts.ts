import type { Cluster } from '../cluster/cluster.ts';
import type { ProducerMetrics } from '../metrics/producer-metrics.ts';
import type { Accumulator } from './accumulator.ts';
import type { BatchSettler } from './batch-settler.ts';
import type { IdentitySource } from './identity-source.ts';
import type { ProducerConfig } from './producer-config.ts';

/** What the sender works with. */
export interface SenderParts {
  readonly cluster: Cluster;
  readonly config: ProducerConfig;
  readonly accumulator: Accumulator;
  /** `null` without idempotence. */
  readonly producerId: IdentitySource | null;
  readonly settler: BatchSettler;
  readonly metrics: ProducerMetrics;
}
