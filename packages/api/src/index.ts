export type { SchemaType, Field, Schema, SchemaAndValue } from './data/schema.ts';
export type { TypedSchema, ValueOf, Int64 } from './data/typed-schema.ts';
export type { ConnectRecord } from './data/connect-record.ts';
export type { Header } from './data/headers.ts';
export { ConnectSchema, type SchemaAttributes } from './data/connect-schema.ts';
export { SchemaBuilder } from './data/schema-builder.ts';
export { schemaEquals } from './data/schema-equals.ts';
export { valueEquals } from './data/value-equals.ts';
export { validateValue, isPlainObject } from './data/validate-value.ts';
export { Decimal } from './data/decimal.ts';
export {
  decimalBuilder,
  decimalSchema,
  decimalScale,
  decimalToBytes,
  bytesToDecimal,
} from './data/decimal-schema.ts';
export { bigintToBytes, bytesToBigint } from './data/bigint-bytes.ts';
export {
  MILLIS_PER_DAY,
  DATE_SCHEMA,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
  dateBuilder,
  timeBuilder,
  timestampBuilder,
  dateToDays,
  daysToDate,
  timeToMillis,
  millisToTime,
  timestampToMillis,
  millisToTimestamp,
} from './data/temporal-schemas.ts';
export { Float32, Float64, float64, isInt64Number } from './data/boxed-float.ts';
export { int64, wrapInt64, isInt64, INT64_MIN, INT64_MAX } from './data/int64.ts';
export { javaClassOf } from './data/java-class.ts';
export { javaText } from './text/java-text.ts';
export { javaHashCode, javaHashOrder } from './text/java-hash-order.ts';
export { doubleText, floatText } from './text/float-text.ts';
export { decimalText, decimalPlainText, parseDecimal } from './text/decimal-text.ts';
export {
  DECIMAL_LOGICAL_NAME,
  DATE_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
  DECIMAL_SCALE_PARAMETER,
} from './data/logical-names.ts';
export {
  newStruct,
  structGet,
  structTypeOf,
  getOwn,
  setOwn,
  type StructValues,
} from './data/struct.ts';
export { StructType } from './data/struct-type.ts';
export { propertyCode } from './data/struct-factory.ts';
export { hasMembers } from './data/member-names.ts';
export { generateFunction } from './data/generate-function.ts';
export {
  INT8_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  BOOLEAN_SCHEMA,
  STRING_SCHEMA,
  BYTES_SCHEMA,
  OPTIONAL_INT8_SCHEMA,
  OPTIONAL_INT16_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_FLOAT32_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_BOOLEAN_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  OPTIONAL_BYTES_SCHEMA,
} from './data/schema-constants.ts';
export {
  newHeader,
  addHeader,
  lastHeader,
  headersWithKey,
  removeHeaders,
  retainLatestHeaders,
  applyToHeaders,
  headersEqual,
} from './data/connect-headers.ts';

export { projectSchema } from './data/schema-projector.ts';
export { parseString } from './values/parse-string.ts';
export { toSchemaless } from './values/to-schemaless.ts';
export { inferSchema } from './values/infer-schema.ts';
export { convertToString } from './values/convert-to-string.ts';
export {
  convertToByte,
  convertToShort,
  convertToInteger,
  convertToLong,
  convertToFloat,
  convertToDouble,
} from './values/convert-numbers.ts';
export { convertToDate, convertToTime, convertToTimestamp } from './values/convert-temporals.ts';
export {
  convertTo,
  convertToBoolean,
  convertToList,
  convertToMap,
  convertToStruct,
  convertToDecimal,
} from './values/convert-to.ts';
export { temporalText } from './values/temporal-text.ts';
export { decimalToDouble, decimalToFloat } from './values/decimal-to-float.ts';
export { parseJson, readJsonNumber } from './json/parse-json.ts';
export { CarefulJsonParser, type NumberReader } from './json/careful-json-parser.ts';
export { stringifyJson, jsonDouble, jsonFloat } from './json/stringify-json.ts';
export { quoteJson } from './json/quote-json.ts';
export { escapeAsJava } from './json/escape-json.ts';
export { isPlainFraction } from './json/plain-json.ts';
export { rawJson } from './json/raw-json.ts';

export {
  ConfigDef,
  type ConfigSpec,
  type ConfigOf,
  type ConfigInput,
  type ParsedSpec,
} from './config/config-def.ts';
export type {
  ConfigKey,
  ConfigKeySpec,
  ConfigType,
  ConfigTypes,
  Importance,
  Width,
} from './config/config-key.ts';
export type { ConfigValue } from './config/config-value.ts';
export type { Recommender, ParsedConfig } from './config/recommender.ts';
export type { Validator, ValidatorDescription } from './config/validator.ts';
export {
  atLeast,
  between,
  range,
  validString,
  caseInsensitiveValidString,
  validList,
  type ValidListOptions,
  nonNull,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  atMostOfSize,
  composite,
  lambdaValidator,
} from './config/validators.ts';
export { parseType, configValueToString } from './config/parse-type.ts';
export { unknownKeys, nearestName, type UnknownKey } from './config/unknown-keys.ts';
export { Password } from './config/password.ts';

export { ConnectError, type ConnectErrorOptions } from './errors/connect-error.ts';
export { RetriableError } from './errors/retriable-error.ts';
export { DataError } from './errors/data-error.ts';
export { ConfigError } from './errors/config-error.ts';
export { SchemaBuilderError } from './errors/schema-builder-error.ts';
export { SchemaProjectorError } from './errors/schema-projector-error.ts';
export { NotFoundError } from './errors/not-found-error.ts';
export { AlreadyExistsError } from './errors/already-exists-error.ts';
export { IllegalWorkerStateError } from './errors/illegal-worker-state-error.ts';
export { javaClassName } from './errors/java-names.ts';

export type {
  Props,
  ConnectorContext,
  SourceConnectorContext,
  SourceConnector,
  SinkConnector,
  PluginDefinition,
  SourceConnectorPlugin,
  SinkConnectorPlugin,
} from './connector.ts';
export type { SourceMap, SourceRecord } from './source/source-record.ts';
export type {
  RecordMetadata,
  OffsetStorageReader,
  SourceTaskContext,
  SourceTask,
} from './source/source-task.ts';
export { newSourceRecord, type SourceRecordInit } from './source/new-source-record.ts';
export { defineSource, type OpenSource, type SourceDefinition } from './source/define-source.ts';
export { defineSink, type OpenSink, type SinkDefinition } from './sink/define-sink.ts';
export {
  defineTransformation,
  type ApplyRecord,
  type TransformationDefinition,
} from './transform/define-transformation.ts';
export type { SinkRecord } from './sink/sink-record.ts';
export type {
  TopicPartition,
  TopicPartitionOffset,
  ErrantRecordReporter,
  SinkTaskContext,
  SinkTask,
} from './sink/sink-task.ts';
export { newSinkRecord, type SinkRecordInit } from './sink/new-sink-record.ts';
export type {
  AnyRecord,
  Transformation,
  Predicate,
  TransformationPlugin,
  PredicatePlugin,
} from './transform/transformation.ts';
export { withRecord, type RecordChanges } from './transform/with-record.ts';
export type {
  RawHeader,
  Converter,
  HeaderConverter,
  ConverterPlugin,
  HeaderConverterPlugin,
} from './convert/converter.ts';
export { GrowingBytes, writeBytes, writeText, type ByteSink } from './convert/byte-sink.ts';
export type { Logger, PluginLogging } from './logging.ts';
export type {
  MetricTags,
  Monitorable,
  PluginCounter,
  PluginMetric,
  PluginMetrics,
  PluginSensor,
} from './plugin-metrics.ts';
export type {
  PluginType,
  PluginDescription,
  PluginManifest,
  ConfigKeyDescription,
} from './manifest/plugin-description.ts';
export {
  describePlugin,
  type DescribablePlugin,
  type PluginPlace,
} from './manifest/describe-plugin.ts';
export { describedConfig, needsCode, validatorOf } from './manifest/described-config.ts';
export { pluginAliases } from './manifest/plugin-aliases.ts';
export type { Versioned } from './versioned.ts';
export type {
  ConfigData,
  ConfigProvider,
  ConfigProviderPlugin,
} from './config/config-provider.ts';
export {
  originsOf,
  originText,
  messageWithOrigin,
  type ConfigOrigin,
  type ConfigOrigins,
} from './config/config-origin.ts';
export type {
  ClientConfigRequest,
  ClientConfigOverridePolicy,
  ClientConfigOverridePolicyPlugin,
} from './extension/client-config-override-policy.ts';
export type {
  HealthState,
  ConnectorHealth,
  ConnectClusterState,
  RestRequest,
  RestResponse,
  RestExtensionContext,
  ConnectRestExtension,
  ConnectRestExtensionPlugin,
} from './extension/rest-extension.ts';
export type { TransactionContext } from './source/transaction-context.ts';
export { groupPartitions } from './group-partitions.ts';
