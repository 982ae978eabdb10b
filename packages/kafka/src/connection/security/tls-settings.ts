import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { openSslCipherName } from './cipher-suite.ts';
import { type IdentityMaterial, identityOf, trustOf, type TrustMaterial } from './tls-material.ts';

/** TLS as the `ssl.*` keys say. Passwords are never shown. */
export interface TlsSettings {
  /** What is trusted; `null`: what Node trusts. */
  readonly trust: TrustMaterial | null;
  /** This client's key and certificate chain, for mutual TLS. */
  readonly identity: IdentityMaterial | null;
  readonly isCheckingHost: boolean;
  /** In rising order, never empty. */
  readonly protocols: readonly TlsProtocol[];
  /** OpenSSL's names; none: what OpenSSL takes. */
  readonly ciphers: readonly string[];
}

export const TLS_PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsProtocol = (typeof TLS_PROTOCOLS)[number];

/** What `SSLContext.getInstance` of Java 17 gives, and the newest protocol that a client of it has. */
const CONTEXTS: ReadonlyMap<string, TlsProtocol> = new Map([
  ['SSL', 'TLSv1.3'],
  ['SSLv3', 'TLSv1.2'],
  ['TLS', 'TLSv1.3'],
  ['TLSv1', 'TLSv1'],
  ['TLSv1.1', 'TLSv1.1'],
  ['TLSv1.2', 'TLSv1.2'],
  ['TLSv1.3', 'TLSv1.3'],
]);

/** Checks of the broker's name that Java knows; they differ in nothing that Node tells apart. */
const HOST_CHECKS = new Set(['https', 'ldaps']);

/**
 * @throws ConfigError for keys that contradict each other (in Java's words), unknown protocols,
 *   ciphers and checks
 */
export function tlsSettingsOf(values: ConfigValues): TlsSettings {
  const factory = values.nullableString('ssl.engine.factory.class');
  if (factory !== null) {
    throw new ConfigError(
      `Invalid value ${factory} for configuration ssl.engine.factory.class: Class ${factory} ` +
        'could not be found. Java classes are not loaded here; use key stores or PEM files',
    );
  }
  return {
    trust: trustOf(values),
    identity: identityOf(values),
    isCheckingHost: isCheckingHost(values),
    protocols: protocolsOf(values),
    ciphers: values.list('ssl.cipher.suites').map(cipherOf),
  };
}

function isCheckingHost(values: ConfigValues): boolean {
  const check = values.nullableString('ssl.endpoint.identification.algorithm') ?? '';
  if (check === '') return false;
  if (HOST_CHECKS.has(check.toLowerCase())) return true;
  throw new ConfigError(
    `Invalid value ${check} for configuration ssl.endpoint.identification.algorithm: ` +
      'String must be one of: https, ldaps, or empty (the name in the certificate is not checked)',
  );
}

function protocolsOf(values: ConfigValues): readonly TlsProtocol[] {
  const context = values.string('ssl.protocol');
  const newest = CONTEXTS.get(context);
  if (newest === undefined) {
    throw new ConfigError(
      `Invalid value ${context} for configuration ssl.protocol: ${context} SSLContext not ` +
        `available, only ${[...CONTEXTS.keys()].join(', ')}`,
    );
  }
  const named = values.list('ssl.enabled.protocols').map(protocolOf);
  // Java's own list, which goes up to what the context is for.
  if (named.length === 0) return newest === 'TLSv1.3' ? ['TLSv1.2', 'TLSv1.3'] : [newest];
  return TLS_PROTOCOLS.filter((protocol) => named.includes(protocol));
}

function protocolOf(name: string): TlsProtocol {
  const known = TLS_PROTOCOLS.find((protocol) => protocol === name);
  if (known !== undefined) return known;
  throw new ConfigError(
    `Invalid value ${name} for configuration ssl.enabled.protocols: ` +
      `String must be one of: ${TLS_PROTOCOLS.join(', ')}`,
  );
}

function cipherOf(name: string): string {
  const openSslName = openSslCipherName(name);
  // Loaded by those who name ciphers: it takes as long as the rest of the client.
  const known = process.getBuiltinModule('node:tls').getCiphers();
  if (known.includes(openSslName.toLowerCase())) return openSslName;
  throw new ConfigError(
    `Invalid value ${name} for configuration ssl.cipher.suites: Unsupported CipherSuite: ${name}`,
  );
}
