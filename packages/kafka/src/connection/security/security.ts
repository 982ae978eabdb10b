import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { parseJaasConfig } from './jaas.ts';
import { isSaslMechanism, SASL_MECHANISMS, type SaslSettings } from './sasl-mechanism.ts';
import { type TlsSettings, tlsSettingsOf } from './tls-settings.ts';

/** How connections are made, by `security.protocol`. */
export interface Security {
  /** `null`: plain TCP. */
  readonly tls: TlsSettings | null;
  /** `null`: nobody logs in. */
  readonly sasl: SaslSettings | null;
}

/** @throws ConfigError for settings that contradict each other or that this client can't honour */
export function securityOf(values: ConfigValues): Security {
  const protocol = values.string('security.protocol').toUpperCase();
  return {
    tls: protocol.endsWith('SSL') ? tlsSettingsOf(values) : null,
    sasl: protocol.startsWith('SASL') ? saslOf(values) : null,
  };
}

const LOGIN_MODULES: Readonly<Record<string, 'PLAIN' | 'SCRAM'>> = {
  'org.apache.kafka.common.security.plain.PlainLoginModule': 'PLAIN',
  'org.apache.kafka.common.security.scram.ScramLoginModule': 'SCRAM',
};

function saslOf(values: ConfigValues): SaslSettings {
  const mechanism = values.string('sasl.mechanism');
  if (!isSaslMechanism(mechanism)) {
    throw new ConfigError(
      `Invalid value ${mechanism} for configuration sasl.mechanism: ` +
        `this client speaks ${SASL_MECHANISMS.join(', ')} so far`,
    );
  }
  const jaas = values.nullableString('sasl.jaas.config');
  if (jaas === null) {
    throw new ConfigError(
      'Missing configuration "sasl.jaas.config": it holds the login for "sasl.mechanism" ' +
        `${mechanism} (a JAAS file, as Java also takes it, is not read)`,
    );
  }
  const { loginModule, options } = parseJaasConfig(jaas);
  const kind = LOGIN_MODULES[loginModule];
  if (kind === undefined) {
    throw new ConfigError(
      'Invalid value [hidden] for configuration sasl.jaas.config: the login module ' +
        `${loginModule} is not supported, only ${Object.keys(LOGIN_MODULES).join(' and ')}`,
    );
  }
  if (!mechanism.startsWith(kind)) {
    throw new ConfigError(
      'Invalid value [hidden] for configuration sasl.jaas.config: the login module ' +
        `${loginModule} does not go with "sasl.mechanism" ${mechanism}`,
    );
  }
  const username = options.get('username');
  const password = options.get('password');
  if (username === undefined || password === undefined) {
    throw new ConfigError(
      'Invalid value [hidden] for configuration sasl.jaas.config: it needs the options ' +
        '"username" and "password"',
    );
  }
  return { mechanism, username, password };
}
