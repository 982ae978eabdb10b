import { javaText, type SinkConnectorPlugin, type SourceConnectorPlugin } from '@sluice/api';
import { KAFKA_PLUGIN_VERSION } from '../version.ts';
import { LINE_SINK_CONFIG } from '../writing/line-sink-config.ts';
import { LineSinkConnector } from '../writing/line-sink-connector.ts';
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

/** Writes values as lines in the words of Java's `toString`, under Java's name. */
export const fileStreamSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  version: KAFKA_PLUGIN_VERSION,
  config: LINE_SINK_CONFIG,
  create: () => new LineSinkConnector(({ value, valueSchema }) => javaText(value, valueSchema)),
};
