import type { ClaimNames } from '../sasl-settings.ts';

/** A token, and what this client has to know of it. */
export interface BearerToken {
  readonly text: string;
  /** Whose it is, where the token tells. */
  readonly principal: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Milliseconds since the epoch; `null`: the token does not tell. */
  readonly issuedAtMs: number | null;
}

const PARTS = 3;
/** `header.payload.signature`, each in base64url; the signature may be missing. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Reads the claims of a JWT, as Java's client does before it sends it; the signature is the broker's
 * matter.
 *
 * @throws Error that shows no part of the token
 */
export function parseToken(raw: string, names: ClaimNames): BearerToken {
  const text = raw.trim();
  if (!TOKEN.test(text)) {
    throw new Error(`the token is no JWT of ${PARTS} parts ("header.payload.signature")`);
  }
  const claims = claimsOf(text.split('.')[1] ?? '');
  const { exp, iat } = claims;
  if (typeof exp !== 'number' || !Number.isFinite(exp)) {
    throw new Error('the token has no expiration time (the claim "exp")');
  }
  const principal = claims[names.sub];
  if (typeof principal !== 'string' || principal === '') {
    throw new Error(`the token does not say whose it is (the claim "${names.sub}")`);
  }
  return {
    text,
    principal,
    expiresAtMs: exp * 1000,
    issuedAtMs: typeof iat === 'number' && Number.isFinite(iat) ? iat * 1000 : null,
  };
}

function claimsOf(payload: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (typeof claims === 'object' && claims !== null) return { ...claims };
  } catch {
    // Its text is part of a secret: the error below says as much as may be said.
  }
  throw new Error("the token's payload is no JSON object");
}
