import type { Clock } from '../clock.ts';
import { AssignmentMetrics } from './assignment-metrics.ts';
import type { ClientMetric } from './client-metric.ts';
import { FetchMetrics } from './fetch-metrics.ts';
import { GroupMetrics } from './group-metrics.ts';
import { MetricsRegistry } from './metrics-registry.ts';
import { NetworkMetrics } from './network-metrics.ts';
import { PollMetrics } from './poll-metrics.ts';

/** Everything that a consumer counts, under Java's names. */
export class ConsumerMetrics {
  readonly poll: PollMetrics;
  readonly fetch: FetchMetrics;
  readonly group: GroupMetrics;
  readonly assignment: AssignmentMetrics;
  readonly network: NetworkMetrics;
  readonly #registry: MetricsRegistry;

  constructor(clock: Clock, clientId: string, assignedPartitions: () => number) {
    const registry = new MetricsRegistry(clock);
    this.#registry = registry;
    this.poll = new PollMetrics(registry, clientId, clock);
    this.fetch = new FetchMetrics(registry, clientId);
    this.group = new GroupMetrics(registry, 'consumer', clientId, clock);
    this.network = new NetworkMetrics(registry, 'consumer', clientId);
    this.assignment = new AssignmentMetrics(registry, clientId, clock, assignedPartitions);
  }

  /** To be called once per poll. */
  tick(): void {
    this.#registry.tick();
  }

  snapshot(): readonly ClientMetric[] {
    return this.#registry.snapshot();
  }
}
