import type { ConfigDef, ConfigInput } from './config-def.ts';

/** A key that no definition knows, and the known key it was most likely meant to be. */
export interface UnknownKey {
  readonly name: string;
  /** `null` when nothing is near enough to be worth a guess. */
  readonly nearest: string | null;
}

/** A guess may differ in a third of its letters, and in no more than this. */
const MAX_DISTANCE = 4;

/** The keys of `props` that the definition does not know, each with the nearest known one. */
export function unknownKeys(def: ConfigDef, props: ConfigInput): readonly UnknownKey[] {
  const known = [...def.keys.keys()];
  return Object.keys(props)
    .filter((name) => !def.keys.has(name))
    .map((name) => ({ name, nearest: nearestName(name, known) }));
}

/** The name that differs least from the one given, `null` when all differ too much. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  let nearest: string | null = null;
  let least = Math.min(MAX_DISTANCE, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** Insertions, deletions, substitutions and swaps of neighbours between two texts. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
