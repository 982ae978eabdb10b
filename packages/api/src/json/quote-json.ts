import { escapeAsJava } from './escape-json.ts';

/** Nothing to escape. */
// oxlint-disable-next-line no-control-regex -- they are what JSON has to escape
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;

/** A string as JSON, escaped as Java escapes it. */
export function quoteJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : escapeAsJava(JSON.stringify(text));
}
