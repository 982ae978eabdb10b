import { ConfigError } from '../errors/config-error.ts';
import { javaHashOrder } from '../text/java-hash-order.ts';
import type { Validator, ValidatorDescription } from './validator.ts';

type EnsureValid = (name: string, value: unknown, text?: string) => void;

function validator(
  description: ValidatorDescription,
  text: string,
  ensureValid: EnsureValid,
): Validator {
  return { description, ensureValid, toString: () => text };
}

/** A number of at least `min`. Mirrors `Range.atLeast`. */
export function atLeast(min: number): Validator {
  return range(min, null);
}

/** A number from `min` to `max`, both included. Mirrors `Range.between`. */
export function between(min: number, max: number): Validator {
  return range(min, max);
}

/** A number within bounds; `null` means unbounded on that side. Null values are refused. */
export function range(min: number | null, max: number | null): Validator {
  const parts = [...(min === null ? [] : [min]), '...', ...(max === null ? [] : [max])];
  return validator({ kind: 'range', min, max }, `[${parts.join(',')}]`, (name, value, text) => {
    if (value === null || value === undefined) {
      throw ConfigError.ofValue(name, null, 'Value must be non-null');
    }
    const number = Number(value);
    if (min !== null && number < min) {
      throw ConfigError.ofValue(name, text ?? value, `Value must be at least ${min}`);
    }
    if (max !== null && number > max) {
      throw ConfigError.ofValue(name, text ?? value, `Value must be no more than ${max}`);
    }
  });
}

/** One of these strings, as spelled. Mirrors `ValidString.in`. */
export function validString(...values: readonly string[]): Validator {
  const list = values.join(', ');
  return validator({ kind: 'valid-string', values }, `[${list}]`, (name, value) => {
    if (!values.some((valid) => valid === value)) {
      throw ConfigError.ofValue(name, value, `String must be one of: ${list}`);
    }
  });
}

/** One of these strings in any case. Mirrors `CaseInsensitiveValidString.in`. */
export function caseInsensitiveValidString(...values: readonly string[]): Validator {
  // Java keeps them in a HashSet, whose order its texts show.
  const upper = javaHashOrder(values.map((value) => value.toUpperCase()));
  const list = upper.join(', ');
  const description = { kind: 'case-insensitive-valid-string', values } as const;
  return validator(description, `(case insensitive) [${list}]`, (name, value) => {
    if (typeof value !== 'string' || !upper.includes(value.toUpperCase())) {
      throw ConfigError.ofValue(name, value, `String must be one of (case insensitive): ${list}`);
    }
  });
}

/** What {@link validList} allows beside its values. */
export interface ValidListOptions {
  /** Default: true. */
  readonly isEmptyAllowed?: boolean;
  /** Default: false. */
  readonly isNullAllowed?: boolean;
}

/**
 * A list without doubles and empty items, of these values only (of any, when none are given).
 * Mirrors `ValidList.in` and `ValidList.anyNonDuplicateValues` (KIP-1161).
 */
export function validList(values: readonly string[], options: ValidListOptions = {}): Validator {
  const isEmptyAllowed = options.isEmptyAllowed ?? true;
  const isNullAllowed = options.isNullAllowed ?? false;
  const description = { kind: 'valid-list', values, isEmptyAllowed, isNullAllowed } as const;
  const list = `[${values.join(', ')}]`;
  // Java's text does not say what is allowed beside the values.
  const text = values.length === 0 ? '' : list;
  const item = validString(...values);
  return validator(description, text, (name, value) => {
    if (value === null || value === undefined) {
      if (isNullAllowed) return;
      throw listError(name, 'values must not be null.');
    }
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    if (!isEmptyAllowed && items.length === 0) {
      const valid = values.length === 0 ? 'any non-empty value' : list;
      throw listError(name, `must not be empty. Valid values include: ${valid}`);
    }
    if (new Set(items).size !== items.length) {
      throw listError(name, 'values must not be duplicated.');
    }
    for (const each of items) {
      if (each === '') throw listError(name, 'values must not be empty.');
      if (values.length > 0) item.ensureValid(name, each);
    }
  });
}

function listError(name: string, complaint: string): ConfigError {
  return new ConfigError(`Configuration '${name}' ${complaint}`, { context: { key: name } });
}

/** Anything but null. Mirrors `NonNullValidator`. */
export function nonNull(): Validator {
  return validator({ kind: 'non-null' }, 'non-null string', (name, value) => {
    if (value === null || value === undefined) {
      throw ConfigError.ofValue(name, null, 'entry must be non null');
    }
  });
}

/** Null, or a string of at least one character. Mirrors `NonEmptyString`. */
export function nonEmptyString(): Validator {
  return validator({ kind: 'non-empty-string' }, 'non-empty string', (name, value) => {
    if (value === '') throw ConfigError.ofValue(name, value, 'String must be non-empty');
  });
}

/** Null, or a string without control characters. Mirrors `NonEmptyStringWithoutControlChars`. */
export function nonEmptyStringWithoutControlChars(): Validator {
  const text = 'non-empty string without ISO control characters';
  const description = { kind: 'non-empty-string-without-control-chars' } as const;
  return validator(description, text, (name, value) => {
    if (value === '') throw ConfigError.ofValue(name, value, 'String may not be empty');
    const found = typeof value === 'string' ? controlCharactersOf(value) : [];
    if (found.length > 0) {
      const reason = 'String may not contain control sequences but had the following ASCII chars';
      throw ConfigError.ofValue(name, value, `${reason}: ${found.join(', ')}`);
    }
  });
}

function controlCharactersOf(text: string): readonly number[] {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return codes.filter((code) => code <= 0x1f || (code >= 0x7f && code <= 0x9f));
}

/** A list of at most `max` items. Mirrors `ListSize.atMostOfSize`. */
export function atMostOfSize(max: number): Validator {
  const text = `List containing maximum of ${max} elements`;
  return validator({ kind: 'list-size', max }, text, (name, value) => {
    if (Array.isArray(value) && value.length > max) {
      throw ConfigError.ofValue(name, value, `exceeds maximum list size of [${max}].`);
    }
  });
}

/** All of these, in this order. Mirrors `CompositeValidator.of`. */
export function composite(...validators: readonly Validator[]): Validator {
  const description = {
    kind: 'composite',
    validators: validators.map((each) => each.description),
  } as const;
  return validator(description, validators.map(String).join(', '), (name, value, text) => {
    for (const each of validators) each.ensureValid(name, value, text);
  });
}

/** A check of one's own; `text` is what documentation shows. Mirrors `LambdaValidator.with`. */
export function lambdaValidator(ensureValid: EnsureValid, text: string): Validator {
  return validator({ kind: 'code', text }, text, ensureValid);
}
