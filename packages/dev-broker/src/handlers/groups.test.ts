import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeMessage, errorCode, type ErrorName } from '@sluice/protocol';
import { ConsumerProtocolSubscription } from '@sluice/protocol/gen/consumer-protocol-subscription';
import { DeleteGroupsRequest } from '@sluice/protocol/gen/delete-groups-request';
import { DeleteGroupsResponse } from '@sluice/protocol/gen/delete-groups-response';
import { DescribeGroupsRequest } from '@sluice/protocol/gen/describe-groups-request';
import { DescribeGroupsResponse } from '@sluice/protocol/gen/describe-groups-response';
import { JoinGroupRequest } from '@sluice/protocol/gen/join-group-request';
import { JoinGroupResponse } from '@sluice/protocol/gen/join-group-response';
import { OffsetCommitRequest } from '@sluice/protocol/gen/offset-commit-request';
import { OffsetCommitResponse } from '@sluice/protocol/gen/offset-commit-response';
import { OffsetDeleteRequest } from '@sluice/protocol/gen/offset-delete-request';
import { OffsetDeleteResponse } from '@sluice/protocol/gen/offset-delete-response';
import { OffsetFetchRequest } from '@sluice/protocol/gen/offset-fetch-request';
import { OffsetFetchResponse } from '@sluice/protocol/gen/offset-fetch-response';
import { SyncGroupRequest } from '@sluice/protocol/gen/sync-group-request';
import { SyncGroupResponse } from '@sluice/protocol/gen/sync-group-response';
import { makeTempDir } from '@sluice/testing';
import { ensureTopic } from '../../test/apis.ts';
import { BrokerClient } from '../../test/broker-client.ts';
import { withBroker } from '../../test/with-broker.ts';
import { startDevBroker } from '../dev-broker.ts';

const JOIN = { request: JoinGroupRequest, response: JoinGroupResponse };
const SYNC = { request: SyncGroupRequest, response: SyncGroupResponse };
const COMMIT = { request: OffsetCommitRequest, response: OffsetCommitResponse };
const FETCH_OFFSETS = { request: OffsetFetchRequest, response: OffsetFetchResponse };
const DESCRIBE = { request: DescribeGroupsRequest, response: DescribeGroupsResponse };
const DELETE = { request: DeleteGroupsRequest, response: DeleteGroupsResponse };
const DELETE_OFFSETS = { request: OffsetDeleteRequest, response: OffsetDeleteResponse };

interface Membership {
  readonly memberId: string;
  readonly generation: number;
}

function code(name: ErrorName): number {
  return errorCode(name);
}

function joinRequest(changes: Partial<JoinGroupRequest> = {}): JoinGroupRequest {
  const subscription = { topics: ['t'], userData: null, ownedPartitions: [], generationId: -1 };
  const metadata = encodeMessage(
    ConsumerProtocolSubscription,
    { ...subscription, rackId: null },
    0,
  );
  const version = Buffer.alloc(2);
  return {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.concat([version, metadata]) }],
    reason: null,
    ...changes,
  };
}

/** Joins and syncs as the only member of group `g`. */
async function becomeMember(client: BrokerClient): Promise<Membership> {
  const { memberId } = await client.ask(JOIN, joinRequest());
  const joined = await client.ask(JOIN, joinRequest({ memberId }));
  assert.equal(joined.errorCode, 0);
  const synced = await client.ask(SYNC, {
    groupId: 'g',
    generationId: joined.generationId,
    memberId,
    groupInstanceId: null,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [{ memberId, assignment: Buffer.from('all') }],
  });
  assert.deepEqual(synced.assignment, Buffer.from('all'));
  return { memberId, generation: joined.generationId };
}

async function commitOffset(
  client: BrokerClient,
  topicId: string,
  { memberId, generation }: Membership,
  metadata = '',
): Promise<number | undefined> {
  const partition = { partitionIndex: 0, committedOffset: 42, committedLeaderEpoch: 0 };
  const answer = await client.ask(COMMIT, {
    groupId: 'g',
    generationIdOrMemberEpoch: generation,
    memberId,
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [{ name: '', topicId, partitions: [{ ...partition, committedMetadata: metadata }] }],
  });
  return answer.topics[0]?.partitions[0]?.errorCode;
}

async function committed(client: BrokerClient, groupId: string): Promise<readonly number[]> {
  const group = { groupId, memberId: null, memberEpoch: -1, topics: null };
  const request = { groupId: '', topics: [], groups: [group], requireStable: true };
  const answer = await client.ask(FETCH_OFFSETS, request);
  return (answer.groups[0]?.topics ?? []).flatMap((topic) =>
    topic.partitions.map((partition) => partition.committedOffset),
  );
}

const NO_MEMBER: Membership = { memberId: '', generation: -1 };

test('a member commits, a stranger can not, and the offsets outlive the broker', async () => {
  await using dir = await makeTempDir('broker');
  {
    await using broker = await startDevBroker({ dataDir: dir.path });
    await using client = await BrokerClient.connect(broker.port);
    const topicId = await ensureTopic(client, 't');
    const member = await becomeMember(client);
    assert.equal(await commitOffset(client, topicId, member), 0);
    const old = { ...member, generation: member.generation - 1 };
    assert.equal(await commitOffset(client, topicId, old), code('ILLEGAL_GENERATION'));
    assert.equal(await commitOffset(client, topicId, NO_MEMBER), code('UNKNOWN_MEMBER_ID'));
    const long = 'x'.repeat(4097);
    const tooLong = code('OFFSET_METADATA_TOO_LARGE');
    assert.equal(await commitOffset(client, topicId, member, long), tooLong);
    const lost = 'x'.repeat(21) + 'w';
    assert.equal(await commitOffset(client, lost, member), code('UNKNOWN_TOPIC_ID'));
  }
  await using broker = await startDevBroker({ dataDir: dir.path });
  await using client = await BrokerClient.connect(broker.port);
  assert.deepEqual(await committed(client, 'g'), [42]);
  assert.deepEqual(await committed(client, 'nobody'), []);
  const request = { groups: ['g'], includeAuthorizedOperations: false };
  const [group] = (await client.ask(DESCRIBE, request)).groups;
  assert.deepEqual([group?.groupState, group?.protocolType], ['Empty', 'consumer']);
  const { generation } = await becomeMember(client);
  assert.ok(generation >= 2, 'generations go on');
});

test('a stable group is described with what its members do', () =>
  withBroker(async ({ client }) => {
    await ensureTopic(client, 't');
    const { memberId } = await becomeMember(client);
    const request = { groups: ['g'], includeAuthorizedOperations: false };
    const [group] = (await client.ask(DESCRIBE, request)).groups;
    assert.equal(group?.groupState, 'Stable');
    assert.equal(group.protocolData, 'range');
    assert.deepEqual(
      group.members.map((member) => [member.memberId, member.clientId, member.clientHost]),
      [[memberId, 'test', '/127.0.0.1']],
    );
    assert.deepEqual(group.members[0]?.memberAssignment, Buffer.from('all'));
    assert.match(memberId, /^test-[0-9a-f-]{36}$/);
  }));

test('a group with members can not be deleted, nor the offsets it works with', () =>
  withBroker(async ({ client }) => {
    const topicId = await ensureTopic(client, 't');
    const otherId = await ensureTopic(client, 'other');
    const member = await becomeMember(client);
    await commitOffset(client, topicId, member);
    await commitOffset(client, otherId, member);
    const deleted = await client.ask(DELETE, { groupsNames: ['g'] });
    assert.equal(deleted.results[0]?.errorCode, code('NON_EMPTY_GROUP'));
    const topics = ['t', 'other', 'nowhere'].map((name) => ({
      name,
      partitions: [{ partitionIndex: 0 }],
    }));
    const answer = await client.ask(DELETE_OFFSETS, { groupId: 'g', topics });
    assert.deepEqual(
      answer.topics.map((topic) => topic.partitions[0]?.errorCode),
      [code('GROUP_SUBSCRIBED_TO_TOPIC'), 0, code('UNKNOWN_TOPIC_OR_PARTITION')],
    );
    assert.deepEqual(await committed(client, 'g'), [42]);
  }));

test('joins that can not be are refused', () =>
  withBroker(async ({ client }) => {
    const told = async (changes: Partial<JoinGroupRequest>): Promise<number> =>
      (await client.ask(JOIN, joinRequest(changes))).errorCode;
    assert.equal(await told({ groupId: '' }), code('INVALID_GROUP_ID'));
    assert.equal(await told({ sessionTimeoutMs: 10 }), code('INVALID_SESSION_TIMEOUT'));
    assert.equal(await told({ sessionTimeoutMs: 1_800_001 }), code('INVALID_SESSION_TIMEOUT'));
    assert.equal(await told({ protocols: [] }), code('INCONSISTENT_GROUP_PROTOCOL'));
    assert.equal(await told({ memberId: 'who' }), code('UNKNOWN_MEMBER_ID'));
  }));

test('a broker that stops ends a join that waits', () =>
  withBroker(async ({ client, broker, connect }) => {
    await ensureTopic(client, 't');
    await becomeMember(client);
    await using other = await connect();
    const { memberId } = await other.ask(JOIN, joinRequest());
    const waiting = other.ask(JOIN, joinRequest({ memberId }));
    await Promise.all([assert.rejects(waiting, /connection closed/), broker.close()]);
  }));
