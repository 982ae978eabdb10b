/**
 * Compares two versions by their numbers, then by the text after them: 1.10 is newer than 1.9, a
 * release is newer than what comes before it (1.0 than 1.0-beta).
 *
 * @returns negative, zero or positive, as for sorting from old to new
 */
export function compareVersions(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  const length = Math.max(left.numbers.length, right.numbers.length);
  for (let i = 0; i < length; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.rest === right.rest) return 0;
  if (left.rest === '') return 1;
  if (right.rest === '') return -1;
  return left.rest < right.rest ? -1 : 1;
}

function split(version: string): { readonly numbers: readonly number[]; readonly rest: string } {
  const numbers = /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '';
  return {
    numbers: numbers.split('.').map(Number),
    rest: version.slice(numbers.length).replace(/^[-.+]/, ''),
  };
}
