import type { SinkConnectorPlugin } from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION, JDBC_PLUGIN_VERSION } from '../version.ts';
import { AIVEN_SINK_CONFIG, aivenSettings } from './aiven-config.ts';
import { JDBC_SINK_CONFIG, confluentSettings } from './confluent-config.ts';
import { DEBEZIUM_SINK_CONFIG, debeziumSettings } from './debezium-config.ts';
import { JdbcSinkConnector } from './sink-connector.ts';

/** Writes topics into tables, with the keys of Confluent's connector. */
export const jdbcSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'io.confluent.connect.jdbc.JdbcSinkConnector',
  version: JDBC_PLUGIN_VERSION,
  config: JDBC_SINK_CONFIG,
  create: () => new JdbcSinkConnector(JDBC_SINK_CONFIG, confluentSettings),
};

/** The same with the keys of Aiven's connector. */
export const aivenJdbcSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'io.aiven.connect.jdbc.JdbcSinkConnector',
  aliases: [],
  version: JDBC_PLUGIN_VERSION,
  config: AIVEN_SINK_CONFIG,
  create: () => new JdbcSinkConnector(AIVEN_SINK_CONFIG, aivenSettings),
};

/** The same with the keys of Debezium's connector, for its envelopes or flattened records. */
export const debeziumJdbcSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'io.debezium.connector.jdbc.JdbcSinkConnector',
  aliases: [],
  version: DEBEZIUM_PLUGIN_VERSION,
  config: DEBEZIUM_SINK_CONFIG,
  create: () => new JdbcSinkConnector(DEBEZIUM_SINK_CONFIG, debeziumSettings),
};
