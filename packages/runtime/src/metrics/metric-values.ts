/** The values of one group of metrics by Connect's own attribute names. */
export type MetricValues = Readonly<Record<string, number>>;

/** Values by group (`source-task-metrics`, ...), as they cross from a lane to the main thread. */
export type MetricGroups = Readonly<Record<string, MetricValues>>;
