import { ConfigError } from '../errors/config-error.ts';

/** Where a broker listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * An optional scheme, a host (an IPv6 address may stand in brackets), a port. As Java's
 * `ClientUtils` takes it.
 */
const SERVER = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/;
const PORT_MAX = 65_535;

/** Parses `bootstrap.servers`. @throws ConfigError in Java's wording */
export function parseBootstrapServers(servers: readonly string[]): readonly Address[] {
  const named = servers.filter((server) => server !== '');
  if (named.length === 0) {
    throw new ConfigError(
      "Configuration 'bootstrap.servers' must not be empty. " +
        'Valid values include: any non-empty value',
    );
  }
  if (named.length < servers.length) {
    throw new ConfigError("Configuration 'bootstrap.servers' values must not be empty.");
  }
  return named.map(parseServer);
}

function parseServer(server: string): Address {
  const match = SERVER.exec(server);
  const [, host = '', port = ''] = match ?? [];
  if (match === null || host === '') {
    throw new ConfigError(`Invalid url in bootstrap.servers: ${server}`);
  }
  if (Number(port) > PORT_MAX) {
    throw new ConfigError(`Invalid port in bootstrap.servers: ${server}`);
  }
  return { host, port: Number(port) };
}

/** `host:port`, an IPv6 address in brackets. */
export function addressText(address: Address): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
