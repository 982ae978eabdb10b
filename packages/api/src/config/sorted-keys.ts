import type { ConfigKey } from './config-key.ts';

const IMPORTANCE_ORDER = { HIGH: 0, MEDIUM: 1, LOW: 2 } as const;

/** Keys by group, order in group, required first, importance, name. */
export function sortedKeys(
  keys: Iterable<ConfigKey>,
  groups: readonly string[],
): readonly ConfigKey[] {
  const groupOrder = new Map(groups.map((group, index) => [group, index]));
  // Keys without a group come first.
  const orderOf = (key: ConfigKey): number =>
    key.group === null ? -1 : (groupOrder.get(key.group) ?? -1);
  return [...keys].sort(
    (a, b) =>
      orderOf(a) - orderOf(b) ||
      a.orderInGroup - b.orderInGroup ||
      Number(a.hasDefault) - Number(b.hasDefault) ||
      IMPORTANCE_ORDER[a.importance] - IMPORTANCE_ORDER[b.importance] ||
      compareText(a.name, b.name),
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
