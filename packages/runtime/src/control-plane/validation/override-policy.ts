import {
  ConfigError,
  type ClientConfigOverridePolicy,
  type ClientConfigRequest,
  type ConfigValue,
} from '@sluice/api';

const PRINCIPAL_KEYS = ['sasl.jaas.config', 'sasl.mechanism', 'security.protocol'];
const PACKAGE = 'org.apache.kafka.connect.connector.policy.';
const SUFFIX = 'ConnectorClientConfigOverridePolicy';

/**
 * The policy of Kafka's own that `connector.client.config.override.policy` names, by short name or
 * Java class.
 *
 * @throws ConfigError when there is no such policy
 */
export function overridePolicy(
  name: string,
  allowlist: readonly string[],
): ClientConfigOverridePolicy {
  const short = name.startsWith(PACKAGE) ? name.slice(PACKAGE.length) : name;
  const policy = short.endsWith(SUFFIX) ? short.slice(0, -SUFFIX.length) : short;
  switch (policy) {
    case 'All':
      return new KeyPolicy(policy, () => true);
    case 'None':
      return new KeyPolicy(policy, () => false);
    case 'Principal':
      return new KeyPolicy(policy, (key) => PRINCIPAL_KEYS.includes(key));
    case 'Allowlist':
      return new KeyPolicy(policy, (key) => allowlist.includes(key));
    default:
      throw ConfigError.ofValue(
        'connector.client.config.override.policy',
        name,
        'use All, None, Principal or Allowlist, or the class of a policy whose package is in ' +
          'plugin.path ("sluice plugins list" shows what is found)',
      );
  }
}

/** Decides by the key alone, as all of Kafka's own do. */
class KeyPolicy implements ClientConfigOverridePolicy {
  readonly #name: string;
  readonly #allows: (key: string) => boolean;

  constructor(name: string, allows: (key: string) => boolean) {
    this.#name = name;
    this.#allows = allows;
  }

  configure(): void {
    // What the allowlist holds is known already.
  }

  validate({ clientProps }: ClientConfigRequest): readonly ConfigValue[] {
    return Object.entries(clientProps).map(([name, value]) => ({
      name,
      value,
      recommendedValues: [],
      errorMessages: this.#allows(name) ? [] : [this.#refusal(name)],
      visible: true,
    }));
  }

  #refusal(key: string): string {
    return (
      `The '${this.#name}' policy does not allow '${key}' to be overridden in the connector ` +
      'configuration.'
    );
  }
}
