import { ConfigError } from '@sluice/api';

/** One entry of `listeners`: where the server listens. */
export interface Listener {
  readonly protocol: 'http' | 'https';
  /** Empty means all interfaces. An IPv6 address stands here without brackets. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

const LISTENER =
  /^(?<protocol>[^:]*):\/\/(?:\[(?<v6>[:.%\w]*)\]|(?<host>[^[\]:/]*)):(?<port>\d{1,5})\/?$/;
const PORT_MAX = 65_535;

/**
 * Reads `proto://host:port` (R1.12); the protocol counts in any case.
 *
 * @param key the config key it stands under, for the message
 * @throws ConfigError
 */
export function parseListener(text: string, key = 'listeners'): Listener {
  const groups = LISTENER.exec(text.trim())?.groups;
  if (groups === undefined)
    throw ConfigError.ofValue(key, text, 'each listener must look like http://host:port');
  const protocol = groups['protocol']?.toLowerCase();
  if (protocol !== 'http' && protocol !== 'https')
    throw ConfigError.ofValue(key, text, 'a listener has the protocol http or https');
  const port = Number(groups['port']);
  if (port > PORT_MAX) throw ConfigError.ofValue(key, text, `a port is at most ${PORT_MAX}`);
  return { protocol, host: groups['v6'] ?? groups['host'] ?? '', port };
}

/** The host as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
