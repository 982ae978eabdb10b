import type { ConfigValues } from '../../config/config-values.ts';
import { KeptSecurity } from './kept-security.ts';
import { saslOf } from './sasl-config.ts';
import type { SaslSettings, TokenFunction } from './sasl-settings.ts';
import { type TlsSettings, tlsSettingsOf } from './tls-settings.ts';

/** How connections are made, by `security.protocol`. */
export interface Security {
  /** `null`: plain TCP. */
  readonly tls: TlsSettings | null;
  /** `null`: nobody logs in. */
  readonly sasl: SaslSettings | null;
  readonly kept: KeptSecurity;
}

/** @throws ConfigError for settings that contradict each other or that this client can't honour */
export function securityOf(values: ConfigValues, token: TokenFunction | null = null): Security {
  const protocol = values.string('security.protocol').toUpperCase();
  return {
    tls: protocol.endsWith('SSL') ? tlsSettingsOf(values) : null,
    sasl: protocol.startsWith('SASL') ? saslOf(values, token) : null,
    kept: new KeptSecurity(),
  };
}
