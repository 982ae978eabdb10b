import { fileURLToPath } from 'node:url';
import type { ConfigValues } from '../../../config/config-values.ts';
import { parseConfig } from '../../../config/config-values.ts';
import { sslKeys } from '../../../config/ssl-keys.ts';
import { ConfigError } from '../../../errors/config-error.ts';
import { silentLogger } from '../../../logger.ts';
import { type JaasOptions, jaasError } from '../jaas-options.ts';
import { awsSourceOf } from '../msk-iam-config.ts';
import type { OAuthLogin, TokenSource } from '../sasl-settings.ts';
import { type TlsSettings, tlsSettingsOf } from '../tls-settings.ts';
import { unsecuredSource } from './unsecured-config.ts';

const KAFKA = 'org.apache.kafka.common.security.oauthbearer';
const TOKEN_URL = 'sasl.oauthbearer.token.endpoint.url';

/** Handlers of Java and what they do; until Kafka 3.9 they stood in a package `secured`. */
const HANDLERS: Readonly<Record<string, 'unsecured' | 'secured' | 'msk-iam'>> = {
  [`${KAFKA}.OAuthBearerLoginCallbackHandler`]: 'secured',
  [`${KAFKA}.secured.OAuthBearerLoginCallbackHandler`]: 'secured',
  [`${KAFKA}.internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler`]: 'unsecured',
  'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler': 'msk-iam',
};

type Retriever = 'any' | 'file' | 'client-credentials';
const RETRIEVERS: Readonly<Record<string, Retriever>> = {
  [`${KAFKA}.DefaultJwtRetriever`]: 'any',
  [`${KAFKA}.FileJwtRetriever`]: 'file',
  [`${KAFKA}.ClientCredentialsJwtRetriever`]: 'client-credentials',
};

/** Java waits for ever; a client that hangs there says nothing. */
const TIMEOUT_MS = 10_000;

/**
 * Who logs in with OAuth tokens, and where they come from.
 *
 * @param source - set when the program brings its own tokens: no JAAS options are needed then
 * @throws ConfigError in Java's words where it has some
 */
export function oauthLogin(
  values: ConfigValues,
  jaas: JaasOptions | null,
  source: TokenSource | null,
): OAuthLogin {
  const handler = values.nullableString('sasl.login.callback.handler.class');
  const kind = handler === null ? 'unsecured' : HANDLERS[handler];
  if (kind === undefined) {
    throw unknownClass('sasl.login.callback.handler.class', handler ?? '', HANDLERS);
  }
  const prefix = kind === 'unsecured' ? 'unsecuredLoginExtension_' : 'extension_';
  return {
    mechanism: 'OAUTHBEARER',
    source: source ?? sourceOf(kind, values, jaas),
    refresh: {
      windowFactor: values.number('sasl.login.refresh.window.factor'),
      windowJitter: values.number('sasl.login.refresh.window.jitter'),
      minPeriodMs: values.number('sasl.login.refresh.min.period.seconds') * 1000,
      bufferMs: values.number('sasl.login.refresh.buffer.seconds') * 1000,
    },
    claimNames: claimNamesOf(kind, values, jaas),
    extensions: checkedExtensions(jaas?.withPrefix(prefix) ?? new Map()),
  };
}

function claimNamesOf(
  kind: string,
  values: ConfigValues,
  jaas: JaasOptions | null,
): OAuthLogin['claimNames'] {
  if (kind === 'unsecured' && jaas !== null) {
    return {
      sub: jaas.get('unsecuredLoginPrincipalClaimName') ?? 'sub',
      scope: jaas.get('unsecuredLoginScopeClaimName') ?? 'scope',
    };
  }
  return {
    sub: values.string('sasl.oauthbearer.sub.claim.name'),
    scope: values.string('sasl.oauthbearer.scope.claim.name'),
  };
}

function sourceOf(kind: string, values: ConfigValues, jaas: JaasOptions | null): TokenSource {
  if (jaas === null) throw jaasError('it is missing');
  if (kind === 'unsecured') return unsecuredSource(jaas);
  if (kind === 'msk-iam') return { type: 'msk-iam', credentials: awsSourceOf(jaas) };
  const retrieverClass = values.string('sasl.oauthbearer.jwt.retriever.class');
  const retriever = RETRIEVERS[retrieverClass];
  if (retriever === undefined) {
    throw unknownClass('sasl.oauthbearer.jwt.retriever.class', retrieverClass, RETRIEVERS);
  }
  const endpoint = endpointOf(values);
  const isFile = endpoint.protocol === 'file:';
  if (retriever === 'file' && !isFile) {
    throw new ConfigError(
      `The OAuth configuration option ${TOKEN_URL} contains a URL (${shown(endpoint)}) that is ` +
        'not a file: URL, which FileJwtRetriever needs',
    );
  }
  if (isFile && retriever !== 'client-credentials') {
    return { type: 'file', path: fileURLToPath(endpoint) };
  }
  return clientCredentials(values, jaas, endpoint);
}

function endpointOf(values: ConfigValues): URL {
  const text = values.nullableString(TOKEN_URL);
  if (text === null || text === '') {
    throw new ConfigError(`The OAuth configuration option ${TOKEN_URL} value is required`);
  }
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:', 'file:'].includes(url.protocol)) {
    const reason = url === null ? `no protocol: ${text}` : `unknown protocol: ${url.protocol}`;
    throw new ConfigError(
      `The OAuth configuration option ${TOKEN_URL} contains a URL ` +
        `(${url === null ? text : shown(url)}) that is malformed: ${reason}`,
    );
  }
  return url;
}

function clientCredentials(values: ConfigValues, jaas: JaasOptions, endpoint: URL): TokenSource {
  const key = 'sasl.oauthbearer.client.credentials';
  const clientId = values.nullableString(`${key}.client.id`) ?? jaas.get('clientId');
  const clientSecret = values.nullableString(`${key}.client.secret`) ?? jaas.get('clientSecret');
  if (clientId === null || clientSecret === null) {
    const missing = clientId === null ? 'id' : 'secret';
    const option = clientId === null ? 'clientId' : 'clientSecret';
    throw new ConfigError(
      `The OAuth configuration option ${key}.client.${missing} value is required (or the option ` +
        `"${option}" in sasl.jaas.config)`,
    );
  }
  return {
    type: 'client-credentials',
    endpoint,
    clientId,
    clientSecret,
    scope: values.nullableString('sasl.oauthbearer.scope') ?? jaas.get('scope'),
    isHeaderEncoded: values.boolean('sasl.oauthbearer.header.urlencode'),
    tls: endpoint.protocol === 'https:' ? endpointTls(jaas) : null,
    connectTimeoutMs: values.nullableNumber('sasl.login.connect.timeout.ms') ?? TIMEOUT_MS,
    readTimeoutMs: values.nullableNumber('sasl.login.read.timeout.ms') ?? TIMEOUT_MS,
    retryBackoff: {
      initialMs: values.number('sasl.login.retry.backoff.ms'),
      maxMs: values.number('sasl.login.retry.backoff.max.ms'),
    },
  };
}

/** TLS of the token endpoint is set by `ssl.` options in the JAAS text, as in Java. */
function endpointTls(jaas: JaasOptions): TlsSettings | null {
  const options = jaas.withPrefix('ssl.');
  if (options.size === 0) return null;
  const properties = Object.fromEntries([...options].map(([name, text]) => [`ssl.${name}`, text]));
  return tlsSettingsOf(parseConfig('token endpoint', sslKeys, properties, silentLogger));
}

/** RFC 7628, and Java's `OAuthBearerClientInitialResponse`: the name "auth" is the token's. */
function checkedExtensions(extensions: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const [name, value] of extensions) {
    if (name === 'auth' || !/^[A-Za-z]+$/.test(name)) {
      throw jaasError(`Extension name ${name} is invalid`);
    }
    if (!/^[\x21-\x7e \t\r\n]+$/.test(value)) {
      throw jaasError(`the value of the extension ${name} is invalid`);
    }
  }
  return extensions;
}

function unknownClass(
  key: string,
  name: string,
  known: Readonly<Record<string, string>>,
): ConfigError {
  return new ConfigError(
    `Invalid value ${name} for configuration ${key}: Class ${name} could not be found. ` +
      `Supported here: ${Object.keys(known).join(', ')}`,
  );
}

/** Without what a URL may hold of secrets. */
function shown(url: URL): string {
  return url.protocol === 'file:' ? url.href : `${url.protocol}//${url.host}${url.pathname}`;
}
