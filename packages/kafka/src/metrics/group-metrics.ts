import type { Clock } from '../clock.ts';
import type { Meter } from './meter.ts';
import type { MetricTable, MetricsRegistry } from './metrics-registry.ts';

const SECONDS_PER_HOUR = 3600;
const NEVER = -1;

/**
 * What a member of a group does to stay in it: `consumer-coordinator-metrics`, or `connect-coordinator-metrics` for
 * workers. Mirrors Java's `AbstractCoordinator.GroupCoordinatorMetrics` and `ConsumerCoordinatorMetrics`.
 */
export class GroupMetrics {
  readonly #clock: Clock;
  readonly #heartbeat: Meter;
  readonly #join: Meter;
  readonly #sync: Meter;
  readonly #rebalance: Meter;
  readonly #failed: Meter;
  #lastHeartbeatMs: number | null = null;
  #lastRebalanceMs: number | null = null;
  #rebalanceStartMs: number | null = null;

  /** `prefix`: `consumer` or `connect`. */
  constructor(registry: MetricsRegistry, prefix: string, clientId: string, clock: Clock) {
    this.#clock = clock;
    this.#heartbeat = registry.meter();
    this.#join = registry.meter();
    this.#sync = registry.meter();
    this.#rebalance = registry.meter();
    this.#failed = registry.meter();
    registry.add(`${prefix}-coordinator-metrics`, { 'client-id': clientId }, this.#table());
  }

  /** A heartbeat leaves. */
  heartbeatSent(): void {
    this.#lastHeartbeatMs = this.#clock.now();
  }
  /** It was answered, whatever the answer. */
  heartbeatAnswered(): void {
    if (this.#lastHeartbeatMs !== null) {
      this.#heartbeat.record(this.#clock.now() - this.#lastHeartbeatMs);
    }
  }
  /** JoinGroup was answered well after so long. */
  joined(tookMs: number): void {
    this.#join.record(tookMs);
  }
  /** SyncGroup was. */
  synced(tookMs: number): void {
    this.#sync.record(tookMs);
  }
  /** A rebalance begins for this member; one that runs already goes on. */
  rebalanceBegan(): void {
    this.#rebalanceStartMs ??= this.#clock.now();
  }
  /** The member has its part. */
  rebalanceEnded(): void {
    const now = this.#clock.now();
    if (this.#rebalanceStartMs !== null) this.#rebalance.record(now - this.#rebalanceStartMs);
    this.#rebalanceStartMs = null;
    this.#lastRebalanceMs = now;
  }
  /** It came to nothing: another follows. */
  rebalanceFailed(): void {
    if (this.#rebalanceStartMs !== null) this.#failed.record(1);
    this.#rebalanceStartMs = null;
  }

  #table(): MetricTable {
    const rebalance = this.#rebalance;
    const ago = (atMs: number | null): number =>
      atMs === null ? NEVER : Math.floor((this.#clock.now() - atMs) / 1000);
    return {
      'heartbeat-rate': ['Heartbeats answered per second', () => this.#heartbeat.countRate],
      'heartbeat-total': ['Heartbeats answered', () => this.#heartbeat.count],
      'heartbeat-response-time-max': [
        'Longest time to a heartbeat’s answer, ms',
        () => this.#heartbeat.max,
      ],
      'last-heartbeat-seconds-ago': [
        'Seconds since a heartbeat was sent, -1: never',
        () => ago(this.#lastHeartbeatMs),
      ],
      'join-time-avg': ['Average time to join, ms', () => this.#join.avg],
      'join-time-max': ['Longest time to join, ms', () => this.#join.max],
      'join-rate': ['Joins per second', () => this.#join.countRate],
      'join-total': ['Joins', () => this.#join.count],
      'sync-time-avg': ['Average time to sync, ms', () => this.#sync.avg],
      'sync-time-max': ['Longest time to sync, ms', () => this.#sync.max],
      'sync-rate': ['Syncs per second', () => this.#sync.countRate],
      'sync-total': ['Syncs', () => this.#sync.count],
      'rebalance-latency-avg': ['Average duration of a rebalance, ms', () => rebalance.avg],
      'rebalance-latency-max': ['Longest duration of a rebalance, ms', () => rebalance.max],
      'rebalance-latency-total': ['Time spent in rebalances, ms', () => rebalance.total],
      'rebalance-total': ['Rebalances that succeeded', () => rebalance.count],
      'rebalance-rate-per-hour': [
        'Rebalances that succeeded, per hour',
        () => rebalance.countRate * SECONDS_PER_HOUR,
      ],
      'failed-rebalance-total': ['Rebalances that failed', () => this.#failed.count],
      'failed-rebalance-rate-per-hour': [
        'Rebalances that failed, per hour',
        () => this.#failed.countRate * SECONDS_PER_HOUR,
      ],
      'last-rebalance-seconds-ago': [
        'Seconds since a rebalance succeeded, -1: never',
        () => ago(this.#lastRebalanceMs),
      ],
    };
  }
}
