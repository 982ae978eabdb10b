import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';

/** A file of keys or certificates, and what opens it. */
interface StoreFile {
  readonly type: 'store-file';
  readonly location: string;
  /** As the user named it: JKS or PKCS12, either of which opens both. */
  readonly storeType: string;
  readonly password: string | null;
}
interface PemFile {
  readonly type: 'pem-file';
  readonly location: string;
}

/** Where trusted certificates come from. */
export type TrustMaterial =
  | { readonly type: 'pem-text'; readonly certificates: string }
  | PemFile
  | StoreFile;

/** Where this client's key and its certificate chain come from. */
export type IdentityMaterial = (
  | { readonly type: 'pem-text'; readonly key: string; readonly chain: string }
  | PemFile
  | StoreFile
) & {
  /** `ssl.key.password`; `null`: the key has none, or the store's. */
  readonly keyPassword: string | null;
};

const STORE_TYPES = new Set(['JKS', 'PKCS12']);
const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/** What `ssl.truststore.*` says. @throws ConfigError in Java's words */
export function trustOf(values: ConfigValues): TrustMaterial | null {
  const type = values.string('ssl.truststore.type').toUpperCase();
  const location = values.nullableString('ssl.truststore.location');
  const password = values.nullableString('ssl.truststore.password');
  const certificates = values.nullableString('ssl.truststore.certificates');
  if (certificates !== null) {
    if (type !== 'PEM') {
      throw new ConfigError(
        `SSL trust store certs can be specified only for PEM, but trust store type is ${type}.`,
      );
    }
    if (location !== null) {
      throw new ConfigError(
        'Both SSL trust store location and separate trust certificates are specified.',
      );
    }
    refusePassword(password);
    if (!CERTIFICATE.test(certificates)) throw noPem('ssl.truststore.certificates', 'CERTIFICATE');
    return { type: 'pem-text', certificates };
  }
  if (type === 'PEM' && location !== null) {
    refusePassword(password);
    return { type: 'pem-file', location };
  }
  if (location === null) {
    if (password === null) return null;
    throw new ConfigError(
      'SSL trust store is not specified, but trust store password is specified.',
    );
  }
  return storeFile('truststore', type, location, password);
}

function refusePassword(password: string | null): void {
  if (password === null) return;
  throw new ConfigError('SSL trust store password cannot be specified for PEM format.');
}

/** What `ssl.keystore.*` says. @throws ConfigError in Java's words */
export function identityOf(values: ConfigValues): IdentityMaterial | null {
  const type = values.string('ssl.keystore.type').toUpperCase();
  const location = values.nullableString('ssl.keystore.location');
  const password = values.nullableString('ssl.keystore.password');
  const keyPassword = values.nullableString('ssl.key.password');
  const key = values.nullableString('ssl.keystore.key');
  const chain = values.nullableString('ssl.keystore.certificate.chain');
  if (key !== null || chain !== null) {
    return pemIdentity({ type, location, password, key, chain, keyPassword });
  }
  if (type === 'PEM' && location !== null) {
    if (password !== null) {
      throw new ConfigError(
        'SSL key store password cannot be specified with PEM format, only key password may be ' +
          'specified',
      );
    }
    return { type: 'pem-file', location, keyPassword };
  }
  if (location === null) {
    if (password === null) return null;
    throw new ConfigError('SSL key store is not specified, but key store password is specified.');
  }
  if (password === null) {
    throw new ConfigError('SSL key store is specified, but key store password is not specified.');
  }
  return { ...storeFile('keystore', type, location, password), keyPassword };
}

function pemIdentity(given: {
  readonly type: string;
  readonly location: string | null;
  readonly password: string | null;
  readonly key: string | null;
  readonly chain: string | null;
  readonly keyPassword: string | null;
}): IdentityMaterial {
  const { key, chain, keyPassword } = given;
  if (key === null) {
    throw new ConfigError('SSL certificate chain is specified, but private key is not specified');
  }
  if (given.type !== 'PEM') {
    throw new ConfigError(
      `SSL private key can be specified only for PEM, but key store type is ${given.type}.`,
    );
  }
  if (chain === null) {
    throw new ConfigError('SSL private key is specified, but certificate chain is not specified.');
  }
  if (given.location !== null) {
    throw new ConfigError('Both SSL key store location and separate private key are specified.');
  }
  if (given.password !== null) {
    throw new ConfigError(
      'SSL key store password cannot be specified with PEM format, only key password may be ' +
        'specified.',
    );
  }
  if (!PRIVATE_KEY.test(key)) throw noPem('ssl.keystore.key', 'PRIVATE KEY');
  if (!CERTIFICATE.test(chain)) throw noPem('ssl.keystore.certificate.chain', 'CERTIFICATE');
  return { type: 'pem-text', key, chain, keyPassword };
}

function storeFile(
  store: 'keystore' | 'truststore',
  storeType: string,
  location: string,
  password: string | null,
): StoreFile {
  if (STORE_TYPES.has(storeType)) return { type: 'store-file', location, storeType, password };
  throw new ConfigError(
    `Invalid value ${storeType} for configuration ssl.${store}.type: ${storeType} not found, ` +
      'only JKS, PKCS12 and PEM are read (keytool turns other stores into PKCS12)',
  );
}

function noPem(key: string, kind: string): ConfigError {
  return new ConfigError(
    `Invalid value [hidden] for configuration ${key}: No matching ${kind} entries in PEM file`,
  );
}
