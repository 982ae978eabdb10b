/** An inclusive range of versions; empty when `low` is above `high`. */
export interface VersionRange {
  readonly low: number;
  readonly high: number;
}

/** Stands for "and later": Kafka's versions are 16-bit. */
export const VERSION_MAX = 32767;

export const NO_VERSIONS: VersionRange = { low: 0, high: -1 };

/** Parses `3`, `0-12`, `4+` and `none`. */
export function parseVersions(text: string): VersionRange {
  const trimmed = text.trim();
  if (trimmed === 'none') return NO_VERSIONS;
  const match = /^(\d+)(\+|-(\d+))?$/.exec(trimmed);
  if (match === null) throw new Error(`parse versions: "${text}" is neither N, N-M, N+ nor none`);
  const low = Number(match[1]);
  if (match[2] === undefined) return { low, high: low };
  return { low, high: match[2] === '+' ? VERSION_MAX : Number(match[3]) };
}

export function isEmpty(range: VersionRange): boolean {
  return range.low > range.high;
}

export function intersect(a: VersionRange, b: VersionRange): VersionRange {
  const range = { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
  return isEmpty(range) ? NO_VERSIONS : range;
}

/**
 * How generated code asks whether `version` lies in `range`, knowing that it lies in `within`:
 * `always`, `never`, or an expression.
 */
export function condition(range: VersionRange, within: VersionRange): string {
  const both = intersect(range, within);
  if (isEmpty(both)) return 'never';
  const parts: string[] = [];
  if (both.low > within.low) parts.push(`version >= ${both.low}`);
  if (both.high < within.high) parts.push(`version <= ${both.high}`);
  return parts.length === 0 ? 'always' : parts.join(' && ');
}
