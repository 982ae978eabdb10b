/**
 * The version that the plug-ins report: that of the connector whose behaviour they have, because
 * configs pin plug-in versions by it (`connector.plugin.version`).
 */
export const JDBC_PLUGIN_VERSION = '10.9.7';

/** The release of Debezium whose sink's behaviour is matched. */
export const DEBEZIUM_PLUGIN_VERSION = '3.6.0.Final';
