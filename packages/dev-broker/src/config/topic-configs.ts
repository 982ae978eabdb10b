import type { LogSettings } from '../log/log-settings.ts';
import { type ConfigDefinition, LONG_MAX_TEXT, listOf } from './config-definition.ts';

/** A topic config and the broker config that gives its default. */
export interface TopicConfigDefinition extends ConfigDefinition {
  /** `null` for keys that have no broker-wide default. */
  readonly brokerKey: string | null;
}

const NO_EFFECT = 'Kept for clients that ask; without effect on this broker.';

/**
 * The topic configs of Apache Kafka 4.3, with its defaults, so that whatever a client sets is taken.
 * Those without an effect on one node say so.
 */
export const TOPIC_CONFIGS: readonly TopicConfigDefinition[] = [
  list('cleanup.policy', 'log.cleanup.policy', 'delete', 'What is done with old segments.', [
    'compact',
    'delete',
  ]),
  int('compression.gzip.level', 'compression.gzip.level', '-1', { min: -1, max: 9 }, NO_EFFECT),
  int('compression.lz4.level', 'compression.lz4.level', '9', { min: 1, max: 17 }, NO_EFFECT),
  {
    ...text('compression.type', 'compression.type', 'producer'),
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    doc: 'Kept, but batches stay as their producers compressed them.',
  },
  int(
    'compression.zstd.level',
    'compression.zstd.level',
    '3',
    { min: -131_072, max: 22 },
    NO_EFFECT,
  ),
  long(
    'delete.retention.ms',
    'log.cleaner.delete.retention.ms',
    '86400000',
    { min: 0 },
    'How long a compacted topic keeps the marks of deleted keys.',
  ),
  long('file.delete.delay.ms', 'log.segment.delete.delay.ms', '60000', { min: 0 }, NO_EFFECT),
  long(
    'flush.messages',
    'log.flush.interval.messages',
    LONG_MAX_TEXT,
    { min: 1 },
    'So many records may be acknowledged before they are forced onto the disk; 1: none.',
  ),
  long(
    'flush.ms',
    'log.flush.interval.ms',
    LONG_MAX_TEXT,
    { min: 0 },
    'An append later than this after the last flush is forced onto the disk.',
  ),
  replicas('follower.replication.throttled.replicas'),
  int(
    'index.interval.bytes',
    'log.index.interval.bytes',
    '4096',
    { min: 0 },
    'Bytes between two entries of the offset index.',
  ),
  replicas('leader.replication.throttled.replicas'),
  long('local.retention.bytes', 'log.local.retention.bytes', '-2', { min: -2 }, NO_EFFECT),
  long('local.retention.ms', 'log.local.retention.ms', '-2', { min: -2 }, NO_EFFECT),
  long(
    'max.compaction.lag.ms',
    'log.cleaner.max.compaction.lag.ms',
    LONG_MAX_TEXT,
    { min: 1 },
    NO_EFFECT,
  ),
  int(
    'max.message.bytes',
    'message.max.bytes',
    '1048588',
    { min: 0 },
    'The largest record batch that is taken.',
  ),
  long(
    'message.timestamp.after.max.ms',
    'log.message.timestamp.after.max.ms',
    '3600000',
    { min: 0 },
    'How far in the future a timestamp may lie.',
  ),
  long(
    'message.timestamp.before.max.ms',
    'log.message.timestamp.before.max.ms',
    LONG_MAX_TEXT,
    { min: 0 },
    'How far in the past a timestamp may lie.',
  ),
  {
    ...text('message.timestamp.type', 'log.message.timestamp.type', 'CreateTime'),
    values: ['CreateTime', 'LogAppendTime'],
    doc: 'Whose clock stamps the records.',
  },
  {
    name: 'min.cleanable.dirty.ratio',
    brokerKey: 'log.cleaner.min.cleanable.ratio',
    type: 'DOUBLE',
    default: '0.5',
    min: 0,
    max: 1,
    doc: 'Share of a compacted log that must be new before it is compacted again.',
  },
  long(
    'min.compaction.lag.ms',
    'log.cleaner.min.compaction.lag.ms',
    '0',
    { min: 0 },
    'How long a record stays before compaction may take it.',
  ),
  int('min.insync.replicas', 'min.insync.replicas', '1', { min: 1 }, NO_EFFECT),
  flag('preallocate', 'log.preallocate', NO_EFFECT),
  flag('remote.log.copy.disable', null, NO_EFFECT),
  flag('remote.log.delete.on.disable', null, NO_EFFECT),
  flag('remote.storage.enable', null, NO_EFFECT),
  long(
    'retention.bytes',
    'log.retention.bytes',
    '-1',
    {},
    'Old segments go when a partition is larger; -1: no limit.',
  ),
  long(
    'retention.ms',
    'log.retention.ms',
    '604800000',
    { min: -1 },
    'Segments with nothing newer than this go; -1: no limit.',
  ),
  int(
    'segment.bytes',
    'log.segment.bytes',
    '1073741824',
    { min: 1_048_576 },
    'Size at which a new segment file is begun.',
  ),
  int('segment.index.bytes', 'log.index.size.max.bytes', '10485760', { min: 4 }, NO_EFFECT),
  long('segment.jitter.ms', 'log.roll.jitter.ms', '0', { min: 0 }, NO_EFFECT),
  long(
    'segment.ms',
    'log.roll.ms',
    '604800000',
    { min: 1 },
    'Time span of records after which a new segment file is begun.',
  ),
  flag('unclean.leader.election.enable', 'unclean.leader.election.enable', NO_EFFECT),
];

/** Finds a definition by its key. */
export function topicConfig(name: string): TopicConfigDefinition | undefined {
  return TOPIC_CONFIGS.find((definition) => definition.name === name);
}

/** What a topic's effective configuration means to its logs. */
export function logSettings(value: (name: string) => string): LogSettings {
  const number = (name: string): number => Number(value(name));
  const policies = listOf(value('cleanup.policy'));
  return {
    segmentBytes: number('segment.bytes'),
    segmentMs: number('segment.ms'),
    indexIntervalBytes: number('index.interval.bytes'),
    maxMessageBytes: number('max.message.bytes'),
    isLogAppendTime: value('message.timestamp.type') === 'LogAppendTime',
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    flushMessages: number('flush.messages'),
    flushMs: number('flush.ms'),
    isDeleted: policies.includes('delete'),
    isCompacted: policies.includes('compact'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    deleteRetentionMs: number('delete.retention.ms'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
  };
}

interface Range {
  readonly min?: number;
  readonly max?: number;
}

function int(
  name: string,
  brokerKey: string,
  value: string,
  range: Range,
  doc: string,
): TopicConfigDefinition {
  return { name, brokerKey, type: 'INT', default: value, ...range, doc };
}
function long(
  name: string,
  brokerKey: string,
  value: string,
  range: Range,
  doc: string,
): TopicConfigDefinition {
  return { name, brokerKey, type: 'LONG', default: value, ...range, doc };
}
function flag(name: string, brokerKey: string | null, doc: string): TopicConfigDefinition {
  return { name, brokerKey, type: 'BOOLEAN', default: 'false', doc };
}
function text(name: string, brokerKey: string, value: string): TopicConfigDefinition {
  return { name, brokerKey, type: 'STRING', default: value, doc: '' };
}
function list(
  name: string,
  brokerKey: string,
  value: string,
  doc: string,
  values: readonly string[],
): TopicConfigDefinition {
  return { name, brokerKey, type: 'LIST', default: value, values, doc };
}
function replicas(name: string): TopicConfigDefinition {
  return { name, brokerKey: null, type: 'LIST', default: '', doc: NO_EFFECT };
}
