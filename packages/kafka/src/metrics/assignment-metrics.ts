import type { Clock } from '../clock.ts';
import type { MetricsRegistry } from './metrics-registry.ts';

/** What a listener was told. */
export type ListenerCall = 'assigned' | 'revoked' | 'lost';

/** The part of `consumer-coordinator-metrics` that is about partitions and commits. */
export class AssignmentMetrics {
  readonly #clock: Clock;
  readonly #calls;
  readonly #commit;

  constructor(
    registry: MetricsRegistry,
    clientId: string,
    clock: Clock,
    assignedPartitions: () => number,
  ) {
    this.#clock = clock;
    this.#calls = {
      assigned: registry.meter(),
      revoked: registry.meter(),
      lost: registry.meter(),
    };
    this.#commit = registry.meter();
    const group = 'consumer-coordinator-metrics';
    const tags = { 'client-id': clientId };
    registry.add(group, tags, {
      'assigned-partitions': ['Partitions assigned', assignedPartitions],
      'commit-latency-avg': ['Average time of a commit, ms', () => this.#commit.avg],
      'commit-latency-max': ['Longest time of a commit, ms', () => this.#commit.max],
      'commit-rate': ['Commits per second', () => this.#commit.countRate],
      'commit-total': ['Commits', () => this.#commit.count],
    });
    for (const [call, meter] of Object.entries(this.#calls)) {
      registry.add(group, tags, {
        [`partition-${call}-latency-avg`]: [
          `Average time of the listener for ${call} partitions, ms`,
          () => meter.avg,
        ],
        [`partition-${call}-latency-max`]: [
          `Longest time of the listener for ${call} partitions, ms`,
          () => meter.max,
        ],
      });
    }
  }

  /** A commit request was answered after so long. */
  committed(tookMs: number): void {
    this.#commit.record(tookMs);
  }

  /** Runs a listener's call and notes how long it took. */
  async time(call: ListenerCall, run: () => void | Promise<void>): Promise<void> {
    const startMs = this.#clock.now();
    try {
      await run();
    } finally {
      this.#calls[call].record(this.#clock.now() - startMs);
    }
  }
}
