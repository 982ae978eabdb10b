/** Nothing to escape. */
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;
/** What Java escapes in other words than `JSON.stringify`. */
const DIFFERENT = /\\(?:\\|u[0-9a-f]{4})|[\ud800-\udfff]/g;

/**
 * A string as JSON, escaped as Java escapes it: in capitals, and with everything beyond the basic
 * plane as a pair of escapes, so that half of a pair survives as well.
 */
export function quoteJson(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(DIFFERENT, (found) => {
    if (found.length === 1) return `\\u${found.charCodeAt(0).toString(16).toUpperCase()}`;
    return found.length === 2 ? found : `\\u${found.slice(2).toUpperCase()}`;
  });
}
