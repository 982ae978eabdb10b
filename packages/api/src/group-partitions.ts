import { ConfigError } from './errors/config-error.ts';

/**
 * Deals out items to groups of almost equal size, in order: the first groups get one more where it
 * does not come out even. Fewer items than groups leave groups empty. Mirrors
 * `ConnectorUtils.groupPartitions`; meant for `taskConfigs`.
 */
export function groupPartitions<T>(items: readonly T[], groups: number): readonly (readonly T[])[] {
  if (!Number.isInteger(groups) || groups <= 0) {
    throw new ConfigError(`Number of groups must be positive, not ${groups}.`);
  }
  const size = Math.floor(items.length / groups);
  const larger = items.length % groups;
  return Array.from({ length: groups }, (_, i) => {
    const start = i * size + Math.min(i, larger);
    return items.slice(start, start + size + (i < larger ? 1 : 0));
  });
}
