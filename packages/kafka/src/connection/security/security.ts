import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';

/** How connections are made, by `security.protocol`. */
export type Security = { readonly protocol: 'PLAINTEXT' };

/** @throws ConfigError for a protocol that this client does not speak yet */
export function securityOf(values: ConfigValues): Security {
  const protocol = values.string('security.protocol').toUpperCase();
  if (protocol === 'PLAINTEXT') return { protocol };
  throw new ConfigError(
    `Invalid value ${protocol} for configuration security.protocol: ` +
      'this client speaks PLAINTEXT only so far',
  );
}
