import type { Backoff } from '../backoff.ts';
import type { TlsSettings } from './tls-settings.ts';

/** Who logs in with a password. */
export interface PasswordLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** Who logs in with a token. */
export interface OAuthLogin {
  readonly mechanism: 'OAUTHBEARER';
  readonly source: TokenSource;
  readonly refresh: TokenRefresh;
  readonly claimNames: ClaimNames;
  /** SASL extensions (KIP-342) that go along with the token. */
  readonly extensions: ReadonlyMap<string, string>;
}

/** Where the fields of a token stand. */
export interface ClaimNames {
  readonly sub: string;
  readonly scope: string;
}

/** Where tokens come from. */
export type TokenSource =
  | { readonly type: 'file'; readonly path: string }
  | {
      readonly type: 'unsecured';
      readonly claims: Readonly<Record<string, string | number | readonly string[]>>;
      readonly lifetimeSeconds: number;
    }
  | { readonly type: 'function'; readonly token: TokenFunction }
  | { readonly type: 'msk-iam'; readonly credentials: AwsSource }
  | ClientCredentials;

/** Gives a token whenever one is needed; an expired one is asked for anew. */
export type TokenFunction = () => Promise<string>;

/** The client credentials grant of OAuth (RFC 6749, section 4.4). */
export interface ClientCredentials {
  readonly type: 'client-credentials';
  readonly endpoint: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  /** Whether id and secret are URL-encoded in the header, as RFC 6749 wants and few servers do. */
  readonly isHeaderEncoded: boolean;
  /** For an `https` endpoint; `null`: what Node trusts. */
  readonly tls: TlsSettings | null;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly retryBackoff: Backoff;
}

/** When a token is replaced: `sasl.login.refresh.*`. */
interface TokenRefresh {
  readonly windowFactor: number;
  readonly windowJitter: number;
  readonly minPeriodMs: number;
  readonly bufferMs: number;
}

/** Who logs in by Kerberos. */
export interface KerberosLogin {
  readonly mechanism: 'GSSAPI';
  /** First part of the broker's principal, mostly `kafka`. */
  readonly serviceName: string;
  /** `null`: the one of the ticket cache. */
  readonly principal: string | null;
  /** `null`: tickets come from the cache only. */
  readonly keytab: string | null;
  readonly kinit: string;
}

/** Where AWS credentials come from. */
export interface AwsSource {
  readonly profile: string | null;
  readonly roleArn: string | null;
  readonly roleSessionName: string | null;
  readonly stsRegion: string | null;
}

/** Who logs in to Amazon MSK as what AWS knows him as. */
interface MskIamLogin {
  readonly mechanism: 'AWS_MSK_IAM';
  readonly credentials: AwsSource;
}

/** Who logs in, and how. */
export type SaslSettings = PasswordLogin | OAuthLogin | KerberosLogin | MskIamLogin;
