import {
  ConnectError,
  IllegalWorkerStateError,
  type MetricTags,
  type PluginCounter,
  type PluginMetric,
  type PluginMetrics,
  type PluginSensor,
} from '@sluice/api';
import type { PluginValue } from './plugin-value.ts';
import { type MetricWindow, SampledStat } from './sampled-stat.ts';

/**
 * So many values one plug-in may show, a counter and a sensor being two: they cross from a thread at
 * each scrape, and tags with ids in them would grow without end.
 */
export const PLUGIN_VALUES_MAX = 500;

const CODE = 'CONNECT_PLUGIN_METRIC';
/** As Connect's own metrics are called; so dashes can become underscores and none clash. */
const WORDS = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** They say whose a metric is. Refused to all, so that no plug-in passes for another. */
const AUTOMATIC_TAGS: readonly string[] = [
  'connector',
  'task',
  'converter',
  'transformation',
  'predicate',
];

/** A value with its name; `read` answers `null` where there is none to show. */
interface Series {
  readonly name: string;
  readonly description: string;
  readonly read: () => number | null;
}

/** What a plug-in says of a metric. */
interface Given {
  readonly name: string;
  readonly description: string;
  readonly tags: MetricTags;
}

/** The metrics of one plug-in. Mirrors `PluginMetricsImpl`. */
export class PluginMetricsScope implements PluginMetrics {
  readonly #automatic: MetricTags;
  readonly #window: MetricWindow;
  readonly #now: () => number;
  readonly #series = new Map<string, Series & { readonly tags: MetricTags }>();
  #isClosed = false;

  /** @param automatic the tags that say whose these metrics are */
  constructor(automatic: MetricTags, window: MetricWindow, now: () => number) {
    this.#automatic = automatic;
    this.#window = window;
    this.#now = now;
  }

  counter(name: string, description: string, tags: MetricTags = {}): PluginCounter {
    const stat = new SampledStat(this.#window);
    let total = 0;
    const metric = this.#register({ name, description, tags }, [
      { name: `${name}-total`, description, read: () => total },
      {
        name: `${name}-rate`,
        description: `${description} (per second)`,
        read: () => stat.measure(this.#now()).rate,
      },
    ]);
    return {
      ...metric,
      add: (amount = 1) => {
        if (!Number.isFinite(amount) || amount < 0) throw badValue(name, amount, ', 0 or more');
        total += amount;
        stat.record(amount, this.#now());
      },
    };
  }

  gauge(
    name: string,
    description: string,
    read: () => number,
    tags: MetricTags = {},
  ): PluginMetric {
    return this.#register({ name, description, tags }, [
      { name, description, read: () => numberFrom(read) },
    ]);
  }

  sensor(name: string, description: string, tags: MetricTags = {}): PluginSensor {
    const stat = new SampledStat(this.#window);
    const metric = this.#register({ name, description, tags }, [
      {
        name: `${name}-avg`,
        description: `${description} (on average)`,
        read: () => stat.measure(this.#now()).avg,
      },
      {
        name: `${name}-max`,
        description: `${description} (at most)`,
        read: () => stat.measure(this.#now()).max,
      },
    ]);
    return {
      ...metric,
      record: (value) => {
        if (!Number.isFinite(value)) throw badValue(name, value, '');
        stat.record(value, this.#now());
      },
    };
  }

  values(): readonly PluginValue[] {
    const values: PluginValue[] = [];
    for (const { name, description, tags, read } of this.#series.values()) {
      const value = read();
      if (value === null) continue;
      values.push({ name, description, tags: { ...this.#automatic, ...tags }, value });
    }
    return values;
  }

  close(): void {
    this.#isClosed = true;
    this.#series.clear();
  }

  #register({ name, description, tags: given }: Given, all: readonly Series[]): PluginMetric {
    if (this.#isClosed)
      throw new IllegalWorkerStateError(
        `The metric '${name}' of ${this.#owner()} can't be registered: the plug-in is closed.`,
      );
    if (!WORDS.test(name))
      throw this.#refusal(name, "its name isn't of lower-case words and dashes");
    if (!isText(description)) throw this.#refusal(name, 'its description is no text');
    const tags = this.#checkedTags(name, given);
    const keyed = all.map((series) => [keyOf(series.name, tags), { ...series, tags }] as const);
    const taken = keyed.find(([key]) => this.#series.has(key));
    if (taken !== undefined)
      throw this.#refusal(name, `there is one that is called '${taken[1].name}', with these tags`);
    if (this.#series.size + all.length > PLUGIN_VALUES_MAX)
      throw this.#refusal(name, `a plug-in may show ${PLUGIN_VALUES_MAX} values at most`);
    for (const [key, series] of keyed) this.#series.set(key, series);
    return {
      remove: () => {
        for (const [key, series] of keyed)
          if (this.#series.get(key) === series) this.#series.delete(key);
      },
    };
  }

  #checkedTags(name: string, given: MetricTags): MetricTags {
    const tags: Record<string, string> = {};
    for (const [tag, value] of Object.entries(given)) {
      if (!WORDS.test(tag))
        throw this.#refusal(name, `its tag '${tag}' isn't of lower-case words and dashes`);
      if (AUTOMATIC_TAGS.includes(tag))
        throw this.#refusal(name, `its tag '${tag}' is one that the worker sets`);
      if (!isText(value)) throw this.#refusal(name, `the value of its tag '${tag}' is no text`);
      tags[tag] = value;
    }
    return tags;
  }

  #refusal(name: string, reason: string): ConnectError {
    const message = `The metric '${name}' of ${this.#owner()} can't be registered: ${reason}.`;
    return new ConnectError(message, { code: CODE });
  }

  #owner(): string {
    const tags = Object.entries(this.#automatic).map(([tag, value]) => `${tag} '${value}'`);
    return tags.join(', ');
  }
}

function keyOf(name: string, tags: MetricTags): string {
  return JSON.stringify([name, Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Plug-ins may come without types, and what is no text would only be noticed in the scrape. */
function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** What a plug-in's function answers, if it is a number: what is wrong with it must not spread. */
function numberFrom(read: () => unknown): number | null {
  try {
    const value = read();
    return typeof value === 'number' && !Number.isNaN(value) ? value : null;
  } catch {
    // A metric that is missing says so; the others are still true.
    return null;
  }
}

function badValue(name: string, value: unknown, bounds: string): ConnectError {
  return new ConnectError(
    `The metric '${name}' can't take ${String(value)}: it takes finite numbers${bounds}.`,
    { code: CODE },
  );
}
