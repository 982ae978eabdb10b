import type { MetricValues } from '../metrics/metric-values.ts';
import { type MetricWindow, SampledStat } from '../metrics/sampled-stat.ts';
import { CommitMetrics } from './commit-metrics.ts';
import type { RecordAges } from './record-ages.ts';

/** What tasks of both ways count: batches, commits, how old records are when they are through. */
export class RecordMetrics {
  readonly commits: CommitMetrics;
  /** Records of one poll. */
  protected readonly batchSize: SampledStat;
  readonly #latencyMs: SampledStat;

  constructor(window: MetricWindow) {
    this.commits = new CommitMetrics(window);
    this.batchSize = new SampledStat(window);
    this.#latencyMs = new SampledStat(window);
  }

  /** From the records' own timestamps to Kafka's acknowledgement, or the end of `put`, in milliseconds. */
  latency({ sumMs, count, maxMs }: RecordAges, nowMs: number): void {
    if (count > 0) this.#latencyMs.recordMany(sumMs, count, maxMs, nowMs);
  }

  /** Sluice's own (`sluice-task-metrics`). */
  latencyValues(nowMs: number): MetricValues {
    const { max, avg } = this.#latencyMs.measure(nowMs);
    return { 'record-latency-max-ms': max, 'record-latency-avg-ms': avg };
  }

  /** Their share of `connector-task-metrics` (R8.02). */
  taskValues(nowMs: number): MetricValues {
    const { max, avg } = this.batchSize.measure(nowMs);
    return { 'batch-size-max': max, 'batch-size-avg': avg, ...this.commits.values(nowMs) };
  }
}
