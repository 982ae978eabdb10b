import { ConfigError, lambdaValidator, type Validator } from '@sluice/api';
import { JavaRegex } from '@sluice/api/java-regex';

/** A wrong value, in the words of Debezium's configurations. */
export function configProblem(name: string, value: unknown, reason: string): ConfigError {
  const text = Array.isArray(value) ? value.join(',') : value;
  return ConfigError.ofValue(name, text, `The '${name}' value is invalid: ${reason}`);
}

/** The value of a key that Debezium requires, although its definition has null as default. */
export function requiredValue<T>(name: string, value: T | null): T {
  if (value !== null) return value;
  throw configProblem(name, null, 'A value is required');
}

/** One of these words, in any case. */
export function validWord(...words: readonly string[]): Validator {
  const list = words.join(', ');
  return lambdaValidator((name, value) => {
    if (typeof value !== 'string' || !words.includes(value.trim().toLowerCase())) {
      throw configProblem(name, value, `Value must be one of ${list}`);
    }
  }, `one of ${list}`);
}

/** Null, or a regular expression. */
export function validPattern(): Validator {
  return lambdaValidator((name, value) => {
    if (typeof value !== 'string') return;
    try {
      void new JavaRegex(value);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw configProblem(name, value, `A valid regular expressions is expected, but ${reason}`);
    }
  }, 'a regular expression');
}

/** A list without empty items, and without spaces in them. */
export function validNames(isSpaceAllowed: boolean): Validator {
  return lambdaValidator((name, value) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    if (!isSpaceAllowed && items.some((item) => String(item).includes(' '))) {
      throw configProblem(name, value, 'Element(s) containing space not permitted');
    }
    if (items.includes('')) {
      throw configProblem(name, value, 'Empty string element(s) not permitted');
    }
  }, 'names that are not empty');
}
