import { ConfigError } from '@sluice/api';
import { compareVersions } from './plugin-version.ts';

/** One interval; `null` where it is open. */
interface Interval {
  readonly lower: string | null;
  readonly isLowerIn: boolean;
  readonly upper: string | null;
  readonly isUpperIn: boolean;
}

const INTERVAL = /^\s*([[(])\s*([^,()[\]]*?)\s*(?:(,)\s*([^,()[\]]*?)\s*)?([\])])\s*(?:,|$)/;

/**
 * The versions that `connector.plugin.version` and its like ask for (KIP-891), in Maven's syntax:
 * `[1.0,2.0)`, `(,1.5]`, `[1.0]`, several with commas between. A version alone means exactly that one.
 */
export class VersionRange {
  readonly #intervals: readonly Interval[];

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  /**
   * @returns `null` for no range or `latest`: the newest is meant
   * @throws ConfigError when the text is no range
   */
  static parse(text: string | null): VersionRange | null {
    const spec = text?.trim() ?? null;
    if (spec === null || spec.toLowerCase() === 'latest') return null;
    // Maven looks at the first character only: `x[` is a version, though nobody's.
    if (!/^[[(]/.test(spec)) return new VersionRange([exactly(spec)]);
    const intervals: Interval[] = [];
    let rest = spec;
    while (rest !== '') {
      const found = INTERVAL.exec(rest);
      if (found === null) throw malformed(spec);
      intervals.push(intervalOf(found, spec));
      rest = rest.slice(found[0].length);
    }
    return new VersionRange(intervals);
  }

  includes(version: string): boolean {
    return this.#intervals.some(({ lower, isLowerIn, upper, isUpperIn }) => {
      const above = lower === null ? 1 : compareVersions(version, lower);
      const below = upper === null ? -1 : compareVersions(version, upper);
      return (above > 0 || (isLowerIn && above === 0)) && (below < 0 || (isUpperIn && below === 0));
    });
  }

  /** As Maven prints it. */
  toString(): string {
    return this.#intervals
      .map(({ lower, isLowerIn, upper, isUpperIn }) => {
        return `${isLowerIn ? '[' : '('}${lower ?? ''},${upper ?? ''}${isUpperIn ? ']' : ')'}`;
      })
      .join(',');
  }
}

function exactly(version: string): Interval {
  return { lower: version, isLowerIn: true, upper: version, isUpperIn: true };
}

function intervalOf(found: RegExpExecArray, spec: string): Interval {
  const [, opening, first = '', comma, second = '', closing] = found;
  const [isLowerIn, isUpperIn] = [opening === '[', closing === ']'];
  if (comma === undefined) {
    if (!isLowerIn || !isUpperIn || first === '') throw malformed(spec);
    return exactly(first);
  }
  const lower = first === '' ? null : first;
  const upper = second === '' ? null : second;
  if (lower !== null && upper !== null && compareVersions(lower, upper) > 0) throw malformed(spec);
  return { lower, isLowerIn, upper, isUpperIn };
}

function malformed(spec: string): ConfigError {
  return new ConfigError(
    `"${spec}" is no version and no range of versions: write 1.2, [1.0,2.0), (,1.5] or the like.`,
    { code: 'CONNECT_PLUGIN_VERSION' },
  );
}
