import { hostname } from 'node:os';
import { ConnectError } from '@sluice/api';
import { urlHost, type Listener } from './listener.ts';

/** `rest.advertised.listener`, `.host.name` and `.port`. */
export interface Advertised {
  readonly listener: string | null;
  readonly host: string | null;
  readonly port: number | null;
}

const NOTHING: Advertised = { listener: null, host: null, port: null };

/**
 * The URL under which a worker is known (R1.13, R1.14): what is configured, else from the first
 * listener of the advertised protocol, else from what is bound.
 *
 * @param bound the listeners with the ports really bound
 */
export function advertisedUrl(
  bound: readonly Listener[],
  advertised: Advertised = NOTHING,
  machineName: () => string = hostname,
): URL {
  const protocol =
    advertised.listener?.toLowerCase() ??
    (bound.some((listener) => listener.protocol === 'http') ? 'http' : 'https');
  const listener = bound.find((one) => one.protocol === protocol) ?? bound[0];
  if (listener === undefined) throw new ConnectError('There is no listener to advertise.');
  const host = advertised.host || listener.host || machineName();
  const port = advertised.port ?? listener.port;
  return new URL(`${protocol}://${urlHost(host)}:${port}/`);
}

/** How a worker is called everywhere: advertised host and port, the scheme's usual port too (R1.15). */
export function workerIdOf(url: URL): string {
  const usual = url.protocol === 'https:' ? '443' : '80';
  return `${url.hostname}:${url.port === '' ? usual : url.port}`;
}
