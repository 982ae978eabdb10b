import type { SinkConnectorPlugin, SourceConnectorPlugin } from '@sluice/api';
import { FILE_STREAM_SINK_CONFIG } from '../stream/sink-config.ts';
import { CONNECTOR_VERSION } from '../version.ts';
import { JsonLinesSinkConnector } from './sink-connector.ts';
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

/** Writes values as JSON lines. Sluice's own: Java has no such connector. */
export const jsonLinesSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'io.sluice.connect.file.JsonLinesSinkConnector',
  version: CONNECTOR_VERSION,
  config: FILE_STREAM_SINK_CONFIG,
  create: () => new JsonLinesSinkConnector(),
};
