import type { TopicPartition } from '../consumer/contract.ts';

/** What is in the first list and not in the second, in the first's order. */
export function difference(
  from: readonly TopicPartition[],
  without: readonly TopicPartition[],
): readonly TopicPartition[] {
  const names = new Set(without.map(({ topic, partition }) => `${topic} ${partition}`));
  return from.filter(({ topic, partition }) => !names.has(`${topic} ${partition}`));
}

/** Whether both lists hold the same topics, in whatever order. */
export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(b);
  return a.length === b.length && a.every((each) => known.has(each));
}
