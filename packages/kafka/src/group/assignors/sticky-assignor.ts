import type { TopicPartition } from '../../consumer/contract.ts';
import type { Assignments, Assignor, AssignorMember } from './assignor.ts';
import { withoutRacks } from './rack-awareness.ts';
import { balance, type Claim } from './sticky-balance.ts';
import {
  decodeGeneration,
  decodeStickyUserData,
  encodeGeneration,
  encodeStickyUserData,
} from './sticky-user-data.ts';

/** `sticky`: balanced, with few moves; everybody gives up everything at a rebalance (eager). */
export const stickyAssignor: Assignor = {
  name: 'sticky',
  isCooperative: false,
  userData: encodeStickyUserData,
  assign: (partitionCounts, members, racksOf = withoutRacks) =>
    balance(partitionCounts, members, (m) => decodeStickyUserData(m.userData), racksOf),
};

/** `cooperative-sticky`: the same, and what does not move is never given up (KIP-429). */
export const cooperativeStickyAssignor: Assignor = {
  name: 'cooperative-sticky',
  isCooperative: true,
  userData: (_owned, generationId) => encodeGeneration(generationId),
  assign: (partitionCounts, members, racksOf = withoutRacks) =>
    withoutMoving(members, balance(partitionCounts, members, claimOfSubscription, racksOf)),
};

function claimOfSubscription(member: AssignorMember): Claim {
  return {
    generationId:
      member.generationId >= 0 ? member.generationId : decodeGeneration(member.userData),
    partitions: member.ownedPartitions,
  };
}

/**
 * Leaves out what somebody else still owns: that member gives it up when it sees its assignment, joins
 * again, and the next rebalance hands it over. So no partition ever has two owners.
 */
function withoutMoving(members: readonly AssignorMember[], balanced: Assignments): Assignments {
  const owners = new Map<string, Set<string>>();
  for (const member of members) {
    for (const { topic, partition } of member.ownedPartitions) {
      const key = `${topic}-${partition}`;
      owners.set(key, (owners.get(key) ?? new Set()).add(member.memberId));
    }
  }
  const isFreeFor = (memberId: string, { topic, partition }: TopicPartition): boolean => {
    const owning = owners.get(`${topic}-${partition}`);
    return owning === undefined || (owning.size === 1 && owning.has(memberId));
  };
  return new Map(
    [...balanced].map(([memberId, partitions]) => [
      memberId,
      partitions.filter((partition) => isFreeFor(memberId, partition)),
    ]),
  );
}
