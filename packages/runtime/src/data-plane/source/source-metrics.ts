import type { MetricValues } from '../../metrics/metric-values.ts';
import { type MetricWindow, SampledStat } from '../../metrics/sampled-stat.ts';
import { RecordMetrics } from '../record-metrics.ts';

/**
 * The counts behind `source-task-metrics` (R8.03). Written by the stages of one task, per batch;
 * plain numbers, so that nobody pays for them until somebody looks.
 */
export class SourceMetrics extends RecordMetrics {
  recordsPolled = 0;
  recordsWritten = 0;
  recordsDropped = 0;
  /** Polled, but neither acknowledged nor dropped yet. */
  recordsActive = 0;
  readonly #polled: SampledStat;
  readonly #pollMs: SampledStat;
  readonly #written: SampledStat;
  readonly #active: SampledStat;

  constructor(window: MetricWindow) {
    super(window);
    this.#polled = new SampledStat(window);
    this.#pollMs = new SampledStat(window);
    this.#written = new SampledStat(window);
    this.#active = new SampledStat(window);
  }

  /** One poll that gave records. */
  polled(records: number, durationMs: number, nowMs: number): void {
    this.recordsPolled += records;
    this.recordsActive += records;
    this.#polled.record(records, nowMs);
    this.batchSize.record(records, nowMs);
    this.#pollMs.record(durationMs, nowMs);
    this.#active.record(this.recordsActive, nowMs);
  }

  /** A batch that Kafka has. */
  written(records: number, nowMs: number): void {
    this.recordsWritten += records;
    this.recordsActive -= records;
    this.#written.record(records, nowMs);
    this.#active.record(this.recordsActive, nowMs);
  }

  /** Filtered or skipped on the way. */
  dropped(records: number): void {
    this.recordsDropped += records;
    this.recordsActive -= records;
  }

  values(nowMs: number): MetricValues {
    const poll = this.#pollMs.measure(nowMs);
    const active = this.#active.measure(nowMs);
    return {
      'source-record-poll-rate': this.#polled.measure(nowMs).rate,
      'source-record-poll-total': this.recordsPolled,
      'source-record-write-rate': this.#written.measure(nowMs).rate,
      'source-record-write-total': this.recordsWritten,
      'poll-batch-max-time-ms': poll.max,
      'poll-batch-avg-time-ms': poll.avg,
      'source-record-active-count': this.recordsActive,
      'source-record-active-count-max': active.max,
      'source-record-active-count-avg': active.avg,
      // Transactions come with exactly-once; till then as in a Java task that has none.
      'transaction-size-min': Number.NaN,
      'transaction-size-max': Number.NaN,
      'transaction-size-avg': Number.NaN,
    };
  }
}
