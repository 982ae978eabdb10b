/**
 * The version that the built-in plug-ins report: that of the Apache Kafka whose behaviour they
 * have, because configs pin plug-in versions by it (`transforms.<alias>.plugin.version`).
 */
export const KAFKA_PLUGIN_VERSION = '4.3.1';

/** The same for Debezium's transformations. */
export const DEBEZIUM_PLUGIN_VERSION = '3.7.0.Final';

/** Confluent's transformations, whose code is not public, report Sluice's own version. */
export const CONFLUENT_PLUGIN_VERSION = '0.1.0';

/** Those of others, made anew from what they are seen to do: Sluice's own version, too. */
export const COMMUNITY_PLUGIN_VERSION = '0.1.0';
