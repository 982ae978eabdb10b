import type { TopicPartition } from '../../consumer/contract.ts';
import {
  type Assignments,
  type Assignor,
  type AssignorMember,
  inMemberOrder,
  partitionsOf,
} from './assignor.ts';

/**
 * `roundrobin`: all partitions of all topics in order, dealt to the members in turn; a member that does
 * not subscribe to a topic is passed over. Mirrors Java's `RoundRobinAssignor`.
 */
export const roundRobinAssignor: Assignor = {
  name: 'roundrobin',
  isCooperative: false,
  userData: () => null,
  assign: deal,
};

function deal(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly AssignorMember[],
): Assignments {
  const ordered = inMemberOrder(members);
  const hands = ordered.map((member) => ({
    member,
    topics: new Set(member.topics),
    partitions: new Array<TopicPartition>(),
  }));
  let turn = 0;
  const topics = members.flatMap((member) => member.topics);
  for (const partition of partitionsOf(topics, partitionCounts)) {
    for (let passed = 0; passed < hands.length; passed++) {
      const hand = hands[turn % hands.length];
      turn++;
      if (hand?.topics.has(partition.topic)) {
        hand.partitions.push(partition);
        break;
      }
    }
  }
  return new Map(hands.map((hand) => [hand.member.memberId, hand.partitions]));
}
