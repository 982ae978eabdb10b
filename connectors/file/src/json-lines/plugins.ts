import type { SinkConnectorPlugin, SourceConnectorPlugin } from '@sluice/api';
import { CONNECTOR_VERSION } from '../version.ts';
import { LINE_SINK_CONFIG } from '../writing/line-sink-config.ts';
import { LineSinkConnector } from '../writing/line-sink-connector.ts';
import { renderValue } from './render-value.ts';
import { JSON_LINES_SOURCE_CONFIG } from './source-config.ts';
import { JsonLinesSourceConnector } from './source-connector.ts';

/** Reads JSON lines as values. Sluice's own: Java has no such connector. */
export const jsonLinesSource: SourceConnectorPlugin = {
  type: 'source',
  className: 'io.sluice.connect.file.JsonLinesSourceConnector',
  version: CONNECTOR_VERSION,
  config: JSON_LINES_SOURCE_CONFIG,
  create: () => new JsonLinesSourceConnector(),
};

/** Writes values as JSON lines, a tombstone as `null`. Sluice's own: Java has no such connector. */
export const jsonLinesSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'io.sluice.connect.file.JsonLinesSinkConnector',
  version: CONNECTOR_VERSION,
  config: LINE_SINK_CONFIG,
  create: () => new LineSinkConnector(({ value, valueSchema }) => renderValue(value, valueSchema)),
};
