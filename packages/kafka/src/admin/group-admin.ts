import { DeleteGroupsRequest } from '@sluice/protocol/gen/delete-groups-request';
import { DeleteGroupsResponse } from '@sluice/protocol/gen/delete-groups-response';
import { LeaveGroupRequest } from '@sluice/protocol/gen/leave-group-request';
import { LeaveGroupResponse } from '@sluice/protocol/gen/leave-group-response';
import { ListGroupsRequest } from '@sluice/protocol/gen/list-groups-request';
import { ListGroupsResponse } from '@sluice/protocol/gen/list-groups-response';
import { retrying } from '../cluster/retrying.ts';
import type { Connection } from '../connection/connection.ts';
import { brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import {
  type AdminCalls,
  forEachItem,
  type Outcome,
  type Outcomes,
  outcomeOf,
  unanswered,
  valueOf,
} from './admin-calls.ts';
import { describeGroup, type GroupDescription } from './group-description.ts';

/** A group as brokers list them. */
export interface GroupListing {
  readonly groupId: string;
  /** `consumer`, `connect`, `share` …; empty for a group that only holds offsets. */
  readonly protocolType: string;
  /** As the broker says: `Stable`, `Empty`, `PreparingRebalance` …; empty from brokers that do not tell. */
  readonly state: string;
  /** As the broker says: `classic`, `consumer`, `share`, `streams`; empty from brokers that do not tell. */
  readonly type: string;
}

/** Which groups to list; what is left out matches all. */
export interface GroupFilter {
  readonly states?: readonly string[];
  readonly types?: readonly string[];
  readonly protocolTypes?: readonly string[];
}

/** A member to remove: static ones by instance id, dynamic ones by member id. */
export type MemberToRemove = { readonly groupInstanceId: string } | { readonly memberId: string };

const STATES_FROM = 4;
const TYPES_FROM = 5;
const REMOVE_MANY_FROM = 3;
const REASON_FROM = 5;
const REASON_MAX_LENGTH = 255;

/** Groups and their members. Mirrors the calls of Java's `Admin` about groups. */
export class GroupAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /**
   * The groups of all brokers.
   *
   * @throws KafkaError `UNSUPPORTED_VERSION` for a filter that a broker does not know; what a broker says: a list
   *   without its groups would look whole
   */
  async list(filter: GroupFilter = {}): Promise<readonly GroupListing[]> {
    const { cluster } = this.#calls;
    const retry = this.#calls.retry('Listing groups');
    await retrying(cluster.retry(retry), () => cluster.refresh());
    const lists = await Promise.all(
      [...cluster.metadata.brokers.keys()].map((id) =>
        retrying(cluster.retry(retry), async () =>
          askForGroups(await cluster.connection(id), filter, cluster.config.requestTimeoutMs),
        ),
      ),
    );
    // A group that moves between two answers is listed by both coordinators.
    const byId = new Map(lists.flat().map((group) => [group.groupId, group]));
    const { protocolTypes } = filter;
    return [...byId.values()].filter(
      ({ protocolType }) => protocolTypes === undefined || protocolTypes.includes(protocolType),
    );
  }

  /**
   * Groups of the classic and of the new protocol (KIP-848) alike. Outcomes by group id; `GROUP_ID_NOT_FOUND` for one
   * that is not there.
   */
  describe(groupIds: readonly string[]): Promise<Outcomes<string, GroupDescription>> {
    return this.#atTheirCoordinators(groupIds, 'Describing the group', describeGroup);
  }

  /** Deletes groups with all their offsets. `NON_EMPTY_GROUP` while one has members. */
  delete(groupIds: readonly string[]): Promise<Outcomes<string, null>> {
    return this.#atTheirCoordinators(
      groupIds,
      'Deleting the group',
      async (connection, groupId, timeoutMs) => {
        const { results } = await connection.request(
          DeleteGroupsRequest,
          DeleteGroupsResponse,
          () => ({ groupsNames: [groupId] }),
          { timeoutMs },
        );
        const what = `Deleting the group "${groupId}"`;
        const found = results.find((each) => each.groupId === groupId);
        return valueOf(found && outcomeOf(found.errorCode, what, null), what);
      },
    );
  }

  /**
   * Puts members out of a classic group (KIP-345). Outcomes by the member's own object; `all` removes whoever is there.
   *
   * @throws KafkaError what the coordinator says of the group as a whole
   */
  async removeMembers(
    groupId: string,
    members: readonly MemberToRemove[] | 'all',
    reason = 'an administrator asked for it',
  ): Promise<Outcomes<MemberToRemove, null>> {
    const { coordinators, cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const removed = members === 'all' ? await this.#membersOf(groupId) : members;
    if (removed.length === 0) return new Map();
    const what = `Removing members of the group "${groupId}"`;
    return coordinators.call('group', groupId, this.#calls.retry(what), async (connection) => {
      const response = await connection.request(
        LeaveGroupRequest,
        LeaveGroupResponse,
        (version) => ({
          groupId,
          memberId: '',
          members: identitiesFor(version, removed, reason, what),
        }),
        { timeoutMs },
      );
      if (response.errorCode !== 0) throw brokerError(response.errorCode, what);
      return new Map(
        removed.map((member): [MemberToRemove, Outcome<null>] => {
          const answer = response.members.find((each) =>
            'groupInstanceId' in member
              ? each.groupInstanceId === member.groupInstanceId
              : each.memberId === member.memberId,
          );
          const name = 'groupInstanceId' in member ? member.groupInstanceId : member.memberId;
          const about = `${what} ("${name}")`;
          if (answer === undefined) return [member, unanswered(about)];
          return [member, outcomeOf(answer.errorCode, about, null)];
        }),
      );
    });
  }

  async #membersOf(groupId: string): Promise<readonly MemberToRemove[]> {
    const described = await this.describe([groupId]);
    const { members } = valueOf(described.get(groupId), `Describing the group "${groupId}"`);
    return members.map(({ groupInstanceId, memberId }) =>
      groupInstanceId === null ? { memberId } : { groupInstanceId },
    );
  }

  async #atTheirCoordinators<T>(
    groupIds: readonly string[],
    what: string,
    ask: (connection: Connection, groupId: string, timeoutMs: number) => Promise<T>,
  ): Promise<Outcomes<string, T>> {
    const { coordinators, cluster } = this.#calls;
    const { requestTimeoutMs } = cluster.config;
    const outcomes = await Promise.all(
      groupIds.map((groupId) => {
        const retry = this.#calls.retry(`${what} "${groupId}"`);
        return forEachItem<string, T>(cluster, [groupId], retry, async () => {
          const answer = await coordinators.call('group', groupId, retry, (connection) =>
            ask(connection, groupId, requestTimeoutMs),
          );
          return new Map([[groupId, answer]]);
        });
      }),
    );
    return new Map(outcomes.flatMap((each) => [...each]));
  }
}

async function askForGroups(
  connection: Connection,
  { states = [], types = [] }: GroupFilter,
  timeoutMs: number,
): Promise<readonly GroupListing[]> {
  const response = await connection.request(
    ListGroupsRequest,
    ListGroupsResponse,
    (version) => {
      refuseUnless(version >= STATES_FROM || states.length === 0, 'a filter by state');
      refuseUnless(version >= TYPES_FROM || types.length === 0, 'a filter by type');
      return { statesFilter: states, typesFilter: types };
    },
    { timeoutMs },
  );
  if (response.errorCode !== 0) throw brokerError(response.errorCode, 'Listing groups');
  return response.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
    groupId,
    protocolType,
    state: groupState,
    type: groupType,
  }));
}

function refuseUnless(isKnown: boolean, what: string): void {
  if (isKnown) return;
  const text = `Listing groups: the broker is too old for ${what}. Leave the filter out.`;
  throw new KafkaError('UNSUPPORTED_VERSION', text);
}

function identitiesFor(
  version: number,
  members: readonly MemberToRemove[],
  reason: string,
  what: string,
): LeaveGroupRequest['members'] {
  if (version < REMOVE_MANY_FROM) {
    const text = `${what}: the broker is too old to remove members for others.`;
    throw new KafkaError('UNSUPPORTED_VERSION', text);
  }
  return members.map((member) => ({
    memberId: 'memberId' in member ? member.memberId : '',
    groupInstanceId: 'groupInstanceId' in member ? member.groupInstanceId : null,
    reason: version >= REASON_FROM ? reason.slice(0, REASON_MAX_LENGTH) : null,
  }));
}
