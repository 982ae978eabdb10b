// A package of its own, so that a plug-in's checkout, which has @sluice/testing among its packages, does not
// bring Kafka's test connectors to a worker that finds the plug-in there.
export {
  mockSink,
  mockSource,
  schemaSource,
  verifiableSink,
  verifiableSource,
} from '@sluice/testing/java-connectors';
