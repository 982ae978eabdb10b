import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { Address } from '../address.ts';
import { type KeyMaterial, TLS_PROTOCOLS, type TlsSettings } from './tls-settings.ts';

/**
 * What Node's TLS wants, from the settings; files are read at every connection, so that a renewed
 * certificate is used without a restart.
 *
 * @throws KafkaError `SSL_CONFIGURATION` when a file can't be read
 */
export async function tlsOptions(
  settings: TlsSettings,
  address: Address,
): Promise<ConnectionOptions> {
  const protocols = TLS_PROTOCOLS.filter((each) => settings.protocols.includes(each));
  const [lowest, highest] = [protocols[0], protocols.at(-1)];
  return {
    ...(await trustOf(settings)),
    ...(await identityOf(settings)),
    ...(lowest === undefined ? {} : { minVersion: lowest }),
    ...(highest === undefined ? {} : { maxVersion: highest }),
    ...(settings.ciphers.length === 0 ? {} : { ciphers: settings.ciphers.join(':') }),
    // The name that is asked for may not be an address (RFC 6066).
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    // The certificate is checked in any case; this is about the name in it.
    ...(settings.isCheckingHost ? {} : { checkServerIdentity: () => undefined }),
  };
}

async function trustOf({ trust }: TlsSettings): Promise<ConnectionOptions> {
  if (trust === null) return {};
  return { ca: await contentOf(trust, 'ssl.truststore.location') };
}

async function identityOf(settings: TlsSettings): Promise<ConnectionOptions> {
  const { identity, certificateChain, identityPassword } = settings;
  if (identity === null) return {};
  const content = await contentOf(identity, 'ssl.keystore.location');
  const passphrase = identityPassword === null ? {} : { passphrase: identityPassword };
  if (identity.type === 'pkcs12-file') return { pfx: content, ...passphrase };
  // A PEM file holds the key and the chain one behind the other; each reader takes its part.
  return { key: content, cert: certificateChain ?? content, ...passphrase };
}

async function contentOf(material: KeyMaterial, key: string): Promise<string | Buffer> {
  if (material.type === 'pem-text') return material.text;
  try {
    return await readFile(material.location);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KafkaError('SSL_CONFIGURATION', `Reading the file of "${key}": ${reason}`, {
      cause: error,
    });
  }
}
