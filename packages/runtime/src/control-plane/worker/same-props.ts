import type { Props } from '@sluice/api';

/** Whether two configs, or none, hold the same keys and values. */
export function isSameProps(a: Props | null, b: Props | null): boolean {
  if (a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
