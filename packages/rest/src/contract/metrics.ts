/** One number of a metric, with the labels that tell it from its siblings. */
export interface MetricSample {
  /** E.g. `{ connector: 'orders', task: '0' }`. Names match `[a-zA-Z_][a-zA-Z0-9_]*`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of one metric. */
export interface MetricFamily {
  /** Prometheus' name, derived from Connect's own: `kafka_connect_source_task_...`. */
  readonly name: string;
  /** One sentence, without line breaks. */
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'untyped';
  readonly samples: readonly MetricSample[];
}

/**
 * Where the numbers of `/metrics` come from: asked at every scrape, so it must answer from what it
 * has at hand. A scrape has the request timeout like any other request.
 */
export interface MetricsSource {
  /** Sorted by name; each name once. */
  families(): Promise<readonly MetricFamily[]>;
}
