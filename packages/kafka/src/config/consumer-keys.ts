import { commonKeys } from './common-keys.ts';
import {
  atLeast,
  type ConfigRule,
  type ConfigTable,
  ignored,
  key,
  notEmpty,
  oneOf,
  oneOfIgnoringCase,
  unsupported,
} from './config-key.ts';
import { parseOffsetReset } from './offset-reset.ts';

const offsetReset: ConfigRule = (_value, text) =>
  parseOffsetReset(text.trim()) === null
    ? `Invalid value \`${text}\` for configuration auto.offset.reset. The value must be either ` +
      "'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'."
    : null;

const ASSIGNORS = 'org.apache.kafka.clients.consumer';

/** Java's `ConsumerConfig`, 4.3.1. Deserializers are not asked for: records leave as bytes. */
export const consumerKeys: ConfigTable = {
  ...commonKeys,
  'allow.auto.create.topics': key('BOOLEAN', true),
  'auto.commit.interval.ms': key('INT', 5000, atLeast(0)),
  'auto.offset.reset': key('STRING', 'latest', offsetReset),
  'check.crcs': key('BOOLEAN', true),
  'client.rack': key('STRING', ''),
  'default.api.timeout.ms': key('INT', 60_000, atLeast(0)),
  'enable.auto.commit': key('BOOLEAN', true),
  'exclude.internal.topics': key('BOOLEAN', true),
  'fetch.max.bytes': key('INT', 52_428_800, atLeast(0)),
  'fetch.max.wait.ms': key('INT', 500, atLeast(0)),
  'fetch.min.bytes': key('INT', 1, atLeast(0)),
  'group.id': key('STRING', null),
  'group.instance.id': key('STRING', null, notEmpty),
  'group.protocol': key('STRING', 'classic', oneOfIgnoringCase('CONSUMER', 'CLASSIC')),
  'group.remote.assignor': key('STRING', null),
  'heartbeat.interval.ms': key('INT', 3000),
  'interceptor.classes': unsupported('LIST', []),
  'internal.throw.on.fetch.stable.offset.unsupported': ignored('BOOLEAN', false),
  'isolation.level': key('STRING', 'read_uncommitted', oneOf('read_committed', 'read_uncommitted')),
  'key.deserializer': ignored('CLASS', null),
  'max.partition.fetch.bytes': key('INT', 1_048_576, atLeast(0)),
  'max.poll.interval.ms': key('INT', 300_000, atLeast(1)),
  'max.poll.records': key('INT', 500, atLeast(1)),
  'partition.assignment.strategy': key('LIST', [
    `${ASSIGNORS}.RangeAssignor`,
    `${ASSIGNORS}.CooperativeStickyAssignor`,
  ]),
  'session.timeout.ms': key('INT', 45_000),
  'share.acknowledgement.mode': ignored('STRING', 'implicit'),
  'share.acquire.mode': ignored('STRING', 'BATCH_OPTIMIZED'),
  'value.deserializer': ignored('CLASS', null),
};
