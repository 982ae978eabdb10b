import type { CompressionType } from '../batch/batch-format.ts';
import { COMPRESSION_TYPES } from '../batch/batch-format.ts';
import { type ClientConfig, clientConfigOf } from '../config/client-config.ts';
import { type ConfigValues, parseConfig } from '../config/config-values.ts';
import { producerKeys } from '../config/producer-keys.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
import { ConfigError } from '../errors/config-error.ts';
import type { KafkaLogger } from '../logger.ts';

/** A producer's settings, checked. Names follow Java's keys. */
export interface ProducerConfig {
  readonly client: ClientConfig;
  /** -1: all in-sync replicas. */
  readonly acks: -1 | 0 | 1;
  readonly batchSize: number;
  readonly bufferMemory: number;
  readonly compressionType: CompressionType;
  readonly compressionLevel: number | undefined;
  readonly deliveryTimeoutMs: number;
  readonly isIdempotent: boolean;
  readonly lingerMs: number;
  readonly maxBlockMs: number;
  readonly maxInFlight: number;
  readonly maxRequestSize: number;
  readonly retries: number;
  /** `null` without transactions. */
  readonly transactionalId: string | null;
  /** After this the coordinator aborts a transaction by itself. */
  readonly transactionTimeoutMs: number;
  readonly isPartitionerAdaptive: boolean;
  readonly isPartitionerIgnoringKeys: boolean;
}

const IDEMPOTENT_IN_FLIGHT_MAX = 5;

/** `token` gives OAuth tokens. @throws ConfigError in Java's wording */
export function parseProducerConfig(
  properties: Readonly<Record<string, string>>,
  logger: KafkaLogger,
  token: TokenFunction | null = null,
): ProducerConfig {
  const values = parseConfig('producer', producerKeys, properties, logger);
  const isIdempotent = idempotenceOf(values, logger);
  const acks = values.string('acks');
  const compressionType = compressionOf(values);
  return {
    client: clientConfigOf(values, 'producer', token),
    acks: acks === '0' ? 0 : acks === '1' ? 1 : -1,
    batchSize: values.number('batch.size'),
    bufferMemory: values.number('buffer.memory'),
    compressionType,
    compressionLevel: levelOf(values, compressionType),
    deliveryTimeoutMs: deliveryTimeoutOf(values, logger),
    isIdempotent,
    lingerMs: values.number('linger.ms'),
    maxBlockMs: values.number('max.block.ms'),
    maxInFlight: values.number('max.in.flight.requests.per.connection'),
    maxRequestSize: values.number('max.request.size'),
    retries: values.number('retries'),
    transactionalId: transactionalIdOf(values, isIdempotent),
    transactionTimeoutMs: values.number('transaction.timeout.ms'),
    isPartitionerAdaptive: values.boolean('partitioner.adaptive.partitioning.enable'),
    isPartitionerIgnoringKeys: values.boolean('partitioner.ignore.keys'),
  };
}

/**
 * Idempotence is on unless another key speaks against it; asked for outright, that key is an error.
 */
function idempotenceOf(values: ConfigValues, logger: KafkaLogger): boolean {
  const isAsked = values.isGiven('enable.idempotence');
  if (!values.boolean('enable.idempotence')) return false;
  if (values.number('retries') === 0) {
    if (isAsked) {
      throw new ConfigError('Must set retries to non-zero when using the idempotent producer.');
    }
    logger.info('Idempotence will be disabled because retries is set to 0.');
    return false;
  }
  const acks = values.string('acks');
  if (acks !== 'all' && acks !== '-1') {
    if (isAsked) {
      throw new ConfigError(
        'Must set acks to all in order to use the idempotent producer. ' +
          'Otherwise we cannot guarantee idempotence.',
      );
    }
    logger.info(`Idempotence will be disabled because acks is set to ${acks}, not set to 'all'.`);
    return false;
  }
  const maxInFlight = values.number('max.in.flight.requests.per.connection');
  if (maxInFlight > IDEMPOTENT_IN_FLIGHT_MAX) {
    throw new ConfigError(
      'To use the idempotent producer, max.in.flight.requests.per.connection must be set to at ' +
        `most ${IDEMPOTENT_IN_FLIGHT_MAX}. Current value is ${maxInFlight}.`,
    );
  }
  return true;
}

function deliveryTimeoutOf(values: ConfigValues, logger: KafkaLogger): number {
  const timeoutMs = values.number('delivery.timeout.ms');
  const leastMs = values.number('linger.ms') + values.number('request.timeout.ms');
  if (timeoutMs >= leastMs) return timeoutMs;
  if (values.isGiven('delivery.timeout.ms')) {
    throw new ConfigError(
      'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
    );
  }
  logger.warn(
    'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms. ' +
      `Setting it to ${leastMs}.`,
  );
  return leastMs;
}

function transactionalIdOf(values: ConfigValues, isIdempotent: boolean): string | null {
  const id = values.nullableString('transactional.id');
  if (id === null || isIdempotent) return id;
  throw new ConfigError('Cannot set a transactional.id without also enabling idempotence.');
}

function compressionOf(values: ConfigValues): CompressionType {
  const name = values.string('compression.type');
  return COMPRESSION_TYPES.find((type) => type === name) ?? 'none';
}

function levelOf(values: ConfigValues, type: CompressionType): number | undefined {
  const hasLevel = type === 'gzip' || type === 'zstd';
  return hasLevel ? values.number(`compression.${type}.level`) : undefined;
}
