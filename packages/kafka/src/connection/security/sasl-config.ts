import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { parseJaasConfig } from './jaas.ts';
import { JaasOptions, jaasError } from './jaas-options.ts';
import { kerberosLogin } from './kerberos-config.ts';
import { awsSourceOf } from './msk-iam-config.ts';
import { oauthLogin } from './oauth/oauth-config.ts';
import type { PasswordLogin, SaslSettings, TokenFunction } from './sasl-settings.ts';

const KAFKA = 'org.apache.kafka.common.security';

/** Login modules of Java, and the mechanisms that go with them. */
const LOGIN_MODULES: Readonly<Record<string, readonly SaslSettings['mechanism'][]>> = {
  [`${KAFKA}.plain.PlainLoginModule`]: ['PLAIN'],
  [`${KAFKA}.scram.ScramLoginModule`]: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  [`${KAFKA}.oauthbearer.OAuthBearerLoginModule`]: ['OAUTHBEARER'],
  'com.sun.security.auth.module.Krb5LoginModule': ['GSSAPI'],
  'software.amazon.msk.auth.iam.IAMLoginModule': ['AWS_MSK_IAM'],
};

const MSK_HANDLER = 'software.amazon.msk.auth.iam.IAMClientCallbackHandler';

/**
 * How a client logs in, by `sasl.*`.
 *
 * @param token - a function of the program's own that gives OAuth tokens
 * @throws ConfigError for logins that this client does not know, and those that lack something
 */
export function saslOf(values: ConfigValues, token: TokenFunction | null): SaslSettings {
  const name = values.string('sasl.mechanism');
  if (name === '') {
    throw new ConfigError(
      'Invalid value null for configuration sasl.mechanism: When the security.protocol ' +
        'configuration enables SASL, mechanism must be non-null and non-empty string.',
    );
  }
  const mechanism = mechanismOf(name);
  if (mechanism === 'OAUTHBEARER' && token !== null) {
    return oauthLogin(values, null, { type: 'function', token });
  }
  const jaas = jaasOf(values, mechanism);
  refuseForeignHandlers(values, mechanism);
  switch (mechanism) {
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return passwordLogin(mechanism, jaas);
    case 'OAUTHBEARER':
      return oauthLogin(values, jaas, null);
    case 'GSSAPI':
      return kerberosLogin(values, jaas);
    case 'AWS_MSK_IAM':
      return { mechanism, credentials: awsSourceOf(jaas) };
    default:
      return mechanism satisfies never;
  }
}

function mechanismOf(name: string): SaslSettings['mechanism'] {
  const known = Object.values(LOGIN_MODULES).flat();
  const mechanism = known.find((each) => each === name);
  if (mechanism !== undefined) return mechanism;
  throw new ConfigError(
    `Invalid value ${name} for configuration sasl.mechanism: String must be one of: ` +
      known.join(', '),
  );
}

function jaasOf(values: ConfigValues, mechanism: SaslSettings['mechanism']): JaasOptions {
  const text = values.nullableString('sasl.jaas.config');
  if (text === null) {
    throw new ConfigError(
      'Missing configuration "sasl.jaas.config": it holds the login for "sasl.mechanism" ' +
        `${mechanism}. Could not find a 'KafkaClient' entry in the JAAS configuration (a JAAS ` +
        'file, as Java also takes it, is not read)',
    );
  }
  const { loginModule, options } = parseJaasConfig(text);
  const mechanisms = LOGIN_MODULES[loginModule];
  if (mechanisms === undefined) {
    throw jaasError(
      `No LoginModule found for ${loginModule}, which is not supported here. Those that are: ` +
        Object.keys(LOGIN_MODULES).join(', '),
    );
  }
  if (!mechanisms.includes(mechanism)) {
    throw jaasError(
      `the login module ${loginModule} does not go with "sasl.mechanism" ${mechanism}, ` +
        `but with ${mechanisms.join(', ')}`,
    );
  }
  return new JaasOptions(loginModule, options);
}

/** Java's classes can't be called from here; those that are known are done by this client itself. */
function refuseForeignHandlers(values: ConfigValues, mechanism: SaslSettings['mechanism']): void {
  const client = values.nullableString('sasl.client.callback.handler.class');
  if (client !== null && !(mechanism === 'AWS_MSK_IAM' && client === MSK_HANDLER)) {
    throw noClass('sasl.client.callback.handler.class', client, MSK_HANDLER);
  }
  const login = values.nullableString('sasl.login.callback.handler.class');
  if (login !== null && mechanism !== 'OAUTHBEARER') {
    throw noClass('sasl.login.callback.handler.class', login, 'those of OAUTHBEARER');
  }
  const loginClass = values.nullableString('sasl.login.class');
  if (loginClass !== null) throw noClass('sasl.login.class', loginClass, 'none');
}

function noClass(key: string, name: string, known: string): ConfigError {
  return new ConfigError(
    `Invalid value ${name} for configuration ${key}: Class ${name} could not be found. ` +
      `Supported here: ${known}`,
  );
}

function passwordLogin(mechanism: PasswordLogin['mechanism'], jaas: JaasOptions): PasswordLogin {
  if (mechanism !== 'PLAIN' && jaas.flag('tokenauth')) {
    // A delegation token is a SCRAM login with an extension, which is not done here.
    throw jaasError('"tokenauth" (delegation tokens) is not supported');
  }
  const username = jaas.get('username');
  const password = jaas.get('password');
  if (username === null || password === null) {
    throw jaasError(
      `the login module ${jaas.loginModule} needs the options "username" and "password"`,
    );
  }
  return { mechanism, username, password };
}
