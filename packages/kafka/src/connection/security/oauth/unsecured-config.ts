import { type JaasOptions, jaasError } from '../jaas-options.ts';
import type { TokenSource } from '../sasl-settings.ts';

const LIFETIME_SECONDS = 3600;

/**
 * A token without a signature, made from options: `unsecuredLoginStringClaim_sub="alice"` and
 * others of its kind. For development, as in Java.
 */
export function unsecuredSource(jaas: JaasOptions): TokenSource {
  const claims: Record<string, string | number | readonly string[]> = {};
  for (const [name, value] of jaas.withPrefix('unsecuredLoginStringClaim_')) claims[name] = value;
  for (const [name, value] of jaas.withPrefix('unsecuredLoginNumberClaim_')) {
    claims[name] = numberOf(`unsecuredLoginNumberClaim_${name}`, value);
  }
  for (const [name, value] of jaas.withPrefix('unsecuredLoginListClaim_')) {
    // The first character says what stands between the elements.
    claims[name] = value.slice(1).split(value.slice(0, 1));
  }
  const principal = jaas.get('unsecuredLoginPrincipalClaimName') ?? 'sub';
  if (typeof claims[principal] !== 'string') {
    throw jaasError(
      `no principal: set the option "unsecuredLoginStringClaim_${principal}", or (for real ` +
        'tokens) "sasl.login.callback.handler.class"',
    );
  }
  const lifetime = jaas.get('unsecuredLoginLifetimeSeconds');
  return {
    type: 'unsecured',
    claims,
    lifetimeSeconds:
      lifetime === null ? LIFETIME_SECONDS : numberOf('unsecuredLoginLifetimeSeconds', lifetime),
  };
}

function numberOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw jaasError(`the option "${option}" is no number`);
}
