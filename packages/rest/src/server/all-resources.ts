import type { Resource } from './resource.ts';
import { CONNECTOR_OFFSET_RESOURCES } from './resources/connector-offsets.ts';
import { CONNECTOR_PLUGIN_RESOURCES } from './resources/connector-plugins.ts';
import { CONNECTOR_TOPIC_RESOURCES } from './resources/connector-topics.ts';
import { CONNECTOR_RESOURCES } from './resources/connectors.ts';
import { HEALTH_RESOURCES } from './resources/health.ts';
import { INSIGHT_RESOURCES } from './resources/insight.ts';
import { INTERNAL_RESOURCES } from './resources/internal.ts';
import { LOGGER_RESOURCES } from './resources/loggers.ts';
import { METRIC_RESOURCES } from './resources/metrics.ts';
import { openApiResource } from './openapi/openapi-document.ts';
import { ROOT_RESOURCES } from './resources/root.ts';

/** All of Connect's resources (R1.21 to R1.44, R1.67 to R1.71). */
const CONNECT_RESOURCES: readonly Resource[] = [
  ...ROOT_RESOURCES,
  ...HEALTH_RESOURCES,
  ...CONNECTOR_RESOURCES,
  ...CONNECTOR_OFFSET_RESOURCES,
  ...CONNECTOR_TOPIC_RESOURCES,
  ...CONNECTOR_PLUGIN_RESOURCES,
  ...INTERNAL_RESOURCES,
  ...LOGGER_RESOURCES,
];

/** What is ours alone. */
const SLUICE_RESOURCES: readonly Resource[] = [...INSIGHT_RESOURCES, ...METRIC_RESOURCES];

/** Everything that a worker's REST server answers, the description of itself included. */
export const RESOURCES: readonly Resource[] = [
  ...CONNECT_RESOURCES,
  ...SLUICE_RESOURCES,
  openApiResource([...CONNECT_RESOURCES, ...SLUICE_RESOURCES]),
];
