/**
 * The conformance kit: the contract between plug-ins and worker as tests that any author runs in a
 * few lines. Needs nothing but `@sluice/api` and Node's own test runner.
 */
export type { Exceptions } from './check.ts';
export type { InvalidConfig, PluginSuiteOptions } from './plugin-checks.ts';
export {
  connectorSuite,
  type SinkSuiteOptions,
  type SourceSuiteOptions,
} from './connector-suite.ts';
export type { SourceEnvironment } from './source-checks.ts';
export type { SinkEnvironment, SinkRecordContent } from './sink-checks.ts';
export { converterSuite, type ConverterSuiteOptions } from './converter-suite.ts';
export type { Fidelity } from './converter-checks.ts';
export {
  predicateSuite,
  transformationSuite,
  type PredicateSuiteOptions,
  type TransformationSuiteOptions,
} from './transformation-suite.ts';
export type { RecordParts, TransformationExample } from './transformation-checks.ts';
export type { SampleForm } from './record-samples.ts';
