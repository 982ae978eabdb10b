const SURROGATE = /[\ud800-\udfff]/;
const DIFFERENT = /\\(?:[^u]|u[0-9a-f]{4})|[\ud800-\udfff]/g;

/**
 * The output of `JSON.stringify` with escapes as Java writes them: in capitals, and everything
 * beyond the basic plane as a pair of escapes, so that half of a pair survives as well.
 */
export function escapeAsJava(json: string): string {
  // Two searches: together in one expression they take four times as long.
  if (!json.includes('\\u') && !SURROGATE.test(json)) return json;
  return json.replace(DIFFERENT, (found) => {
    if (found.length === 1) return `\\u${found.charCodeAt(0).toString(16).toUpperCase()}`;
    return found.length === 2 ? found : `\\u${found.slice(2).toUpperCase()}`;
  });
}
