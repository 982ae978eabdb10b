import { lookup, type LookupAddress, lookupService } from 'node:dns';
import { isIP } from 'node:net';
import { KafkaError } from '../errors/kafka-error.ts';
import { type Address, addressText } from './address.ts';

/** One of the addresses that a host has. */
export interface HostAddress {
  readonly ip: string;
  readonly family: number;
}

/**
 * All addresses of a broker's host, IPv4 first as Java takes them; asked anew for every connection,
 * so that a name may move.
 *
 * @throws KafkaError `NETWORK_EXCEPTION`, retriable, when the name has none
 */
export function resolveHost(address: Address): Promise<readonly HostAddress[]> {
  const family = isIP(address.host);
  if (family !== 0) return Promise.resolve([{ ip: address.host, family }]);
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, found: readonly LookupAddress[]): void => {
      if (error !== null) reject(unresolved(address, error.message, error));
      else if (found.length === 0) reject(unresolved(address, 'it has no address'));
      else resolve(found.map((each) => ({ ip: each.address, family: each.family })));
    };
    try {
      lookup(address.host, { all: true, order: 'ipv4first' }, done);
    } catch (error) {
      // No name at all: brokers say where they are, and one may say nonsense.
      reject(unresolved(address, error instanceof Error ? error.message : String(error), error));
    }
  });
}

function unresolved(address: Address, why: string, cause?: unknown): KafkaError {
  const text =
    `Connecting to the broker at ${addressText(address)}: couldn't resolve the name (${why}). ` +
    'Check the name, and the DNS.';
  return new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true, cause });
}

/**
 * The brokers behind a bootstrap name, by their own names: every address that the name has, looked
 * up backwards (`client.dns.lookup=resolve_canonical_bootstrap_servers_only`). Kerberos and
 * certificates know brokers by these names.
 */
export async function canonicalAddresses(address: Address): Promise<readonly Address[]> {
  const ips = await resolveHost(address);
  return Promise.all(ips.map(async ({ ip }) => ({ ...address, host: await nameOf(ip, address) })));
}

function nameOf(ip: string, { port }: Address): Promise<string> {
  return new Promise((resolve) => {
    // An address without a name is its own, as in Java.
    lookupService(ip, port, (error, host) => resolve(error === null ? host : ip));
  });
}
