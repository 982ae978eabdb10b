import type { PluginPlace, PredicatePlugin, TransformationPlugin } from '@sluice/api';

/** A plug-in of this package that is imported when it is first needed. */
export interface LazyPlugin extends PluginPlace {
  readonly load: () => Promise<TransformationPlugin | PredicatePlugin>;
}

/** Every plug-in of this package. Reading the list imports none of them. */
export const plugins: readonly LazyPlugin[] = [
  {
    export: './kafka/cast',
    name: 'castKey',
    load: async () => (await import('./kafka/cast.ts')).castKey,
  },
  {
    export: './kafka/cast',
    name: 'castValue',
    load: async () => (await import('./kafka/cast.ts')).castValue,
  },
  {
    export: './kafka/drop-headers',
    name: 'dropHeaders',
    load: async () => (await import('./kafka/drop-headers.ts')).dropHeaders,
  },
  {
    export: './kafka/extract-field',
    name: 'extractFieldKey',
    load: async () => (await import('./kafka/extract-field.ts')).extractFieldKey,
  },
  {
    export: './kafka/extract-field',
    name: 'extractFieldValue',
    load: async () => (await import('./kafka/extract-field.ts')).extractFieldValue,
  },
  {
    export: './kafka/filter',
    name: 'filter',
    load: async () => (await import('./kafka/filter.ts')).filter,
  },
  {
    export: './kafka/flatten',
    name: 'flattenKey',
    load: async () => (await import('./kafka/flatten.ts')).flattenKey,
  },
  {
    export: './kafka/flatten',
    name: 'flattenValue',
    load: async () => (await import('./kafka/flatten.ts')).flattenValue,
  },
  {
    export: './kafka/header-from',
    name: 'headerFromKey',
    load: async () => (await import('./kafka/header-from.ts')).headerFromKey,
  },
  {
    export: './kafka/header-from',
    name: 'headerFromValue',
    load: async () => (await import('./kafka/header-from.ts')).headerFromValue,
  },
  {
    export: './kafka/hoist-field',
    name: 'hoistFieldKey',
    load: async () => (await import('./kafka/hoist-field.ts')).hoistFieldKey,
  },
  {
    export: './kafka/hoist-field',
    name: 'hoistFieldValue',
    load: async () => (await import('./kafka/hoist-field.ts')).hoistFieldValue,
  },
  {
    export: './kafka/insert-field',
    name: 'insertFieldKey',
    load: async () => (await import('./kafka/insert-field.ts')).insertFieldKey,
  },
  {
    export: './kafka/insert-field',
    name: 'insertFieldValue',
    load: async () => (await import('./kafka/insert-field.ts')).insertFieldValue,
  },
  {
    export: './kafka/insert-header',
    name: 'insertHeader',
    load: async () => (await import('./kafka/insert-header.ts')).insertHeader,
  },
  {
    export: './kafka/mask-field',
    name: 'maskFieldKey',
    load: async () => (await import('./kafka/mask-field.ts')).maskFieldKey,
  },
  {
    export: './kafka/mask-field',
    name: 'maskFieldValue',
    load: async () => (await import('./kafka/mask-field.ts')).maskFieldValue,
  },
  {
    export: './kafka/regex-router',
    name: 'regexRouter',
    load: async () => (await import('./kafka/regex-router.ts')).regexRouter,
  },
  {
    export: './kafka/replace-field',
    name: 'replaceFieldKey',
    load: async () => (await import('./kafka/replace-field.ts')).replaceFieldKey,
  },
  {
    export: './kafka/replace-field',
    name: 'replaceFieldValue',
    load: async () => (await import('./kafka/replace-field.ts')).replaceFieldValue,
  },
  {
    export: './kafka/set-schema-metadata',
    name: 'setSchemaMetadataKey',
    load: async () => (await import('./kafka/set-schema-metadata.ts')).setSchemaMetadataKey,
  },
  {
    export: './kafka/set-schema-metadata',
    name: 'setSchemaMetadataValue',
    load: async () => (await import('./kafka/set-schema-metadata.ts')).setSchemaMetadataValue,
  },
  {
    export: './kafka/timestamp-converter',
    name: 'timestampConverterKey',
    load: async () => (await import('./kafka/timestamp-converter.ts')).timestampConverterKey,
  },
  {
    export: './kafka/timestamp-converter',
    name: 'timestampConverterValue',
    load: async () => (await import('./kafka/timestamp-converter.ts')).timestampConverterValue,
  },
  {
    export: './kafka/timestamp-router',
    name: 'timestampRouter',
    load: async () => (await import('./kafka/timestamp-router.ts')).timestampRouter,
  },
  {
    export: './kafka/value-to-key',
    name: 'valueToKey',
    load: async () => (await import('./kafka/value-to-key.ts')).valueToKey,
  },
  {
    export: './predicates/has-header-key',
    name: 'hasHeaderKey',
    load: async () => (await import('./predicates/has-header-key.ts')).hasHeaderKey,
  },
  {
    export: './predicates/record-is-tombstone',
    name: 'recordIsTombstone',
    load: async () => (await import('./predicates/record-is-tombstone.ts')).recordIsTombstone,
  },
  {
    export: './predicates/topic-name-matches',
    name: 'topicNameMatches',
    load: async () => (await import('./predicates/topic-name-matches.ts')).topicNameMatches,
  },
  {
    export: './confluent/drop',
    name: 'dropKey',
    load: async () => (await import('./confluent/drop.ts')).dropKey,
  },
  {
    export: './confluent/drop',
    name: 'dropValue',
    load: async () => (await import('./confluent/drop.ts')).dropValue,
  },
  {
    export: './confluent/extract-topic',
    name: 'extractTopicKey',
    load: async () => (await import('./confluent/extract-topic.ts')).extractTopicKey,
  },
  {
    export: './confluent/extract-topic',
    name: 'extractTopicValue',
    load: async () => (await import('./confluent/extract-topic.ts')).extractTopicValue,
  },
  {
    export: './confluent/extract-topic',
    name: 'extractTopicHeader',
    load: async () => (await import('./confluent/extract-topic.ts')).extractTopicHeader,
  },
  {
    export: './confluent/filter',
    name: 'confluentFilterKey',
    load: async () => (await import('./confluent/filter.ts')).confluentFilterKey,
  },
  {
    export: './confluent/filter',
    name: 'confluentFilterValue',
    load: async () => (await import('./confluent/filter.ts')).confluentFilterValue,
  },
  {
    export: './confluent/gzip-decompress',
    name: 'gzipDecompressKey',
    load: async () => (await import('./confluent/gzip-decompress.ts')).gzipDecompressKey,
  },
  {
    export: './confluent/gzip-decompress',
    name: 'gzipDecompressValue',
    load: async () => (await import('./confluent/gzip-decompress.ts')).gzipDecompressValue,
  },
  {
    export: './confluent/message-timestamp-router',
    name: 'messageTimestampRouter',
    load: async () =>
      (await import('./confluent/message-timestamp-router.ts')).messageTimestampRouter,
  },
  {
    export: './confluent/null-filter',
    name: 'nullFilter',
    load: async () => (await import('./confluent/null-filter.ts')).nullFilter,
  },
  {
    export: './confluent/tombstone-handler',
    name: 'tombstoneHandler',
    load: async () => (await import('./confluent/tombstone-handler.ts')).tombstoneHandler,
  },
  {
    export: './confluent/topic-regex-router',
    name: 'topicRegexRouter',
    load: async () => (await import('./confluent/topic-regex-router.ts')).topicRegexRouter,
  },
  {
    export: './debezium/content-based-router',
    name: 'contentBasedRouter',
    load: async () => (await import('./debezium/content-based-router.ts')).contentBasedRouter,
  },
  {
    export: './debezium/event-router',
    name: 'eventRouter',
    load: async () => (await import('./debezium/event-router.ts')).eventRouter,
  },
  {
    export: './debezium/extract-changed-record-state',
    name: 'extractChangedRecordState',
    load: async () =>
      (await import('./debezium/extract-changed-record-state.ts')).extractChangedRecordState,
  },
  {
    export: './debezium/extract-new-document-state',
    name: 'extractNewDocumentState',
    load: async () =>
      (await import('./debezium/extract-new-document-state.ts')).extractNewDocumentState,
  },
  {
    export: './debezium/extract-new-record-state',
    name: 'extractNewRecordState',
    load: async () =>
      (await import('./debezium/extract-new-record-state.ts')).extractNewRecordState,
  },
  {
    export: './debezium/filter',
    name: 'scriptFilter',
    load: async () => (await import('./debezium/filter.ts')).scriptFilter,
  },
  {
    export: './debezium/header-to-value',
    name: 'headerToValue',
    load: async () => (await import('./debezium/header-to-value.ts')).headerToValue,
  },
  {
    export: './debezium/partition-routing',
    name: 'partitionRouting',
    load: async () => (await import('./debezium/partition-routing.ts')).partitionRouting,
  },
  {
    export: './debezium/schema-change-event-filter',
    name: 'schemaChangeEventFilter',
    load: async () =>
      (await import('./debezium/schema-change-event-filter.ts')).schemaChangeEventFilter,
  },
  {
    export: './debezium/timezone-converter',
    name: 'timezoneConverter',
    load: async () => (await import('./debezium/timezone-converter.ts')).timezoneConverter,
  },
  {
    export: './debezium/to-logical-topic-router',
    name: 'toLogicalTopicRouter',
    load: async () => (await import('./debezium/to-logical-topic-router.ts')).toLogicalTopicRouter,
  },
  {
    export: './debezium/to-logical-topic-router',
    name: 'byLogicalTableRouter',
    load: async () => (await import('./debezium/to-logical-topic-router.ts')).byLogicalTableRouter,
  },
  {
    export: './debezium/unwrap-from-envelope',
    name: 'unwrapFromEnvelope',
    load: async () => (await import('./debezium/unwrap-from-envelope.ts')).unwrapFromEnvelope,
  },
  {
    export: './community/change-topic-case',
    name: 'changeTopicCase',
    load: async () => (await import('./community/change-topic-case.ts')).changeTopicCase,
  },
  {
    export: './community/insert-uuid',
    name: 'insertUuidKey',
    load: async () => (await import('./community/insert-uuid.ts')).insertUuidKey,
  },
  {
    export: './community/insert-uuid',
    name: 'insertUuidValue',
    load: async () => (await import('./community/insert-uuid.ts')).insertUuidValue,
  },
  {
    export: './community/timestamp-now-field',
    name: 'timestampNowFieldKey',
    load: async () => (await import('./community/timestamp-now-field.ts')).timestampNowFieldKey,
  },
  {
    export: './community/timestamp-now-field',
    name: 'timestampNowFieldValue',
    load: async () => (await import('./community/timestamp-now-field.ts')).timestampNowFieldValue,
  },
];
