/** What is known of words in versions, from old to new; a release has no word. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
  ['cr', 'rc'],
  ['ga', ''],
  ['final', ''],
  ['release', ''],
]);

/**
 * Compares two versions as Maven does: 1.10 is newer than 1.9, 1.0 the same as 1, and newer than
 * 1.0-rc1, which is newer than 1.0-beta; a word that is not known is newer than the release.
 * Mirrors `ComparableVersion`, which Kafka takes for plug-ins (R6.04).
 *
 * @returns negative, zero or positive, as for sorting from old to new
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const length = Math.max(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const difference = compareParts(left[i], right[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Part = number | string;

/** Numbers and words, cut at `.`, `-` and where one follows the other; 1.0-rc is 1-rc. */
function partsOf(version: string): readonly Part[] {
  const parts: Part[] = [];
  for (const text of version.toLowerCase().match(/\d+|[^\d.\-+_]+/g) ?? []) {
    const part = /^\d/.test(text) ? Number(text) : (SYNONYMS.get(text) ?? text);
    if (typeof part === 'string') while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
    parts.push(part);
  }
  return parts;
}

/** What is not there is 0 beside a number, a release beside a word. */
function compareParts(a: Part | undefined, b: Part | undefined): number {
  if (typeof a === 'number' || typeof b === 'number') {
    if (typeof a === 'string') return -1;
    if (typeof b === 'string') return 1;
    return (a ?? 0) - (b ?? 0);
  }
  const [left, right] = [rank(a ?? ''), rank(b ?? '')];
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

function rank(word: string): string {
  const known = QUALIFIERS.indexOf(word);
  return known === -1 ? `${QUALIFIERS.length}-${word}` : String(known);
}
