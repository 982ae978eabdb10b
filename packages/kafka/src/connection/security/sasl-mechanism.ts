export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** Who logs in, and how. */
export interface SaslSettings {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

export function isSaslMechanism(name: string): name is SaslMechanism {
  return SASL_MECHANISMS.some((mechanism) => mechanism === name);
}
