import { type Clock, systemClock } from '../clock.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
import type { KafkaLogger } from '../logger.ts';
import { Consumer } from './consumer.ts';
import { parseConsumerConfig } from './consumer-config.ts';

/** What a consumer is given besides its configuration. */
export interface CreateConsumerOptions {
  readonly logger: KafkaLogger;
  /** Gives OAuth tokens for `OAUTHBEARER`, in place of what "sasl.jaas.config" would say. Default: none. */
  readonly token?: TokenFunction;
  /** For tests. */
  readonly clock?: Clock;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
}

/**
 * Makes a consumer from Java's property names (`ConsumerConfig`; deserializers are not needed, records are bytes).
 * Connects when it is first used.
 *
 * @throws ConfigError for wrong values and combinations, in Java's wording
 * @see org.apache.kafka.clients.consumer.KafkaConsumer
 */
export function createConsumer(
  properties: Readonly<Record<string, string>>,
  options: CreateConsumerOptions,
): Consumer {
  const { logger, token } = options;
  return new Consumer(parseConsumerConfig(properties, logger, token), {
    logger,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  });
}
