import type { MetricTags, PluginMetrics } from '@sluice/api';
import type { PluginValue } from './plugin-value.ts';
import { PluginMetricsScope } from './plugin-metrics-scope.ts';
import type { MetricWindow } from './sampled-stat.ts';

/** The metrics of all plug-ins that make up one connector or one task, tagged with its name. */
export class PluginMetricsRegistry {
  readonly #tags: MetricTags;
  readonly #window: MetricWindow;
  readonly #now: () => number;
  readonly #scopes: PluginMetricsScope[] = [];

  /** @param now a clock that nobody sets */
  constructor(tags: MetricTags, window: MetricWindow, now: () => number = () => performance.now()) {
    this.#tags = tags;
    this.#window = window;
    this.#now = now;
  }

  /** For one plug-in. @param tags tell it from the others: `{ converter: 'key' }` */
  of(tags: MetricTags = {}): PluginMetrics {
    const scope = new PluginMetricsScope({ ...this.#tags, ...tags }, this.#window, this.#now);
    this.#scopes.push(scope);
    return scope;
  }

  values(): readonly PluginValue[] {
    return this.#scopes.flatMap((scope) => scope.values());
  }

  /** Removes everything; what its plug-ins still measure is shown nowhere. */
  close(): void {
    for (const scope of this.#scopes) scope.close();
    this.#scopes.length = 0;
  }
}
