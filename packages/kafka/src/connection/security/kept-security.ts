import type { TokenCache } from './oauth/token-cache.ts';
import type { TlsContext } from './tls-context.ts';

/** What a client keeps from one connection to the next. Filled in when it is first needed. */
export class KeptSecurity {
  /** Opened key stores. */
  tls: TlsContext | null = null;
  tokens: TokenCache | null = null;
  /** When the Kerberos ticket was last fetched. */
  ticketAtMs: number | null = null;
}
