import type { ConfigKey } from './config-key.ts';
import type { ParsedConfig, Recommender } from './recommender.ts';
import type { Validator } from './validator.ts';

/** A child's key under a prefix. Its validator and recommender go on seeing the child's names. */
export function embeddedKey(
  prefix: string,
  group: string,
  orderInGroup: number,
  key: ConfigKey,
): ConfigKey {
  return {
    ...key,
    name: prefix + key.name,
    validator: key.validator === null ? null : embeddedValidator(prefix, key.validator),
    group: key.group === null ? group : `${group}: ${key.group}`,
    orderInGroup,
    dependents: key.dependents.map((name) => prefix + name),
    recommender: key.recommender === null ? null : embeddedRecommender(prefix, key.recommender),
  };
}

function embeddedValidator(prefix: string, base: Validator): Validator {
  return {
    // As in Java, an embedded list validator is no list validator any more: doubles are errors.
    description: { kind: 'code', text: base.toString() },
    ensureValid: (name, value, text) => base.ensureValid(name.slice(prefix.length), value, text),
    toString: () => base.toString(),
  };
}

function embeddedRecommender(prefix: string, base: Recommender): Recommender {
  const own = (config: ParsedConfig): ParsedConfig =>
    Object.fromEntries(
      Object.entries(config)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    );
  return {
    validValues: (name, config) => base.validValues(name.slice(prefix.length), own(config)),
    visible: (name, config) => base.visible(name.slice(prefix.length), own(config)),
  };
}
