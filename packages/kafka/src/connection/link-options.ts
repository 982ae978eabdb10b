import type { Clock } from '../clock.ts';
import type { ClientConfig } from '../config/client-config.ts';
import type { KafkaLogger } from '../logger.ts';
import type { NetworkMetrics } from '../metrics/network-metrics.ts';

/** What connections need from their client. */
export interface LinkOptions {
  readonly config: ClientConfig;
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Counts what goes over them. */
  readonly network?: NetworkMetrics | null;
}
