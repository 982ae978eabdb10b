import { readFileSync } from 'node:fs';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { ConfigError, type Props } from '@sluice/api';

/** What a store of keys or certificates holds, as PEM texts. */
export interface StoreContent {
  /** The private key with its chain; null in a truststore. */
  readonly identity: { readonly key: string; readonly cert: string } | null;
  /** The certificates to trust. */
  readonly trusted: readonly string[];
}

/**
 * Reads a JKS or PKCS12 store (the reader is the Kafka client's; the worker brings it).
 *
 * @param passwords `store` null: its integrity is not checked; `key` null: keys stay closed
 * @throws Error when the store is broken or a password is wrong
 */
export type ReadStore = (
  bytes: Buffer,
  passwords: { readonly store: string | null; readonly key: string | null },
) => StoreContent;

const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** The keys `ssl.*` of listeners, read when they are asked for. */
export class SslConfig {
  readonly #props: Props;
  readonly #prefix: string;
  readonly #readStore: ReadStore | null;

  private constructor(props: Props, prefix: string, readStore: ReadStore | null) {
    this.#props = props;
    this.#prefix = prefix;
    this.#readStore = readStore;
  }

  /**
   * The keys under `prefix` when there is any, else the plain ones, never a mixture (R1.11).
   *
   * @param prefix `listeners.https.` or `admin.listeners.https.`
   */
  static of(props: Props, prefix: string): SslConfig {
    const hasOwn = Object.keys(props).some((key) => key.startsWith(prefix));
    return new SslConfig(props, hasOwn ? prefix : '', null);
  }

  /** The same with what reads the stores that it names. */
  readingWith(readStore: ReadStore): SslConfig {
    return new SslConfig(this.#props, this.#prefix, readStore);
  }

  /** Whether a file that it names is none of PEM. */
  get usesStores(): boolean {
    return ['keystore', 'truststore'].some(
      (kind) =>
        this.#get(`ssl.${kind}.location`) !== null &&
        this.#get(`ssl.${kind}.type`)?.toUpperCase() !== 'PEM',
    );
  }

  get hasIdentity(): boolean {
    return this.#get('ssl.keystore.key') !== null || this.#get('ssl.keystore.location') !== null;
  }
  /** An empty algorithm, and only that, lets any name pass. */
  get isCheckingHost(): boolean {
    return this.#props[`${this.#prefix}ssl.endpoint.identification.algorithm`]?.trim() !== '';
  }

  clientAuth(): 'none' | 'requested' | 'required' {
    const text = this.#get('ssl.client.auth')?.toLowerCase() ?? 'none';
    if (text === 'none' || text === 'requested' || text === 'required') return text;
    throw this.#invalid('ssl.client.auth', text, 'it is one of none, requested, required');
  }

  protocols(): TlsOptions {
    const named = listed(this.#get('ssl.enabled.protocols') ?? 'TLSv1.2,TLSv1.3');
    for (const name of named)
      if (!PROTOCOLS.some((one) => one === name))
        throw this.#invalid('ssl.enabled.protocols', name, `known are ${PROTOCOLS.join(', ')}`);
    const enabled = PROTOCOLS.filter((one) => named.includes(one));
    const [lowest, highest] = [enabled[0], enabled.at(-1)];
    const ciphers = listed(this.#get('ssl.cipher.suites') ?? '').map(openSslName);
    return {
      ...(lowest === undefined ? {} : { minVersion: lowest }),
      ...(highest === undefined ? {} : { maxVersion: highest }),
      ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    };
  }

  identity(): SecureContextOptions {
    const passphrase = this.#get('ssl.key.password') ?? this.#get('ssl.keystore.password');
    const withPassphrase = passphrase === null ? {} : { passphrase };
    const key = this.#get('ssl.keystore.key');
    if (key !== null) {
      const cert = this.#get('ssl.keystore.certificate.chain') ?? key;
      return { key, cert, ...withPassphrase };
    }
    const bytes = this.#file('ssl.keystore.location');
    if (bytes === null)
      throw new ConfigError(
        `An https listener needs a certificate: set ${this.#prefix}ssl.keystore.location (and ` +
          `${this.#prefix}ssl.keystore.type, which is PEM, PKCS12 or JKS).`,
      );
    const type = this.#type('ssl.keystore.type');
    if (type === 'PEM') return { key: bytes, cert: bytes, ...withPassphrase };
    // Node opens most of these by itself; those of old Java, only the worker's reader.
    if (type === 'PKCS12' && this.#readStore === null) return { pfx: bytes, ...withPassphrase };
    const { identity } = this.#store('keystore', bytes);
    if (identity !== null) return { ...identity };
    throw this.#invalid(
      'ssl.keystore.location',
      this.#get('ssl.keystore.location'),
      'no key in it',
    );
  }

  trust(): SecureContextOptions {
    const certificates = this.#get('ssl.truststore.certificates');
    if (certificates !== null) return { ca: certificates };
    const bytes = this.#file('ssl.truststore.location');
    if (bytes === null) return {};
    if (this.#type('ssl.truststore.type') === 'PEM') return { ca: bytes };
    const { trusted } = this.#store('truststore', bytes);
    if (trusted.length > 0) return { ca: [...trusted] };
    const location = this.#get('ssl.truststore.location');
    throw this.#invalid('ssl.truststore.location', location, 'no trusted certificate in it');
  }

  #store(kind: 'keystore' | 'truststore', bytes: Buffer): StoreContent {
    const key = `ssl.${kind}.location`;
    const location = this.#get(key);
    if (this.#readStore === null)
      throw this.#invalid(
        `ssl.${kind}.type`,
        this.#type(`ssl.${kind}.type`),
        'this worker reads PEM here (keytool and openssl turn other stores into PEM)',
      );
    try {
      const store = this.#get(`ssl.${kind}.password`);
      // Keys in a truststore stay closed: their password need not be this one.
      const key = kind === 'truststore' ? null : (this.#get('ssl.key.password') ?? store);
      return this.#readStore(bytes, { store, key });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#invalid(key, location, reason);
    }
  }

  #file(key: string): Buffer | null {
    const location = this.#get(key);
    if (location === null) return null;
    try {
      return readFileSync(location);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#invalid(key, location, reason);
    }
  }

  #type(key: string): string {
    const type = this.#get(key)?.toUpperCase() ?? 'JKS';
    if (type === 'PEM' || type === 'PKCS12' || type === 'JKS') return type;
    throw this.#invalid(key, type, 'it is one of PEM, PKCS12, JKS');
  }

  #get(key: string): string | null {
    const value = this.#props[this.#prefix + key]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  #invalid(key: string, value: string | null, reason: string): ConfigError {
    return ConfigError.ofValue(this.#prefix + key, value, reason);
  }
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`; TLS 1.3 has the same. */
function openSslName(name: string): string {
  if (!name.includes('_WITH_')) return name;
  return name
    .replace(/^TLS_/, '')
    .replace('_WITH_', '_')
    .replace(/AES_(\d+)/, 'AES$1')
    .replace('POLY1305_SHA256', 'POLY1305')
    .replaceAll('_', '-');
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
