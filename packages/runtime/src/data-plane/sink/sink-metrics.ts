import type { MetricValues } from '../../metrics/metric-values.ts';
import { type MetricWindow, SampledStat } from '../../metrics/sampled-stat.ts';
import { RecordMetrics } from '../record-metrics.ts';

/** The counts behind `sink-task-metrics` (R8.04). Written by the stages of one task, per batch. */
export class SinkMetrics extends RecordMetrics {
  recordsRead = 0;
  recordsSent = 0;
  recordsDropped = 0;
  partitionCount = 0;
  /** Numbers the commits, so that a late answer can be told (R5.09). */
  commitSequence = 0;
  commitSkips = 0;
  readonly #read: SampledStat;
  readonly #sent: SampledStat;
  readonly #putMs: SampledStat;
  readonly #completed: SampledStat;
  readonly #skipped: SampledStat;
  readonly #active: SampledStat;
  #activeNow = 0;

  constructor(window: MetricWindow) {
    super(window);
    this.#read = new SampledStat(window);
    this.#sent = new SampledStat(window);
    this.#putMs = new SampledStat(window);
    this.#completed = new SampledStat(window);
    this.#skipped = new SampledStat(window);
    this.#active = new SampledStat(window);
  }

  /** Records of one poll. */
  read(records: number, nowMs: number): void {
    this.recordsRead += records;
    this.#read.record(records, nowMs);
    this.active(this.#activeNow + records, nowMs);
    this.batchSize.record(records, nowMs);
  }

  /** A `put` that returned. */
  sent(records: number, durationMs: number, nowMs: number): void {
    this.recordsSent += records;
    this.#sent.record(records, nowMs);
    this.#putMs.record(durationMs, nowMs);
  }

  /** A commit that went through. */
  committed(durationMs: number, nowMs: number): void {
    this.commits.success(durationMs, nowMs);
    this.#completed.record(1, nowMs);
  }

  /** A commit that was late and whose answer is ignored. */
  commitSkipped(nowMs: number): void {
    this.commitSkips += 1;
    this.#skipped.record(1, nowMs);
  }

  /** Records consumed, but not committed yet. */
  active(records: number, nowMs: number): void {
    this.#activeNow = records;
    this.#active.record(records, nowMs);
  }

  values(nowMs: number): MetricValues {
    const put = this.#putMs.measure(nowMs);
    const active = this.#active.measure(nowMs);
    return {
      'sink-record-read-rate': this.#read.measure(nowMs).rate,
      'sink-record-read-total': this.recordsRead,
      'sink-record-send-rate': this.#sent.measure(nowMs).rate,
      'sink-record-send-total': this.recordsSent,
      'partition-count': this.partitionCount,
      'offset-commit-seq-no': this.commitSequence,
      'offset-commit-completion-rate': this.#completed.measure(nowMs).rate,
      'offset-commit-completion-total': this.commits.succeeded,
      'offset-commit-skip-rate': this.#skipped.measure(nowMs).rate,
      'offset-commit-skip-total': this.commitSkips,
      'put-batch-max-time-ms': put.max,
      'put-batch-avg-time-ms': put.avg,
      'sink-record-active-count': this.#activeNow,
      'sink-record-active-count-max': active.max,
      'sink-record-active-count-avg': active.avg,
    };
  }
}
