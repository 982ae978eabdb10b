import type { Address } from '../address.ts';
import type { LinkOptions } from '../link-options.ts';
import type { KeptSecurity } from './kept-security.ts';
import type { OAuthLogin, PasswordLogin, SaslSettings } from './sasl-settings.ts';

import type { SaslExchange } from './sasl-exchange.ts';

/**
 * Prepares a login: whatever has to be fetched for it is fetched here. Each mechanism is loaded when
 * it is first used.
 */
export async function exchangeFor(
  sasl: SaslSettings,
  kept: KeptSecurity,
  address: Address,
  options: LinkOptions,
): Promise<SaslExchange> {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return plain(sasl);
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return scram(sasl.mechanism, sasl);
    case 'OAUTHBEARER':
      return oauth(sasl, kept, address, options);
    case 'GSSAPI': {
      const { kerberosExchange } = await import('./gssapi.ts');
      return kerberosExchange(sasl, kept, address, options);
    }
    case 'AWS_MSK_IAM': {
      const { mskIamExchange } = await import('./aws/msk-iam.ts');
      return mskIamExchange(sasl.credentials, address.host, options);
    }
    default:
      return sasl satisfies never;
  }
}

function plain({ username, password }: PasswordLogin): SaslExchange {
  return {
    who: ` as "${username}"`,
    run: async (send) => {
      await send(Buffer.from(`\0${username}\0${password}`));
    },
  };
}

async function scram(
  mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
  { username, password }: PasswordLogin,
): Promise<SaslExchange> {
  const { scramExchange } = await import('./scram.ts');
  return {
    who: ` as "${username}"`,
    run: (send) => scramExchange(mechanism, username, password, send),
  };
}

async function oauth(
  login: OAuthLogin,
  kept: KeptSecurity,
  address: Address,
  options: LinkOptions,
): Promise<SaslExchange> {
  const { bearerExchange } = await import('./oauth/bearer-exchange.ts');
  if (login.source.type === 'msk-iam') {
    // Signed for one region, which the broker's name tells; made anew for each login.
    const { mskIamToken } = await import('./aws/msk-iam.ts');
    const token = await mskIamToken(login.source.credentials, address.host, options);
    return bearerExchange({ text: token, principal: null }, login.extensions);
  }
  if (kept.tokens === null) {
    const { TokenCache } = await import('./oauth/token-cache.ts');
    kept.tokens ??= new TokenCache(login, options);
  }
  return bearerExchange(await kept.tokens.get(), login.extensions);
}
