import { KafkaError } from './kafka-error.ts';

/**
 * A client's configuration is wrong: found before anything is connected. Java's `ConfigException`,
 * in its wording.
 */
export class ConfigError extends KafkaError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super('INVALID_CONFIG', message, { isRetriable: false, ...options });
    this.name = 'ConfigError';
  }
}
