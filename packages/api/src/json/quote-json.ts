import { DataError } from '../errors/data-error.ts';

/** Nothing to escape, and no surrogates to check. */
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;
/** Escapes that Java writes with capitals. */
const LOWER_CASE_ESCAPE = /\\(?:\\|u00[01][a-f])/g;

/**
 * A string as JSON, escaped as Java escapes it.
 *
 * @throws DataError for half a surrogate pair, which has no UTF-8 form
 */
export function quoteJson(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) {
    throw new DataError('Text with half a surrogate pair cannot be written as UTF-8');
  }
  return JSON.stringify(text).replace(LOWER_CASE_ESCAPE, (escape) =>
    escape.length === 2 ? escape : `\\u${escape.slice(2).toUpperCase()}`,
  );
}
