import { constants, createPrivateKey } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { Address } from '../address.ts';
import { readStore } from './stores/read-store.ts';
import type { StorePasswords } from './stores/key-store.ts';
import { StoreError } from './stores/store-error.ts';
import type { IdentityMaterial, TrustMaterial } from './tls-material.ts';
import { TLS_PROTOCOLS, type TlsProtocol, type TlsSettings } from './tls-settings.ts';
import { WatchedFile } from './watched-file.ts';

type Part = Pick<SecureContextOptions, 'ca' | 'key' | 'cert' | 'passphrase'>;
/** Gives its part of the options; the same object as long as nothing has changed. */
type PartSource = () => Promise<Part>;

const OFF: Readonly<Record<TlsProtocol, number>> = {
  TLSv1: constants.SSL_OP_NO_TLSv1,
  'TLSv1.1': constants.SSL_OP_NO_TLSv1_1,
  'TLSv1.2': constants.SSL_OP_NO_TLSv1_2,
  'TLSv1.3': constants.SSL_OP_NO_TLSv1_3,
};

/**
 * What a client's TLS connections share: trust, key and rules. Files are looked at before every
 * connection and read when they have changed, so that a renewed certificate is used without a
 * restart.
 */
export class TlsContext {
  readonly #settings: TlsSettings;
  readonly #trust: PartSource;
  readonly #identity: PartSource;
  #made: { readonly parts: readonly Part[]; readonly context: SecureContext } | null = null;

  constructor(settings: TlsSettings) {
    this.#settings = settings;
    this.#trust = trustSource(settings.trust);
    this.#identity = identitySource(settings.identity);
  }

  /**
   * Begins TLS with this broker on an open socket.
   *
   * @throws KafkaError `SSL_CONFIGURATION`, not retriable, when a file can't be read or opened
   */
  async wrap(socket: Socket, address: Address): Promise<TLSSocket> {
    return connect({
      socket,
      secureContext: await this.#context(),
      // What the certificate has to be for, where no name is asked for.
      host: address.host,
      // The name that is asked for may not be an address (RFC 6066).
      ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
      // The certificate is checked in any case; this is about the name in it.
      ...(this.#settings.isCheckingHost ? {} : { checkServerIdentity: () => undefined }),
    });
  }

  /** The same for requests of `node:https`. */
  async agentOptions(): Promise<{
    readonly secureContext: SecureContext;
    readonly checkServerIdentity?: () => undefined;
  }> {
    return {
      secureContext: await this.#context(),
      ...(this.#settings.isCheckingHost ? {} : { checkServerIdentity: () => undefined }),
    };
  }

  async #context(): Promise<SecureContext> {
    const parts = [await this.#trust(), await this.#identity()];
    if (this.#made?.parts.every((part, i) => part === parts[i]) === true) return this.#made.context;
    const context = this.#make(parts);
    this.#made = { parts, context };
    return context;
  }

  #make(parts: readonly Part[]): SecureContext {
    const { protocols, ciphers } = this.#settings;
    const [lowest, highest] = [protocols[0], protocols.at(-1)];
    const missing = TLS_PROTOCOLS.filter((each) => !protocols.includes(each));
    try {
      return createSecureContext({
        ...Object.assign({}, ...parts),
        ...(lowest === undefined ? {} : { minVersion: lowest }),
        ...(highest === undefined ? {} : { maxVersion: highest }),
        // A list may have gaps, which a lowest and a highest can't say.
        secureOptions: missing.reduce((options, each) => options | OFF[each], 0),
        ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
        // To Java, whatever a trust store holds is trusted: also an authority that another one signed.
        allowPartialTrustChain: true,
      });
    } catch (error) {
      // A certificate that is none, or not the key's.
      throw unusable('Preparing TLS', error);
    }
  }
}

function trustSource(trust: TrustMaterial | null): PartSource {
  if (trust === null) return fixed(() => ({}));
  if (trust.type === 'pem-text') return fixed(() => ({ ca: trust.certificates }));
  const { location } = trust;
  if (trust.type === 'pem-file') {
    const file = new WatchedFile(location, trustOfPem);
    return () => loading(`Failed to load PEM SSL truststore ${location}`, file.read());
  }
  const { storeType, password } = trust;
  const file = new WatchedFile(location, (content) => trustOfStore(content, password));
  return () =>
    loading(`Failed to load SSL truststore ${location} of type ${storeType}`, file.read());
}

function trustOfPem(content: Buffer): Part {
  const ca = content.toString();
  if (ca.includes('-----BEGIN CERTIFICATE-----')) return { ca };
  throw new StoreError('No matching CERTIFICATE entries in PEM file');
}

function trustOfStore(content: Buffer, password: string | null): Part {
  const { trusted, keys } = readStore(content, { store: password, key: null });
  // As in Java, a key's own certificate is trusted, too; not the chain behind it.
  const own = keys.flatMap(({ chain }) => chain.slice(0, 1));
  const all = [...trusted, ...own];
  if (all.length > 0) return { ca: all.map((each) => pem('CERTIFICATE', each)) };
  throw new StoreError(
    'it holds no trusted certificate (in a PKCS12 store, one is trusted when it was put there ' +
      'by "keytool -importcert" or "openssl pkcs12 -jdktrust anyExtendedKeyUsage")',
  );
}

function identitySource(identity: IdentityMaterial | null): PartSource {
  if (identity === null) return fixed(() => ({}));
  const { keyPassword } = identity;
  if (identity.type === 'pem-text') {
    const part = fixed(() => identityOfPem(identity.key, identity.chain, keyPassword));
    return () => loading('Invalid PEM keystore configs ("ssl.keystore.key")', part());
  }
  const { location } = identity;
  if (identity.type === 'pem-file') {
    // The file holds the key and the chain one behind the other; each reader takes its part.
    const parse = (content: Buffer): Part =>
      identityOfPem(content.toString(), content.toString(), keyPassword);
    const file = new WatchedFile(location, parse);
    return () => loading(`Failed to load PEM SSL keystore ${location}`, file.read());
  }
  const { storeType, password } = identity;
  const file = new WatchedFile(location, (content) =>
    identityOfStore(content, { store: password, key: keyPassword ?? password }),
  );
  return () => loading(`Failed to load SSL keystore ${location} of type ${storeType}`, file.read());
}

function identityOfStore(content: Buffer, passwords: StorePasswords): Part {
  const [entry] = readStore(content, passwords).keys.filter(({ chain }) => chain.length > 0);
  if (entry === undefined) throw new StoreError('it holds no private key with its certificate');
  return {
    key: pem('PRIVATE KEY', entry.privateKey),
    cert: entry.chain.map((each) => pem('CERTIFICATE', each)).join(''),
  };
}

function identityOfPem(key: string, chain: string, password: string | null): Part {
  if (!/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(key)) {
    throw new StoreError('No matching PRIVATE KEY entries in PEM file');
  }
  if (!chain.includes('-----BEGIN CERTIFICATE-----')) {
    throw new StoreError('No matching CERTIFICATE entries in PEM file');
  }
  try {
    const passphrase = password === null ? {} : { passphrase: password };
    const opened = createPrivateKey({ key, format: 'pem', ...passphrase });
    return { key: opened.export({ format: 'pem', type: 'pkcs8' }), cert: chain };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = password === null ? 'is "ssl.key.password" missing?' : 'see "ssl.key.password"';
    throw new StoreError(`its private key can't be opened: ${reason} (${advice})`);
  }
}

/** What does not change: made when it is first needed. */
function fixed(make: () => Part): PartSource {
  let made: Part | null = null;
  return async () => {
    made ??= make();
    return made;
  };
}

/** Names the attempt when it fails, in the words of Java's clients. */
async function loading(attempt: string, part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (error) {
    throw unusable(attempt, error);
  }
}

function unusable(attempt: string, error: unknown): KafkaError {
  const reason = error instanceof Error ? error.message : String(error);
  const text = `${attempt}: ${reason}. Check the "ssl." keys.`;
  // The cause is left out where it may hold what was read.
  return new KafkaError('SSL_CONFIGURATION', text);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
