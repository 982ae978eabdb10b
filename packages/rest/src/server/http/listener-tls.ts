import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { SslConfig } from './ssl-config.ts';

/** How the listeners of one kind speak TLS. */
export interface ListenerTls {
  readonly server: TlsOptions;
  /** A certificate that a client shows must be good, though none need be shown. */
  readonly isRequested: boolean;
}

/**
 * What a listener with these keys does.
 *
 * @throws ConfigError naming the key, never a password
 */
export function listenerTls(config: SslConfig): ListenerTls {
  const identity = config.identity();
  const trust = config.trust();
  const auth = config.clientAuth();
  return {
    isRequested: auth === 'requested',
    server: {
      ...identity,
      ...trust,
      ...config.protocols(),
      requestCert: auth !== 'none',
      rejectUnauthorized: auth === 'required',
    },
  };
}

/**
 * What this worker shows and trusts when it asks other workers over `https`, from the keys of its
 * listeners (R1.19); it may have none of them.
 *
 * @throws ConfigError as {@link listenerTls}
 */
export function workerClientTls(config: SslConfig): ConnectionOptions {
  return {
    ...(config.hasIdentity ? config.identity() : {}),
    ...config.trust(),
    ...(config.isCheckingHost ? {} : { checkServerIdentity: () => undefined }),
  };
}
