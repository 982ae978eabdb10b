/** Checks of the framework's connector keys that ConfigDef does not bring. */
import { ConfigError, lambdaValidator, type Recommender, type Validator } from '@sluice/api';
import { javaRegex } from './java-regex.ts';

/** A regular expression, or nothing. */
export function validRegex(): Validator {
  return lambdaValidator((name, value) => {
    if (typeof value === 'string') javaRegex(name, value);
  }, 'valid regex');
}

/** A list in which nothing stands twice. */
export function uniqueAliases(): Validator {
  return lambdaValidator((name, value) => {
    if (!Array.isArray(value)) return;
    if (new Set(value).size !== value.length)
      throw ConfigError.ofValue(name, value, 'Duplicate alias provided.');
  }, 'unique aliases');
}

/** Null, or a number that is not negative. */
export function optionalAtLeastZero(): Validator {
  return lambdaValidator((name, value) => {
    if (value !== null && Number(value) < 0)
      throw ConfigError.ofValue(name, value, 'Value must be at least 0');
  }, '[0,...] or null');
}

/** Offers the same values whatever else is configured. */
export function offering(values: readonly string[]): Recommender {
  return { validValues: () => values, visible: () => true };
}
