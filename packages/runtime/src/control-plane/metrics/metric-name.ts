import type { MetricFamily } from '@sluice/rest';

/**
 * The Prometheus name of one of Connect's attributes, as the JMX exporter's usual rules make it:
 * `source-task-metrics` and `source-record-poll-rate` give
 * `kafka_connect_source_task_source_record_poll_rate`, so that dashboards go on working. Groups of
 * our own (`sluice-...`) keep their name.
 */
export function metricName(group: string, attribute: string): string {
  const base = group.replace(/-metrics$/, '').replace(/^connect-/, '');
  const prefix = base.startsWith('sluice-') ? '' : 'kafka-connect-';
  return `${prefix}${base}-${attribute}`.replaceAll('-', '_');
}

/**
 * As above for a Kafka client's own: `consumer-fetch-manager-metrics` and `records-lag` give
 * `kafka_consumer_fetch_manager_records_lag`.
 */
export function clientMetricName(group: string, attribute: string): string {
  return `kafka-${group.replace(/-metrics$/, '')}-${attribute}`.replace(/[^a-zA-Z0-9]/g, '_');
}

/** What only ever grows. */
export function metricType(attribute: string): MetricFamily['type'] {
  return /-total$|^total-|^deadletterqueue-produce-/.test(attribute) ? 'counter' : 'gauge';
}

/** Where the number is found in Java, for those who know it from there. */
export function metricHelp(group: string, attribute: string): string {
  return group.startsWith('sluice-')
    ? `Sluice's own: ${attribute.replaceAll('-', ' ')}.`
    : `Attribute ${attribute} of kafka.connect:type=${group}.`;
}
