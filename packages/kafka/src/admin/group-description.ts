import { ConsumerGroupDescribeRequest } from '@sluice/protocol/gen/consumer-group-describe-request';
import {
  ConsumerGroupDescribeResponse,
  type ConsumerGroupDescribeResponseAssignment,
} from '@sluice/protocol/gen/consumer-group-describe-response';
import { DescribeGroupsRequest } from '@sluice/protocol/gen/describe-groups-request';
import {
  DescribeGroupsResponse,
  type DescribeGroupsResponseDescribedGroup,
} from '@sluice/protocol/gen/describe-groups-response';
import type { Connection } from '../connection/connection.ts';
import type { TopicPartition } from '../consumer/contract.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { CONSUMER_PROTOCOL_TYPE, decodeAssignment } from '../group/consumer-protocol.ts';

/** A member as its coordinator knows it. */
export interface MemberDescription {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  /** Of consumers; empty for other protocol types. */
  readonly assignment: readonly TopicPartition[];
  /** Of other protocol types (`connect`): the bytes that only its members can read. Empty for consumers. */
  readonly assignmentBytes: Buffer;
}

/** A group as its coordinator knows it. */
export interface GroupDescription {
  readonly groupId: string;
  /** `consumer` is the protocol of KIP-848. */
  readonly type: 'classic' | 'consumer';
  readonly protocolType: string;
  /** As the broker says: `Stable`, `Empty`, `PreparingRebalance`, `Reconciling` … */
  readonly state: string;
  /** The assignor (or subprotocol) in use; empty without members. */
  readonly protocol: string;
  /** Of the group; `null` for classic ones, whose generation the broker does not tell. */
  readonly epoch: number | null;
  readonly members: readonly MemberDescription[];
}

const NO_BYTES = Buffer.alloc(0);

/**
 * Asks in the new protocol's way first; a group that is not of it is asked about in the classic way, as Java does.
 *
 * @throws KafkaError `GROUP_ID_NOT_FOUND` and what else the coordinator says
 */
export async function describeGroup(
  connection: Connection,
  groupId: string,
  timeoutMs: number,
): Promise<GroupDescription> {
  return (
    (await describeNew(connection, groupId, timeoutMs)) ??
    (await describeClassic(connection, groupId, timeoutMs))
  );
}

/** `null`: no group of this protocol, or a broker that does not know it. */
async function describeNew(
  connection: Connection,
  groupId: string,
  timeoutMs: number,
): Promise<GroupDescription | null> {
  try {
    connection.versionOf(ConsumerGroupDescribeRequest);
  } catch (error) {
    if (asKafkaError(error).code === 'UNSUPPORTED_VERSION') return null;
    throw error;
  }
  const response = await connection.request(
    ConsumerGroupDescribeRequest,
    ConsumerGroupDescribeResponse,
    () => ({ groupIds: [groupId], includeAuthorizedOperations: false }),
    { timeoutMs },
  );
  const group = response.groups.find((each) => each.groupId === groupId);
  if (group === undefined || group.errorCode === CODE.GROUP_ID_NOT_FOUND) return null;
  if (group.errorCode === CODE.UNSUPPORTED_VERSION) return null;
  if (group.errorCode !== 0) throw brokerError(group.errorCode, about(groupId), group.errorMessage);
  return {
    groupId,
    type: 'consumer',
    protocolType: CONSUMER_PROTOCOL_TYPE,
    state: group.groupState,
    protocol: group.assignorName,
    epoch: group.groupEpoch,
    members: group.members.map(({ memberId, instanceId, clientId, clientHost, assignment }) => ({
      memberId,
      groupInstanceId: instanceId,
      clientId,
      host: clientHost,
      assignment: partitionsIn(assignment),
      assignmentBytes: NO_BYTES,
    })),
  };
}

async function describeClassic(
  connection: Connection,
  groupId: string,
  timeoutMs: number,
): Promise<GroupDescription> {
  const response = await connection.request(
    DescribeGroupsRequest,
    DescribeGroupsResponse,
    () => ({ groups: [groupId], includeAuthorizedOperations: false }),
    { timeoutMs },
  );
  const group = response.groups.find((each) => each.groupId === groupId);
  if (group === undefined) {
    throw new KafkaError('INVALID_RESPONSE', `${about(groupId)}: the answer leaves it out.`);
  }
  if (group.errorCode !== 0) throw brokerError(group.errorCode, about(groupId), group.errorMessage);
  // Before version 6 brokers call a group that does not exist dead.
  if (group.groupState === 'Dead') throw brokerError(CODE.GROUP_ID_NOT_FOUND, about(groupId));
  return {
    groupId,
    type: 'classic',
    protocolType: group.protocolType,
    state: group.groupState,
    protocol: group.protocolData,
    epoch: null,
    members: group.members.map((member) => classicMember(member, group)),
  };
}

function classicMember(
  member: DescribeGroupsResponseDescribedGroup['members'][number],
  { protocolType }: DescribeGroupsResponseDescribedGroup,
): MemberDescription {
  const { memberId, groupInstanceId, clientId, clientHost: host, memberAssignment } = member;
  const isConsumer = protocolType === CONSUMER_PROTOCOL_TYPE;
  return {
    memberId,
    groupInstanceId,
    clientId,
    host,
    assignment: isConsumer ? decodeAssignment(memberAssignment) : [],
    assignmentBytes: isConsumer ? NO_BYTES : memberAssignment,
  };
}

function partitionsIn({
  topicPartitions,
}: ConsumerGroupDescribeResponseAssignment): readonly TopicPartition[] {
  return topicPartitions.flatMap(({ topicName: topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function about(groupId: string): string {
  return `Describing the group "${groupId}"`;
}
