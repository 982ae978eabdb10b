/** The framework's keys of connectors (R2.50 to R2.77); enriched per connector elsewhere. */
import {
  ConfigDef,
  atLeast,
  caseInsensitiveValidString,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  validList,
  validString,
  type ConfigOf,
} from '@sluice/api';
import { optionalAtLeastZero, uniqueAliases, validRegex } from './connector-validators.ts';

const COMMON = 'Common';
const ERRORS = 'Error Handling';
const TOPIC_CREATION = 'Topic Creation';
const EXACTLY_ONCE = 'Exactly Once Support';

const IDENTITY = {
  name: {
    type: 'STRING',
    validator: nonEmptyStringWithoutControlChars(),
    importance: 'HIGH',
    group: COMMON,
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Connector name',
    doc: 'The name of the connector: no other of this cluster may have it.',
  },
  'connector.class': {
    type: 'STRING',
    importance: 'HIGH',
    group: COMMON,
    orderInGroup: 2,
    width: 'LONG',
    displayName: 'Connector class',
    doc:
      'Which connector to run: its class name in full, without the package, or without ' +
      '"Connector" at the end.',
  },
  'connector.plugin.version': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    group: COMMON,
    orderInGroup: 3,
    width: 'MEDIUM',
    displayName: 'Connector version',
    doc: 'Which version of the connector to run; by default the newest there is.',
  },
  'tasks.max': {
    type: 'INT',
    default: 1,
    validator: atLeast(1),
    importance: 'HIGH',
    group: COMMON,
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Tasks max',
    doc: 'How many tasks the connector may split its work into.',
  },
  'tasks.max.enforce': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    group: COMMON,
    orderInGroup: 5,
    width: 'SHORT',
    displayName: 'Enforce tasks max',
    doc: '(Deprecated) Whether a connector that makes more tasks than tasks.max fails.',
  },
} as const;

const CONVERTERS = {
  'key.converter': converterKey('Key', 6),
  'key.converter.plugin.version': converterVersionKey('Key', 7),
  'value.converter': converterKey('Value', 8),
  'value.converter.plugin.version': converterVersionKey('Value', 9),
  'header.converter': converterKey('Header', 10),
  'header.converter.plugin.version': converterVersionKey('Header', 11),
} as const;

const CHAIN = {
  transforms: {
    type: 'LIST',
    default: '',
    validator: uniqueAliases(),
    importance: 'LOW',
    group: 'Transforms',
    orderInGroup: 12,
    width: 'LONG',
    displayName: 'Transforms',
    doc: 'Names of the transformations, in the order in which they are applied.',
  },
  predicates: {
    type: 'LIST',
    default: '',
    validator: uniqueAliases(),
    importance: 'LOW',
    group: 'Predicates',
    orderInGroup: 13,
    width: 'LONG',
    displayName: 'Predicates',
    doc: 'Names of the predicates that transformations refer to.',
  },
  'config.action.reload': {
    type: 'STRING',
    default: 'restart',
    validator: validString('none', 'restart'),
    importance: 'LOW',
    group: COMMON,
    orderInGroup: 14,
    width: 'MEDIUM',
    displayName: 'Reload Action',
    doc: 'What to do when a config provider has new values: restart the connector, or none.',
  },
} as const;

const ERROR_HANDLING = {
  'errors.retry.timeout': {
    type: 'LONG',
    default: 0,
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Retry Timeout for Errors',
    doc: 'Milliseconds for which a failed operation is tried again; 0 is never, -1 is for ever.',
  },
  'errors.retry.delay.max.ms': {
    type: 'LONG',
    default: 60_000,
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 2,
    width: 'MEDIUM',
    displayName: 'Maximum Delay Between Retries for Errors',
    doc: 'The longest pause, in milliseconds, between two attempts.',
  },
  'errors.tolerance': {
    type: 'STRING',
    default: 'none',
    validator: validString('none', 'all'),
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 3,
    width: 'SHORT',
    displayName: 'Error Tolerance',
    doc: 'none: a record that fails stops its task. all: it is skipped.',
  },
  'errors.log.enable': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Log Errors',
    doc: 'Whether each failure and the record it is about is logged.',
  },
  'errors.log.include.messages': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 5,
    width: 'SHORT',
    displayName: 'Log Error Details',
    doc: 'Whether the log shows the content of failed records too.',
  },
} as const;

const SOURCE = {
  'topic.creation.groups': {
    type: 'LIST',
    default: '',
    validator: uniqueAliases(),
    importance: 'LOW',
    group: TOPIC_CREATION,
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Topic Creation Groups',
    doc: 'Names of groups of topics that are created with settings of their own.',
  },
  'exactly.once.support': {
    type: 'STRING',
    default: 'requested',
    validator: caseInsensitiveValidString('requested', 'required'),
    importance: 'MEDIUM',
    group: EXACTLY_ONCE,
    orderInGroup: 2,
    width: 'SHORT',
    displayName: 'Exactly once support',
    doc: 'required: refuse to run unless the connector gives exactly-once. requested: run anyway.',
  },
  'transaction.boundary': {
    type: 'STRING',
    default: 'poll',
    validator: caseInsensitiveValidString('poll', 'interval', 'connector'),
    importance: 'MEDIUM',
    group: EXACTLY_ONCE,
    orderInGroup: 3,
    width: 'SHORT',
    displayName: 'Transaction Boundary',
    doc: 'Where a transaction ends: with each poll, by time, or where the connector says.',
  },
  'transaction.boundary.interval.ms': {
    type: 'LONG',
    default: null,
    validator: optionalAtLeastZero(),
    importance: 'LOW',
    group: EXACTLY_ONCE,
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Transaction boundary interval',
    doc: 'Milliseconds of a transaction that ends by time; by default offset.flush.interval.ms.',
  },
  'offsets.storage.topic': {
    type: 'STRING',
    default: null,
    validator: nonEmptyString(),
    importance: 'LOW',
    group: 'offsets.topic',
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Offsets topic',
    doc: 'An offsets topic for this connector alone; distributed workers only.',
  },
} as const;

const SINK = {
  topics: {
    type: 'LIST',
    default: '',
    validator: validList([]),
    importance: 'HIGH',
    group: COMMON,
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics',
    doc: 'The topics to read, separated by commas.',
  },
  'topics.regex': {
    type: 'STRING',
    default: '',
    validator: validRegex(),
    importance: 'HIGH',
    group: COMMON,
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics regex',
    doc: 'A regular expression for the topics to read; instead of topics.',
  },
  'errors.deadletterqueue.topic.name': {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 6,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Name',
    doc: 'The topic that takes records which could not be processed; empty: none.',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'SHORT',
    default: 3,
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 7,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Replication Factor',
    doc: 'The replication factor of that topic, should it have to be created.',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    group: ERRORS,
    orderInGroup: 8,
    width: 'MEDIUM',
    displayName: 'Enable Error Context Headers',
    doc: 'Whether headers on the dead letters tell what went wrong and where.',
  },
} as const;

/** The framework's keys of source connectors. Mirrors `SourceConnectorConfig`. */
export const SOURCE_CONNECTOR_CONFIG = new ConfigDef({
  ...IDENTITY,
  ...CONVERTERS,
  ...CHAIN,
  ...ERROR_HANDLING,
  ...SOURCE,
});

/** The framework's keys of sink connectors. Mirrors `SinkConnectorConfig`. */
export const SINK_CONNECTOR_CONFIG = new ConfigDef({
  ...IDENTITY,
  ...CONVERTERS,
  ...CHAIN,
  ...ERROR_HANDLING,
  ...SINK,
});

export type SourceConnectorValues = ConfigOf<typeof SOURCE_CONNECTOR_CONFIG>;
export type SinkConnectorValues = ConfigOf<typeof SINK_CONNECTOR_CONFIG>;

interface ConverterKey {
  readonly type: 'CLASS';
  readonly default: null;
  readonly importance: 'LOW';
  readonly group: string;
  readonly orderInGroup: number;
  readonly width: 'SHORT';
  readonly displayName: string;
  readonly doc: string;
}

function converterKey(side: string, orderInGroup: number): ConverterKey {
  return {
    type: 'CLASS',
    default: null,
    importance: 'LOW',
    group: COMMON,
    orderInGroup,
    width: 'SHORT',
    displayName: `${side} converter class`,
    doc: `The converter of record ${side.toLowerCase()}s; by default the worker's.`,
  };
}

function converterVersionKey(
  side: string,
  orderInGroup: number,
): Omit<ConverterKey, 'type'> & { readonly type: 'STRING' } {
  return {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    group: COMMON,
    orderInGroup,
    width: 'SHORT',
    displayName: `${side} converter version`,
    doc: `Which version of the ${side.toLowerCase()} converter to use.`,
  };
}
