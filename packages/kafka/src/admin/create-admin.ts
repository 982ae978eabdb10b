import { systemClock } from '../clock.ts';
import type { KafkaLogger } from '../logger.ts';
import { Admin } from './admin.ts';
import { parseAdminConfig } from './admin-config.ts';

/**
 * Makes an admin client from Java's property names (`AdminClientConfig`). Connects when it is first used.
 *
 * @throws ConfigError for values that can't be
 */
export function createAdmin(
  properties: Readonly<Record<string, string>>,
  options: { readonly logger: KafkaLogger },
): Admin {
  const { logger } = options;
  const config = parseAdminConfig(properties, logger);
  return new Admin({ config, logger, clock: systemClock, random: Math.random });
}
