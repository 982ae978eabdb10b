import { ConfigError, lambdaValidator, type Validator } from '@sluice/api';
import { JavaRegex } from '@sluice/api/java-regex';

/** Accepts what can be read as a `java.util.regex` pattern. Mirrors `RegexValidator`. */
export function validRegex(): Validator {
  return lambdaValidator((name, value) => {
    try {
      void new JavaRegex(String(value));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw ConfigError.ofValue(name, value, `Invalid regex: ${reason}`);
    }
  }, 'valid regex');
}
