import { systemClock } from '../clock.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
import type { KafkaLogger } from '../logger.ts';
import { Admin } from './admin.ts';
import { parseAdminConfig } from './admin-config.ts';

/** What an admin client is given besides its configuration. */
export interface CreateAdminOptions {
  readonly logger: KafkaLogger;
  /** Gives OAuth tokens for `OAUTHBEARER`, in place of what "sasl.jaas.config" would say. Default: none. */
  readonly token?: TokenFunction;
}

/**
 * Makes an admin client from Java's property names (`AdminClientConfig`). Connects when it is first used.
 *
 * @throws ConfigError for values that can't be
 */
export function createAdmin(
  properties: Readonly<Record<string, string>>,
  options: CreateAdminOptions,
): Admin {
  const { logger, token } = options;
  const config = parseAdminConfig(properties, logger, token);
  return new Admin({ config, logger, clock: systemClock, random: Math.random });
}
