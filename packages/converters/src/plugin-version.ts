/**
 * The version that the bundled plug-ins report: that of the Apache Kafka whose behaviour they have,
 * because configs pin plug-in versions by it (`value.converter.plugin.version`).
 */
export const PLUGIN_VERSION = '4.3.1';
