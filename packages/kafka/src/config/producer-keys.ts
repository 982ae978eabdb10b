import { COMPRESSION_TYPES } from '../batch/batch-format.ts';
import { commonKeys, retries } from './common-keys.ts';
import {
  atLeast,
  between,
  type ConfigRule,
  type ConfigTable,
  ignored,
  key,
  notEmpty,
  oneOf,
  unsupported,
} from './config-key.ts';

const gzipLevel: ConfigRule = (value) =>
  typeof value === 'number' && value !== -1 && (value < 1 || value > 9)
    ? 'Value must be between 1 and 9 or equal to -1'
    : null;

/** Java's `ProducerConfig`, 4.3.1. Serializers are not asked for: records come as bytes. */
export const producerKeys: ConfigTable = {
  ...commonKeys,
  acks: key('STRING', 'all', oneOf('all', '-1', '0', '1')),
  'batch.size': key('INT', 16_384, atLeast(0)),
  'buffer.memory': key('LONG', 33_554_432, atLeast(0)),
  'compression.gzip.level': key('INT', -1, gzipLevel),
  'compression.lz4.level': unsupported('INT', 9, between(1, 17)),
  'compression.type': key('STRING', 'none', oneOf(...COMPRESSION_TYPES)),
  'compression.zstd.level': key('INT', 3, between(-131_072, 22)),
  'delivery.timeout.ms': key('INT', 120_000, atLeast(0)),
  'enable.idempotence': key('BOOLEAN', true),
  'interceptor.classes': unsupported('LIST', []),
  'key.serializer': ignored('CLASS', null),
  'linger.ms': key('LONG', 5, atLeast(0)),
  'max.block.ms': key('LONG', 60_000, atLeast(0)),
  'max.in.flight.requests.per.connection': key('INT', 5, atLeast(1)),
  'max.request.size': key('INT', 1_048_576, atLeast(0)),
  'metadata.max.idle.ms': unsupported('LONG', 300_000, atLeast(5000)),
  'partitioner.adaptive.partitioning.enable': key('BOOLEAN', true),
  'partitioner.availability.timeout.ms': unsupported('LONG', 0, atLeast(0)),
  'partitioner.class': unsupported('CLASS', null),
  'partitioner.ignore.keys': key('BOOLEAN', false),
  'receive.buffer.bytes': unsupported('INT', 32_768, atLeast(-1)),
  retries,
  'transaction.timeout.ms': key('INT', 60_000),
  'transaction.two.phase.commit.enable': unsupported('BOOLEAN', false),
  'transactional.id': key('STRING', null, notEmpty),
  'value.serializer': ignored('CLASS', null),
};
