import type { PartitionState } from '../consumer/partition-state.ts';
import type { ClientMetric } from './client-metric.ts';
import type { Meter } from './meter.ts';
import { type MetricTable, type MetricsRegistry, readTable } from './metrics-registry.ts';

const GROUP = 'consumer-fetch-manager-metrics';

/** Counts of one topic, or of all. */
interface Consumed {
  /** Bytes of one fetch's records, unpacked. */
  readonly bytes: Meter;
  /** Records of one fetch. */
  readonly records: Meter;
}

interface Distance {
  readonly lag: Meter;
  readonly lead: Meter;
}

/** What one fetch response brought; complete when the application has had (or dropped) every part of it. */
export class FetchTally {
  readonly #metrics: FetchMetrics;
  readonly #byTopic = new Map<string, { bytes: number; records: number }>();
  #open = 1;

  constructor(metrics: FetchMetrics) {
    this.#metrics = metrics;
  }

  /** Another partition's part belongs to the response. */
  expect(): void {
    this.#open++;
  }

  /** A part was used up, with so much for the application. */
  settle(topic: string, bytes: number, records: number): void {
    const known = this.#byTopic.get(topic) ?? { bytes: 0, records: 0 };
    known.bytes += bytes;
    known.records += records;
    this.#byTopic.set(topic, known);
    this.close();
  }

  /** All parts are known. */
  close(): void {
    if (--this.#open === 0 && this.#byTopic.size > 0) this.#metrics.consumed(this.#byTopic);
  }
}

/** `consumer-fetch-manager-metrics`, of the client, of topics and of partitions. Mirrors Java's `FetchMetricsManager`. */
export class FetchMetrics {
  readonly #registry: MetricsRegistry;
  readonly #clientId: string;
  readonly #all: Consumed;
  readonly #byTopic = new Map<string, Consumed>();
  readonly #distances = new Map<PartitionState, Distance>();
  readonly #latency: Meter;
  readonly #throttle: Meter;
  readonly #lag: Meter;
  readonly #lead: Meter;

  constructor(registry: MetricsRegistry, clientId: string) {
    this.#registry = registry;
    this.#clientId = clientId;
    this.#all = { bytes: registry.meter(), records: registry.meter() };
    this.#latency = registry.meter();
    this.#throttle = registry.meter();
    this.#lag = registry.meter();
    this.#lead = registry.meter();
    registry.add(GROUP, { 'client-id': clientId }, { ...consumedTable(this.#all), ...this.#own() });
    registry.addSource(() => this.#dynamic());
  }

  /** A broker answered a fetch after so long; it had held it back for so long because of a quota. */
  answered(latencyMs: number, throttleMs: number): void {
    this.#latency.record(latencyMs);
    this.#throttle.record(throttleMs);
  }

  /** A response was used up. */
  consumed(
    byTopic: ReadonlyMap<string, { readonly bytes: number; readonly records: number }>,
  ): void {
    let allBytes = 0;
    let allRecords = 0;
    for (const [topic, { bytes, records }] of byTopic) {
      const meters = this.#topic(topic);
      meters.bytes.record(bytes);
      meters.records.record(records);
      allBytes += bytes;
      allRecords += records;
    }
    this.#all.bytes.record(allBytes);
    this.#all.records.record(allRecords);
  }

  /** The application got records of this partition: how far is it from the log's ends now? */
  polled(state: PartitionState): void {
    const { lag, lead } = state;
    if (lag === null && lead === null) return;
    const distance = this.#distances.get(state) ?? {
      lag: this.#registry.meter(),
      lead: this.#registry.meter(),
    };
    this.#distances.set(state, distance);
    if (lag !== null) {
      distance.lag.record(lag);
      this.#lag.record(lag);
    }
    if (lead !== null) {
      distance.lead.record(lead);
      this.#lead.record(lead);
    }
  }

  /** Forgets what belongs to partitions that are not assigned any more. */
  keepOnly(states: Iterable<PartitionState>): void {
    const kept = new Set(states);
    const topics = new Set(Array.from(kept, ({ topic }) => topic));
    for (const state of this.#distances.keys()) if (!kept.has(state)) this.#distances.delete(state);
    for (const topic of this.#byTopic.keys()) if (!topics.has(topic)) this.#byTopic.delete(topic);
  }

  #topic(topic: string): Consumed {
    const known = this.#byTopic.get(topic);
    if (known !== undefined) return known;
    const meters = { bytes: this.#registry.meter(), records: this.#registry.meter() };
    this.#byTopic.set(topic, meters);
    return meters;
  }

  #own(): MetricTable {
    return {
      'fetch-latency-avg': ['Average time until a fetch is answered, ms', () => this.#latency.avg],
      'fetch-latency-max': ['Longest time until a fetch is answered, ms', () => this.#latency.max],
      'fetch-rate': ['Fetches answered per second', () => this.#latency.countRate],
      'fetch-total': ['Fetches answered', () => this.#latency.count],
      'fetch-throttle-time-avg': ['Average delay by quota, ms', () => this.#throttle.avg],
      'fetch-throttle-time-max': ['Longest delay by quota, ms', () => this.#throttle.max],
      'records-lag-max': ['Most records behind the end, of any partition', () => this.#lag.max],
      'records-lead-min': ['Fewest records ahead of the start, of any', () => this.#lead.min],
    };
  }

  *#dynamic(): Iterable<ClientMetric> {
    const client = { 'client-id': this.#clientId };
    for (const [topic, consumed] of this.#byTopic) {
      yield* readTable(GROUP, { ...client, topic }, consumedTable(consumed));
    }
    for (const [state, { lag, lead }] of this.#distances) {
      const { topic, partition } = state;
      const tags = { ...client, topic, partition: String(partition) };
      yield* readTable(GROUP, tags, {
        'records-lag': ['Records behind the end', () => state.lag ?? Number.NaN],
        'records-lag-avg': ['Average of records-lag', () => lag.avg],
        'records-lag-max': ['Largest records-lag', () => lag.max],
        'records-lead': ['Records ahead of the start', () => state.lead ?? Number.NaN],
        'records-lead-avg': ['Average of records-lead', () => lead.avg],
        'records-lead-min': ['Smallest records-lead', () => lead.min],
        'preferred-read-replica': ['Broker read from, -1: leader', () => state.preferredReplica],
      });
    }
  }
}

function consumedTable({ bytes, records }: Consumed): MetricTable {
  return {
    'fetch-size-avg': ['Average bytes of records per fetch', () => bytes.avg],
    'fetch-size-max': ['Most bytes of records in a fetch', () => bytes.max],
    'bytes-consumed-rate': ['Bytes of records per second', () => bytes.rate],
    'bytes-consumed-total': ['Bytes of records', () => bytes.total],
    'records-per-request-avg': ['Average records per fetch', () => records.avg],
    'records-consumed-rate': ['Records per second', () => records.rate],
    'records-consumed-total': ['Records', () => records.total],
  };
}
