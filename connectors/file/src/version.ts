/**
 * The version that the plug-ins under Java's names report: that of the Apache Kafka whose behaviour
 * they have, because configs pin plug-in versions by it (`connector.plugin.version`).
 */
export const KAFKA_PLUGIN_VERSION = '4.3.1';

/** The version that Sluice's own plug-ins report; that of `package.json` (a test compares). */
export const CONNECTOR_VERSION = '0.1.0';
