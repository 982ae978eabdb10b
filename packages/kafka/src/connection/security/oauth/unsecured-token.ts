import type { TokenSource } from '../sasl-settings.ts';

/** A JWT without a signature, issued now. */
export function unsecuredToken(
  source: Extract<TokenSource, { readonly type: 'unsecured' }>,
  nowMs: number,
): string {
  const issued = nowMs / 1000;
  const claims = { iat: issued, exp: issued + source.lifetimeSeconds, ...source.claims };
  const encoded = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
}
