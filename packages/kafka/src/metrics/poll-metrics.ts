import type { Clock } from '../clock.ts';
import type { MetricsRegistry } from './metrics-registry.ts';

const NS_PER_MS = 1_000_000;

/** The part of `consumer-metrics` that is about how the application uses the consumer. Mirrors Java's `KafkaConsumerMetrics`. */
export class PollMetrics {
  readonly #clock: Clock;
  #lastPollMs: number | null = null;
  #betweenMs = 0;
  readonly #between;
  readonly #idle;
  readonly #commit;
  readonly #committed;

  constructor(registry: MetricsRegistry, clientId: string, clock: Clock) {
    this.#clock = clock;
    this.#between = registry.meter();
    this.#idle = registry.meter();
    this.#commit = registry.meter();
    this.#committed = registry.meter();
    registry.add(
      'consumer-metrics',
      { 'client-id': clientId },
      {
        'last-poll-seconds-ago': [
          'Seconds since the last poll began, -1: none',
          () => this.#secondsAgo,
        ],
        'time-between-poll-avg': ['Average time between polls, ms', () => this.#between.avg],
        'time-between-poll-max': ['Longest time between polls, ms', () => this.#between.max],
        'poll-idle-ratio-avg': ['Share of time spent inside polls', () => this.#idle.avg],
        'commit-sync-time-ns-total': ['Time spent in commits, ns', () => this.#commit.total],
        'committed-time-ns-total': [
          'Time spent asking for committed offsets, ns',
          () => this.#committed.total,
        ],
      },
    );
  }

  pollBegan(): void {
    const now = this.#clock.now();
    this.#betweenMs = this.#lastPollMs === null ? 0 : now - this.#lastPollMs;
    this.#between.record(this.#betweenMs);
    this.#lastPollMs = now;
  }

  pollEnded(): void {
    const took = this.#clock.now() - (this.#lastPollMs ?? 0);
    // Java's formula: the time since the last poll began, this one's not counted, stands for the whole.
    const whole = took + this.#betweenMs;
    if (whole > 0) this.#idle.record(took / whole);
  }

  committed(startedMs: number): void {
    this.#commit.record((this.#clock.now() - startedMs) * NS_PER_MS);
  }

  askedForCommitted(startedMs: number): void {
    this.#committed.record((this.#clock.now() - startedMs) * NS_PER_MS);
  }

  get #secondsAgo(): number {
    if (this.#lastPollMs === null) return -1;
    return Math.floor((this.#clock.now() - this.#lastPollMs) / 1000);
  }
}
