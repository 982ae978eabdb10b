import type { ClientMetric } from './client-metric.ts';
import type { Meter } from './meter.ts';
import { type MetricTable, type MetricsRegistry, readTable } from './metrics-registry.ts';

/** What a producer tells of a batch that leaves, once per batch. */
export interface SentBatch {
  readonly topic: string;
  readonly recordCount: number;
  readonly sizeInBytes: number;
  /** What the records take before they are compressed. */
  readonly plainBytes: number;
  /** From the first record to leaving, in milliseconds. */
  readonly queuedMs: number;
  /** Of the largest record. */
  readonly recordMaxBytes: number;
}

/** What can be read from a producer at any time. */
export interface ProducerGauges {
  readonly bufferTotalBytes: () => number;
  readonly bufferAvailableBytes: () => number;
  readonly waiting: () => number;
  readonly requestsInFlight: () => number;
  readonly metadataAgeSeconds: () => number;
}

interface TopicMeters {
  readonly records: Meter;
  readonly bytes: Meter;
  readonly compression: Meter;
  readonly retries: Meter;
  readonly errors: Meter;
}

const GROUP = 'producer-metrics';
const TOPIC_GROUP = 'producer-topic-metrics';
const NS_PER_MS = 1_000_000;
const MS_PER_S = 1000;

/** Steps whose durations Java adds up, and its names for them. `prepare` (KIP-939) is not offered, and stays at 0. */
const TIMES = {
  flush: 'flush-time-ns-total',
  metadata: 'metadata-wait-time-ns-total',
  buffer: 'bufferpool-wait-time-ns-total',
  init: 'txn-init-time-ns-total',
  begin: 'txn-begin-time-ns-total',
  prepare: 'txn-prepare-time-ns-total',
  sendOffsets: 'txn-send-offsets-time-ns-total',
  commit: 'txn-commit-time-ns-total',
  abort: 'txn-abort-time-ns-total',
} as const;

/** One of the steps whose durations are added up. */
export type TimedStep = keyof typeof TIMES;

/** `producer-metrics` and `producer-topic-metrics`. Everything is told per batch or per request, nothing per record. */
export class ProducerMetrics {
  readonly #registry: MetricsRegistry;
  readonly #clientId: string;
  readonly #topics = new Map<string, TopicMeters>();
  readonly #batchSize: Meter;
  readonly #recordSize: Meter;
  readonly #recordMax: Meter;
  readonly #compression: Meter;
  readonly #queued: Meter;
  readonly #records: Meter;
  readonly #perRequest: Meter;
  readonly #latency: Meter;
  readonly #throttle: Meter;
  readonly #retries: Meter;
  readonly #errors: Meter;
  readonly #splits: Meter;
  readonly #exhausted: Meter;
  readonly #waited: Meter;
  readonly #times = new Map<TimedStep, number>();

  constructor(registry: MetricsRegistry, clientId: string, gauges: ProducerGauges) {
    this.#registry = registry;
    this.#clientId = clientId;
    this.#batchSize = registry.meter();
    this.#recordSize = registry.meter();
    this.#recordMax = registry.meter();
    this.#compression = registry.meter();
    this.#queued = registry.meter();
    this.#records = registry.meter();
    this.#perRequest = registry.meter();
    this.#latency = registry.meter();
    this.#throttle = registry.meter();
    this.#retries = registry.meter();
    this.#errors = registry.meter();
    this.#splits = registry.meter();
    this.#exhausted = registry.meter();
    this.#waited = registry.meter();
    const tags = { 'client-id': clientId };
    registry.add(GROUP, tags, { ...this.#batches(), ...this.#outcomes(), ...this.#durations() });
    registry.add(GROUP, tags, {
      'buffer-total-bytes': ['buffer.memory', gauges.bufferTotalBytes],
      'buffer-available-bytes': ['What is left of it', gauges.bufferAvailableBytes],
      'bufferpool-wait-ratio': ['Share of time spent waiting for room', () => this.#waited.rate],
      'waiting-threads': ['Callers that wait for room', gauges.waiting],
      'requests-in-flight': ['Requests without an answer', gauges.requestsInFlight],
      'metadata-age': ['Age of the metadata in use, s', gauges.metadataAgeSeconds],
    });
    registry.addSource(() => this.#perTopic());
  }

  /** A Produce request leaves with these batches. */
  sent(batches: readonly SentBatch[]): void {
    this.#registry.tick();
    let records = 0;
    for (const batch of batches) {
      const { recordCount, sizeInBytes, plainBytes } = batch;
      const ratio = plainBytes > 0 ? sizeInBytes / plainBytes : 1;
      records += recordCount;
      this.#batchSize.record(sizeInBytes);
      this.#compression.record(ratio);
      this.#queued.record(batch.queuedMs);
      this.#recordMax.record(batch.recordMaxBytes);
      if (recordCount > 0) this.#recordSize.record(plainBytes / recordCount);
      this.#records.record(recordCount);
      const topic = this.#topic(batch.topic);
      topic.records.record(recordCount);
      topic.bytes.record(sizeInBytes);
      topic.compression.record(ratio);
    }
    this.#perRequest.record(records);
  }

  /** It was answered. */
  answered(latencyMs: number, throttleMs: number): void {
    this.#latency.record(latencyMs);
    this.#throttle.record(throttleMs);
  }

  /** A batch is sent once more. */
  retried(topic: string, recordCount: number): void {
    this.#retries.record(recordCount);
    this.#topic(topic).retries.record(recordCount);
  }

  /** A batch failed for good. */
  failed(topic: string, recordCount: number): void {
    this.#errors.record(recordCount);
    this.#topic(topic).errors.record(recordCount);
  }

  /** A batch was too large and was split. */
  split(): void {
    this.#splits.record(1);
  }

  /** There was no room within `max.block.ms`. */
  exhausted(): void {
    this.#exhausted.record(1);
  }

  /** A step took so long. */
  took(step: TimedStep, ms: number): void {
    this.#times.set(step, (this.#times.get(step) ?? 0) + ms * NS_PER_MS);
    if (step === 'buffer') this.#waited.record(ms / MS_PER_S);
  }

  #topic(topic: string): TopicMeters {
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    const registry = this.#registry;
    const meters = {
      records: registry.meter(),
      bytes: registry.meter(),
      compression: registry.meter(),
      retries: registry.meter(),
      errors: registry.meter(),
    };
    this.#topics.set(topic, meters);
    return meters;
  }

  #batches(): MetricTable {
    return {
      'batch-size-avg': ['Average bytes of a batch', () => this.#batchSize.avg],
      'batch-size-max': ['Most bytes of a batch', () => this.#batchSize.max],
      'compression-rate-avg': ['Average share left by compression', () => this.#compression.avg],
      'record-queue-time-avg': ['Average time in the buffer, ms', () => this.#queued.avg],
      'record-queue-time-max': ['Longest time in the buffer, ms', () => this.#queued.max],
      'record-size-avg': ['Average bytes of a record', () => this.#recordSize.avg],
      'record-size-max': ['Most bytes of a record', () => this.#recordMax.max],
      'record-send-rate': ['Records sent per second', () => this.#records.rate],
      'record-send-total': ['Records sent', () => this.#records.total],
      'records-per-request-avg': ['Average records of a request', () => this.#perRequest.avg],
    };
  }

  #outcomes(): MetricTable {
    return {
      'request-latency-avg': ['Average time to an answer, ms', () => this.#latency.avg],
      'request-latency-max': ['Longest time to an answer, ms', () => this.#latency.max],
      'produce-throttle-time-avg': ['Average delay by quota, ms', () => this.#throttle.avg],
      'produce-throttle-time-max': ['Longest delay by quota, ms', () => this.#throttle.max],
      'record-retry-rate': ['Records sent again per second', () => this.#retries.rate],
      'record-retry-total': ['Records sent again', () => this.#retries.total],
      'record-error-rate': ['Records that failed per second', () => this.#errors.rate],
      'record-error-total': ['Records that failed', () => this.#errors.total],
      'batch-split-rate': ['Batches split per second', () => this.#splits.rate],
      'batch-split-total': ['Batches split', () => this.#splits.total],
      'buffer-exhausted-rate': ['Refusals for lack of room per second', () => this.#exhausted.rate],
      'buffer-exhausted-total': ['Refusals for lack of room', () => this.#exhausted.total],
    };
  }

  #durations(): MetricTable {
    return Object.fromEntries(
      Object.entries(TIMES).map(([step, name]) => [
        name,
        [`Time spent: ${step}, ns`, () => this.#timeOf(step)] as const,
      ]),
    );
  }

  #timeOf(name: string): number {
    for (const [step, ns] of this.#times) if (step === name) return ns;
    return 0;
  }

  *#perTopic(): Iterable<ClientMetric> {
    for (const [topic, meters] of this.#topics) {
      const { records, bytes, compression, retries, errors } = meters;
      yield* readTable(
        TOPIC_GROUP,
        { 'client-id': this.#clientId, topic },
        {
          'record-send-rate': ['Records sent per second', () => records.rate],
          'record-send-total': ['Records sent', () => records.total],
          'byte-rate': ['Bytes sent per second', () => bytes.rate],
          'byte-total': ['Bytes sent', () => bytes.total],
          'compression-rate': ['Average share left by compression', () => compression.avg],
          'record-retry-rate': ['Records sent again per second', () => retries.rate],
          'record-retry-total': ['Records sent again', () => retries.total],
          'record-error-rate': ['Records that failed per second', () => errors.rate],
          'record-error-total': ['Records that failed', () => errors.total],
        },
      );
    }
  }
}
