/** What tells metrics of one name apart: `client-id`, `node-id`, `topic`, `partition`. */
export type MetricTags = Readonly<Record<string, string>>;

/** One value of a client at one moment, under the names of Java's JMX attributes. */
export interface ClientMetric {
  /** `consumer-fetch-manager-metrics` and the like. */
  readonly group: string;
  /** `records-lag-max` and the like. */
  readonly name: string;
  readonly tags: MetricTags;
  /** NaN where an average, maximum or minimum has nothing to look at, as in Java. */
  readonly value: number;
  readonly description: string;
}
