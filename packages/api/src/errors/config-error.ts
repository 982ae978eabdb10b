import { configText } from './config-text.ts';
import { ConnectError } from './connect-error.ts';

/**
 * A configuration that cannot be used. Mirrors
 * `org.apache.kafka.common.config.ConfigException`, message included: clients search for its text.
 */
export class ConfigError extends ConnectError {
  static override readonly brand: symbol = Symbol.for('sluice.ConfigError');
  static override readonly defaultCode: string = 'CONNECT_CONFIG';

  /**
   * The error of one key: `Invalid value V for configuration K: reason`.
   *
   * @param value as the user wrote it; a Password prints masked
   */
  static ofValue(name: string, value: unknown, reason?: string): ConfigError {
    const tail = reason === undefined ? '' : `: ${reason}`;
    return new ConfigError(`Invalid value ${configText(value)} for configuration ${name}${tail}`, {
      context: { key: name },
    });
  }
}
