import type { SinkConnectorPlugin, SourceConnectorPlugin } from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../version.ts';
import { FILE_STREAM_SINK_CONFIG } from './sink-config.ts';
import { FileStreamSinkConnector } from './sink-connector.ts';
import { FILE_STREAM_SOURCE_CONFIG } from './source-config.ts';
import { FileStreamSourceConnector } from './source-connector.ts';

/** Reads lines as strings, under Java's name. */
export const fileStreamSource: SourceConnectorPlugin = {
  type: 'source',
  className: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  version: KAFKA_PLUGIN_VERSION,
  config: FILE_STREAM_SOURCE_CONFIG,
  create: () => new FileStreamSourceConnector(),
};

/** Writes values as lines, under Java's name. */
export const fileStreamSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  version: KAFKA_PLUGIN_VERSION,
  config: FILE_STREAM_SINK_CONFIG,
  create: () => new FileStreamSinkConnector(),
};
