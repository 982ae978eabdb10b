import { adminKeys } from '../config/admin-keys.ts';
import { type ClientConfig, clientConfigOf } from '../config/client-config.ts';
import { parseConfig } from '../config/config-values.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
import type { KafkaLogger } from '../logger.ts';

/** An admin client's settings, checked. */
export interface AdminConfig {
  readonly client: ClientConfig;
  /** `default.api.timeout.ms`: how long one call may take, retries included. */
  readonly apiTimeoutMs: number;
}

/** `token` gives OAuth tokens. @throws ConfigError in Java's wording */
export function parseAdminConfig(
  properties: Readonly<Record<string, string>>,
  logger: KafkaLogger,
  token: TokenFunction | null = null,
): AdminConfig {
  const values = parseConfig('admin client', adminKeys, properties, logger);
  return {
    client: clientConfigOf(values, 'adminclient', token),
    apiTimeoutMs: values.number('default.api.timeout.ms'),
  };
}
