import { ConfigError } from '@sluice/api';

/** Says whether connectors may override a client's setting (KIP-458). */
export interface OverridePolicy {
  readonly name: string;
  /** @param key without the prefix, e.g. `sasl.mechanism` */
  allows(key: string): boolean;
}

const PRINCIPAL_KEYS = ['sasl.jaas.config', 'sasl.mechanism', 'security.protocol'];
const PACKAGE = 'org.apache.kafka.connect.connector.policy.';
const SUFFIX = 'ConnectorClientConfigOverridePolicy';

/**
 * The policy that `connector.client.config.override.policy` names, by short name or Java class.
 *
 * @throws ConfigError when there is no such policy
 */
export function overridePolicy(name: string, allowlist: readonly string[]): OverridePolicy {
  const short = name.startsWith(PACKAGE) ? name.slice(PACKAGE.length) : name;
  const policy = short.endsWith(SUFFIX) ? short.slice(0, -SUFFIX.length) : short;
  switch (policy) {
    case 'All':
      return { name: policy, allows: () => true };
    case 'None':
      return { name: policy, allows: () => false };
    case 'Principal':
      return { name: policy, allows: (key) => PRINCIPAL_KEYS.includes(key) };
    case 'Allowlist':
      return { name: policy, allows: (key) => allowlist.includes(key) };
    default:
      throw ConfigError.ofValue(
        'connector.client.config.override.policy',
        name,
        'use All, None, Principal or Allowlist',
      );
  }
}
