/** Phases of a classic group, under the names that clients see. */
export type GroupPhase = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** A way to share work that a member can do, with what it wants the leader to know. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** A request of a member that is answered later. */
interface PendingRequest {
  readonly type: 'join' | 'sync';
  /** Given out by whoever holds the request; means nothing to the group. */
  readonly token: number;
}

/** One member. Objects are replaced, never changed. */
export interface GroupMember {
  readonly memberId: string;
  /** Set for static members (KIP-345). */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** In the member's order of preference. */
  readonly protocols: readonly MemberProtocol[];
  readonly assignment: Buffer;
  /** Has not been through a rebalance yet. */
  readonly isNew: boolean;
  readonly pending: PendingRequest | null;
}

/** While an empty group waits for more members than the first. */
export interface InitialWait {
  readonly remainingMs: number;
  readonly hasNewMember: boolean;
}

/** A classic consumer group (or Connect cluster, or whatever protocol type). Never changed, only replaced. */
export interface GroupState {
  readonly groupId: string;
  readonly phase: GroupPhase;
  readonly generation: number;
  /** `consumer`, `connect` ...; `null` when no member was ever there. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  /** In the order in which they joined. */
  readonly members: ReadonlyMap<string, GroupMember>;
  /** Ids that were given out (KIP-394) and have not come back yet. */
  readonly pendingIds: ReadonlySet<string>;
  /** Members of this generation that have not asked for their assignment. */
  readonly unsynced: ReadonlySet<string>;
  readonly initialWait: InitialWait | null;
}

/** A group without members. */
export function emptyGroup(
  groupId: string,
  protocolType: string | null = null,
  generation = 0,
): GroupState {
  return {
    groupId,
    phase: 'Empty',
    generation,
    protocolType,
    protocolName: null,
    leaderId: null,
    members: new Map(),
    pendingIds: new Set(),
    unsynced: new Set(),
    initialWait: null,
  };
}

/** The static member of that instance id. */
export function memberOfInstance(
  members: ReadonlyMap<string, GroupMember>,
  instanceId: string,
): GroupMember | undefined {
  return [...members.values()].find((member) => member.instanceId === instanceId);
}

/** The bytes a member sent along with a protocol; empty when it does not know it. */
export function metadataFor(member: GroupMember, protocolName: string): Buffer {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? NO_BYTES;
}

/** The protocols that every member knows. */
export function commonProtocols(members: Iterable<GroupMember>): ReadonlySet<string> {
  const [first, ...others] = members;
  const names = first?.protocols.map((protocol) => protocol.name) ?? [];
  return new Set(names.filter((name) => others.every((member) => knowsProtocol(member, name))));
}

function knowsProtocol(member: GroupMember, name: string): boolean {
  return member.protocols.some((protocol) => protocol.name === name);
}

/** Each member votes for the first of its protocols that all know; the most votes win. */
export function selectProtocol(members: readonly GroupMember[]): string | null {
  const candidates = commonProtocols(members);
  const votes = new Map<string, number>();
  for (const member of members) {
    const choice = member.protocols.find((protocol) => candidates.has(protocol.name))?.name;
    if (choice !== undefined) votes.set(choice, (votes.get(choice) ?? 0) + 1);
  }
  let winner: string | null = null;
  for (const [name, count] of votes) {
    if (winner === null || count > (votes.get(winner) ?? 0)) winner = name;
  }
  return winner;
}

export const NO_BYTES = Buffer.alloc(0);
