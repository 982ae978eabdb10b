import type { TopicPartition } from '../../consumer/contract.ts';
import type { AssignorMember, PartitionRacks } from './assignor.ts';

const NO_RACKS: ReadonlySet<string> = new Set();

/** For clusters without racks. */
export const withoutRacks: PartitionRacks = () => NO_RACKS;

/**
 * Whether it makes a difference who gets which of these partitions (KIP-881): some member sits where some replica is,
 * and not every partition is everywhere. Java's rule.
 */
export function areRacksOfUse(
  members: readonly AssignorMember[],
  partitions: readonly TopicPartition[],
  racksOf: PartitionRacks,
): boolean {
  const memberRacks = new Set(members.flatMap(({ rackId }) => rackOf(rackId) ?? []));
  if (memberRacks.size === 0) return false;
  const perPartition = partitions.map(({ topic, partition }) => racksOf(topic, partition));
  const all = new Set(perPartition.flatMap((racks) => [...racks]));
  if (![...memberRacks].some((rack) => all.has(rack))) return false;
  return perPartition.some((racks) => racks.size !== all.size);
}

/** Whether the member reads the partition from its own rack, or has none. */
export function isNear(
  { rackId }: Pick<AssignorMember, 'rackId'>,
  { topic, partition }: TopicPartition,
  racksOf: PartitionRacks,
): boolean {
  const rack = rackOf(rackId);
  return rack === null || racksOf(topic, partition).has(rack);
}

/** Members without a rack send none, or an empty one. */
function rackOf(rackId: string | null): string | null {
  return rackId === '' ? null : rackId;
}
