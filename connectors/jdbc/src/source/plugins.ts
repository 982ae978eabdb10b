import type { SourceConnectorPlugin } from '@sluice/api';
import { JDBC_PLUGIN_VERSION } from '../version.ts';
import { AIVEN_SOURCE_CONFIG, aivenInitialId, fromAivenSource } from './aiven-source.ts';
import { JdbcSourceConnector } from './source-connector.ts';
import { JDBC_SOURCE_CONFIG } from './source-settings.ts';

/** Reads tables and queries, under the name of Confluent's connector. */
export const jdbcSource: SourceConnectorPlugin = {
  type: 'source',
  className: 'io.confluent.connect.jdbc.JdbcSourceConnector',
  version: JDBC_PLUGIN_VERSION,
  config: JDBC_SOURCE_CONFIG,
  create: () => new JdbcSourceConnector(),
};

/** The same with the keys of Aiven's connector. */
export const aivenJdbcSource: SourceConnectorPlugin = {
  type: 'source',
  className: 'io.aiven.connect.jdbc.JdbcSourceConnector',
  aliases: [],
  version: JDBC_PLUGIN_VERSION,
  config: AIVEN_SOURCE_CONFIG,
  create: () =>
    new JdbcSourceConnector({
      config: AIVEN_SOURCE_CONFIG,
      toConfluent: fromAivenSource,
      initialId: aivenInitialId,
    }),
};
