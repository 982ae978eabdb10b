/**
 * Kafka's own test connectors under their class names: its system tests drive Connect through them. Put
 * the package's folder `java-connectors` on `plugin.path` to have them.
 */
export { mockSink, mockSource } from './mock-connectors.ts';
export { schemaSource } from './schema-source.ts';
export { verifiableSink } from './verifiable-sink.ts';
export { verifiableSource } from './verifiable-source.ts';
