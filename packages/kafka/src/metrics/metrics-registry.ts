import type { Clock } from '../clock.ts';
import type { ClientMetric, MetricTags } from './client-metric.ts';
import { Meter } from './meter.ts';
import { SampleWindows } from './sample-windows.ts';

interface Registered {
  readonly group: string;
  readonly name: string;
  readonly tags: MetricTags;
  readonly description: string;
  readonly read: () => number;
}

/** Names, each with what it means and how its value is found. */
export type MetricTable = Readonly<
  Record<string, readonly [description: string, read: () => number]>
>;

/** All metrics of one client. Reading is the only thing that costs. */
export class MetricsRegistry {
  readonly #windows: SampleWindows;
  readonly #fixed: Registered[] = [];
  readonly #sources: (() => Iterable<ClientMetric>)[] = [];

  constructor(clock: Clock) {
    this.#windows = new SampleWindows(clock);
  }

  meter(): Meter {
    return new Meter(this.#windows);
  }

  /** Moves the windows on: to be called now and then on busy paths, such as once per poll. */
  tick(): void {
    this.#windows.tick();
  }

  /** Adds metrics that are there as long as the client. */
  add(group: string, tags: MetricTags, table: MetricTable): void {
    for (const [name, [description, read]] of Object.entries(table)) {
      this.#fixed.push({ group, name, tags, description, read });
    }
  }

  /** Adds metrics that come and go (those of topics, partitions, nodes): asked for at every snapshot. */
  addSource(source: () => Iterable<ClientMetric>): void {
    this.#sources.push(source);
  }

  /** Every value as it is now. */
  snapshot(): readonly ClientMetric[] {
    this.#windows.tick();
    const metrics: ClientMetric[] = this.#fixed.map(({ read, ...metric }) => ({
      ...metric,
      value: read(),
    }));
    for (const source of this.#sources) metrics.push(...source());
    return metrics;
  }
}

/** The metrics of a table, read now. */
export function readTable(
  group: string,
  tags: MetricTags,
  table: MetricTable,
): readonly ClientMetric[] {
  return Object.entries(table).map(([name, [description, read]]) => ({
    group,
    name,
    tags,
    description,
    value: read(),
  }));
}
