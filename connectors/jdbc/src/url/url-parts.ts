import { ConfigError } from '@sluice/api';
import type { HostPort } from './parsed-url.ts';

const PORT_MAX = 65_535;

/** `host`, `host:port`, `[::1]:port`. @throws ConfigError for a port that is none */
export function parseHostPort(text: string, defaultPort: number): HostPort {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(text.trim());
  if (match === null) {
    throw new ConfigError(
      `"${text}" in the connection URL is no host and port. Write host:port, IPv6 addresses as [::1]:port.`,
    );
  }
  const host = match[1] ?? match[2] ?? '';
  const portText = match[3] ?? '';
  const port = portText === '' ? defaultPort : Number(portText);
  if (port < 1 || port > PORT_MAX) {
    throw new ConfigError(`The port ${portText} in the connection URL is not within 1..65535.`);
  }
  return { host: host === '' ? 'localhost' : host, port };
}

/** `a=1&b=2`, percent-decoded; a name without `=` has the value `''`. */
export function parseQuery(text: string): Map<string, string> {
  const pairs = text.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decode(name), decode(value)] as const;
    }),
  );
}

/** Percent-decoding that leaves text alone which is not encoded right. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes a property out of a map, whatever the case of its name. */
export function takeProperty(properties: Map<string, string>, name: string): string | null {
  for (const [key, value] of properties) {
    if (key.toLowerCase() === name.toLowerCase()) {
      properties.delete(key);
      return value;
    }
  }
  return null;
}

/** A property, whatever the case of its name. */
export function propertyOf(properties: ReadonlyMap<string, string>, name: string): string | null {
  for (const [key, value] of properties) {
    if (key.toLowerCase() === name.toLowerCase()) return value;
  }
  return null;
}
