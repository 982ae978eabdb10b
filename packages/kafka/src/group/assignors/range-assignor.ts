import type { TopicPartition } from '../../consumer/contract.ts';
import {
  type Assignments,
  type Assignor,
  type AssignorMember,
  compareText,
  inMemberOrder,
} from './assignor.ts';

/**
 * `range`: each topic for itself is cut into one contiguous run per subscribed member; the first
 * members get one more where it does not come out even. Mirrors Java's `RangeAssignor` without racks
 * (racks only choose among equally large runs).
 */
export const rangeAssignor: Assignor = {
  name: 'range',
  isCooperative: false,
  userData: () => null,
  assign: assignRanges,
};

function assignRanges(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly AssignorMember[],
): Assignments {
  const assigned = new Map<string, TopicPartition[]>(members.map((m) => [m.memberId, []]));
  const ordered = inMemberOrder(members);
  for (const [topic, count] of [...partitionCounts].toSorted(([a], [b]) => compareText(a, b))) {
    const subscribed = ordered.filter((member) => member.topics.includes(topic));
    const share = Math.floor(count / subscribed.length);
    const withOneMore = count % subscribed.length;
    let next = 0;
    subscribed.forEach((member, index) => {
      const end = next + share + (index < withOneMore ? 1 : 0);
      for (; next < end; next++) {
        assigned.get(member.memberId)?.push({ topic, partition: next });
      }
    });
  }
  return assigned;
}
