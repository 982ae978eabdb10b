import type { SaslExchange } from '../sasl-exchange.ts';
import type { BearerToken } from './bearer-token.ts';

/** What stands between the parts of the message (RFC 7628). */
const SEPARATOR = '\x01';

/** Logs in with a token (RFC 7628), and with extensions (KIP-342). */
export function bearerExchange(
  token: Pick<BearerToken, 'text' | 'principal'>,
  extensions: ReadonlyMap<string, string>,
): SaslExchange {
  const pairs = [...extensions].map(([name, value]) => `${name}=${value}${SEPARATOR}`).join('');
  return {
    who: token.principal === null ? '' : ` as "${token.principal}"`,
    run: async (send) => {
      const hello = `n,,${SEPARATOR}auth=Bearer ${token.text}${SEPARATOR}${pairs}${SEPARATOR}`;
      const answer = await send(Buffer.from(hello));
      if (answer.length === 0) return;
      // A refusal with its reasons: it has to be confirmed, and the broker then ends the exchange.
      const reason = refusalOf(answer.toString());
      await send(Buffer.from(SEPARATOR));
      throw new Error(`the broker refuses the token: ${reason}`);
    },
  };
}

/** `{"status":"invalid_token", ...}`. */
function refusalOf(json: string): string {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== 'object' || parsed === null) return 'no reason given';
    const status = 'status' in parsed && typeof parsed.status === 'string' ? parsed.status : '';
    const scope = 'scope' in parsed && typeof parsed.scope === 'string' ? parsed.scope : null;
    return scope === null ? status : `${status}, it wants the scope "${scope}"`;
  } catch {
    // Not JSON: nothing in it is for people.
    return 'no reason given';
  }
}
