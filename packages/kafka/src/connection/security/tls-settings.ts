import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';

/** Where keys or certificates come from. */
export type KeyMaterial =
  | { readonly type: 'pem-text'; readonly text: string }
  | { readonly type: 'pem-file' | 'pkcs12-file'; readonly location: string };

/** TLS as the `ssl.*` keys say. Passwords are never shown. */
export interface TlsSettings {
  /** What is trusted; `null`: what Node trusts. */
  readonly trust: KeyMaterial | null;
  readonly trustPassword: string | null;
  /** This client's key and certificate chain, for mutual TLS. */
  readonly identity: KeyMaterial | null;
  /** The chain, where it stands apart from the key (`ssl.keystore.certificate.chain`). */
  readonly certificateChain: string | null;
  readonly identityPassword: string | null;
  readonly isCheckingHost: boolean;
  readonly protocols: readonly TlsProtocol[];
  /** OpenSSL's names. */
  readonly ciphers: readonly string[];
}

export const TLS_PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type TlsProtocol = (typeof TLS_PROTOCOLS)[number];

/** @throws ConfigError for stores of a kind that is not read, and for unknown protocols */
export function tlsSettingsOf(values: ConfigValues): TlsSettings {
  return {
    trust: materialOf(values, 'truststore', 'ssl.truststore.certificates'),
    trustPassword: values.nullableString('ssl.truststore.password'),
    identity: materialOf(values, 'keystore', 'ssl.keystore.key'),
    certificateChain: values.nullableString('ssl.keystore.certificate.chain'),
    identityPassword:
      values.nullableString('ssl.key.password') ?? values.nullableString('ssl.keystore.password'),
    isCheckingHost: values.string('ssl.endpoint.identification.algorithm') !== '',
    protocols: values.list('ssl.enabled.protocols').map(protocolOf),
    ciphers: values.list('ssl.cipher.suites').map(openSslName),
  };
}

function materialOf(
  values: ConfigValues,
  store: 'keystore' | 'truststore',
  textKey: string,
): KeyMaterial | null {
  const text = values.nullableString(textKey);
  const location = values.nullableString(`ssl.${store}.location`);
  const type = values.string(`ssl.${store}.type`).toUpperCase();
  if (text !== null) {
    if (type !== 'PEM') {
      throw new ConfigError(`${textKey} can only be set when ssl.${store}.type is PEM`);
    }
    if (location !== null) {
      throw new ConfigError(`Both ${textKey} and ssl.${store}.location are set: only one may be`);
    }
    return { type: 'pem-text', text };
  }
  if (location === null) return null;
  if (type === 'PEM') return { type: 'pem-file', location };
  if (type === 'PKCS12' && store === 'keystore') return { type: 'pkcs12-file', location };
  const can = store === 'keystore' ? 'PEM and PKCS12' : 'PEM';
  throw new ConfigError(
    `Invalid value ${type} for configuration ssl.${store}.type: this client reads ${can} so far ` +
      `(keytool and openssl turn other stores into PEM)`,
  );
}

function protocolOf(name: string): TlsProtocol {
  const known = TLS_PROTOCOLS.find((protocol) => protocol === name);
  if (known !== undefined) return known;
  throw new ConfigError(
    `Invalid value ${name} for configuration ssl.enabled.protocols: ` +
      `String must be one of: ${TLS_PROTOCOLS.join(', ')}`,
  );
}

/**
 * `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`; TLS 1.3 has the same.
 */
function openSslName(name: string): string {
  if (!name.includes('_WITH_')) return name;
  return name
    .replace(/^TLS_/, '')
    .replace('_WITH_', '_')
    .replace(/AES_(\d+)/, 'AES$1')
    .replace('POLY1305_SHA256', 'POLY1305')
    .replaceAll('_', '-');
}
