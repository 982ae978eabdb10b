import type { ConfigValue } from '@sluice/api';

/** More errors of a config, by key. */
export type KeyErrors = ReadonlyMap<string, readonly string[]>;

/** The values with further errors. */
export function withErrors(
  values: readonly ConfigValue[],
  errors: KeyErrors,
): readonly ConfigValue[] {
  return values.map((value) => {
    const more = errors.get(value.name);
    return more === undefined
      ? value
      : { ...value, errorMessages: [...value.errorMessages, ...more] };
  });
}

/** The values with recommendations for some keys. */
export function withRecommended(
  values: readonly ConfigValue[],
  keys: readonly string[],
  recommendedValues: readonly unknown[],
): readonly ConfigValue[] {
  return values.map((value) =>
    keys.includes(value.name) ? { ...value, recommendedValues } : value,
  );
}
