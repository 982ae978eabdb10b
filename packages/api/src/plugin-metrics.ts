/**
 * What a metric is told apart by, beside the tags that the worker adds. Names are lower-case words
 * joined by dashes; `connector`, `task`, `converter`, `transformation` and `predicate` are taken.
 */
export type MetricTags = Readonly<Record<string, string>>;

/** A metric that a plug-in has registered. */
export interface PluginMetric {
  /** Takes the metric out before its plug-in is closed; again, it does nothing. */
  remove(): void;
}

/** Counts what happens: its metrics are `<name>-total` and `<name>-rate`, per second. */
export interface PluginCounter extends PluginMetric {
  /**
   * @param amount how many there were, 1 by default
   * @throws ConnectError when it is below 0 or no finite number
   */
  add(amount?: number): void;
}

/**
 * Takes values, of which the average and the greatest of the last minute or so are shown: its
 * metrics are `<name>-avg` and `<name>-max`. Mirrors a `Sensor` with the stats `Avg` and `Max`.
 */
export interface PluginSensor extends PluginMetric {
  /** @throws ConnectError when it is no finite number */
  record(value: number): void;
}

/**
 * Where a plug-in registers metrics of its own (KIP-877). The worker shows them with its own, in the
 * group `plugins` and tagged with the connector, the task and, for what belongs to a task, its part:
 * `converter` (`key`, `value` or `header`), `transformation` or `predicate` (their names in the
 * config). All of a plug-in's metrics are removed after it is stopped or closed. Mirrors
 * `PluginMetrics`.
 *
 * Names are lower-case words joined by dashes, with the unit last (`batch-bytes`, `reply-time-ms`).
 * Each method throws a ConnectError when the name or a tag is malformed or taken, or the plug-in has
 * too many metrics, and an IllegalWorkerStateError once the plug-in is closed. What a connector
 * registers in `start` it removes in `stop`: after a pause it is started again.
 */
export interface PluginMetrics {
  counter(name: string, description: string, tags?: MetricTags): PluginCounter;
  /**
   * Shows what `read` answers, asked at each look at the metrics. It must be quick; while it throws,
   * or answers NaN or no number, the metric is left out.
   */
  gauge(name: string, description: string, read: () => number, tags?: MetricTags): PluginMetric;
  sensor(name: string, description: string, tags?: MetricTags): PluginSensor;
}

/**
 * What plug-ins without a context of their own (all but connectors and tasks) register metrics
 * through. Mirrors `Monitorable`.
 */
export interface Monitorable {
  /** Called once, before `configure`, if the plug-in has it. */
  useMetrics?(metrics: PluginMetrics): void;
}
