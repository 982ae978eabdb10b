import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_INFOS, type MessageCodec } from '@sluice/protocol';
import { NO_BYTES } from '../groups/group-state.ts';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import { NODE_ID } from '../topics/topic-plan.ts';
import { aBatch } from '../../test/a-batch.ts';
import { ensureTopic, fetchRequest, metadataRequest, produceRequest } from '../../test/apis.ts';
import type { BrokerClient } from '../../test/broker-client.ts';
import { withBroker } from '../../test/with-broker.ts';
import { advertisedApis } from './api-table.ts';

interface Ids {
  readonly name: string;
  readonly topicId: string;
}

/** A request in a certain version: fields that the version lacks are at their defaults. */
type Ask = (client: BrokerClient, version: number, ids: Ids) => Promise<unknown>;

async function ask<Q, A>(
  client: BrokerClient,
  version: number,
  messages: readonly [MessageCodec<Q>, MessageCodec<A>],
  request: Q,
): Promise<A> {
  const [request_, response] = messages;
  return client.ask({ request: request_, response }, request, version);
}

const SECURITY_DISABLED = 54;
const ANY_ACL = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 3,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};
/** INVALID_PRODUCER_ID_MAPPING */
const UNKNOWN_PRODUCER = 49;

/** Loads both messages of an API, so that this file names each only once. */
const ASKS: Readonly<Record<string, Ask>> = {
  async Produce(client, version, ids) {
    const m = [
      (await import('@sluice/protocol/gen/produce-request')).ProduceRequest,
      (await import('@sluice/protocol/gen/produce-response')).ProduceResponse,
    ] as const;
    const answer = await ask(client, version, m, {
      ...produceRequest({ topic: ids.name, topicId: ids.topicId, records: aBatch() }),
    });
    return answer.responses[0]?.partitionResponses[0]?.errorCode;
  },
  async Fetch(client, version, ids) {
    const m = [
      (await import('@sluice/protocol/gen/fetch-request')).FetchRequest,
      (await import('@sluice/protocol/gen/fetch-response')).FetchResponse,
    ] as const;
    const answer = await ask(client, version, m, fetchRequest({ topic: ids.name, ...ids }));
    return answer.responses[0]?.partitions[0]?.errorCode;
  },
  async ListOffsets(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/list-offsets-request')).ListOffsetsRequest,
      (await import('@sluice/protocol/gen/list-offsets-response')).ListOffsetsResponse,
    ] as const;
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }];
    const topics = [{ name, partitions }];
    const answer = await ask(client, version, m, {
      replicaId: -1,
      isolationLevel: 0,
      topics,
      timeoutMs: 0,
    });
    return answer.topics[0]?.partitions[0]?.errorCode;
  },
  async Metadata(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/metadata-request')).MetadataRequest,
      (await import('@sluice/protocol/gen/metadata-response')).MetadataResponse,
    ] as const;
    const answer = await ask(client, version, m, metadataRequest(name));
    return answer.topics[0]?.errorCode;
  },
  async OffsetCommit(client, version, ids) {
    const m = [
      (await import('@sluice/protocol/gen/offset-commit-request')).OffsetCommitRequest,
      (await import('@sluice/protocol/gen/offset-commit-response')).OffsetCommitResponse,
    ] as const;
    const partition = { partitionIndex: 0, committedOffset: 3, committedLeaderEpoch: -1 };
    const partitions = [{ ...partition, committedMetadata: null }];
    const answer = await ask(client, version, m, {
      groupId: 'g',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [{ ...ids, partitions }],
    });
    return answer.topics[0]?.partitions[0]?.errorCode;
  },
  async OffsetFetch(client, version, ids) {
    const m = [
      (await import('@sluice/protocol/gen/offset-fetch-request')).OffsetFetchRequest,
      (await import('@sluice/protocol/gen/offset-fetch-response')).OffsetFetchResponse,
    ] as const;
    const topic = { ...ids, partitionIndexes: [0] };
    const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: [topic] };
    const isMany = version >= 8;
    const answer = await ask(client, version, m, {
      groupId: isMany ? '' : 'g',
      topics: isMany ? [] : [{ name: ids.name, partitionIndexes: [0] }],
      groups: isMany ? [group] : [],
      requireStable: version >= 7,
    });
    const found = isMany ? answer.groups[0]?.topics[0] : answer.topics[0];
    assert.equal(found?.partitions[0]?.committedOffset, 3);
    return found.partitions[0].errorCode;
  },
  async FindCoordinator(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/find-coordinator-request')).FindCoordinatorRequest,
      (await import('@sluice/protocol/gen/find-coordinator-response')).FindCoordinatorResponse,
    ] as const;
    const isMany = version >= 4;
    const answer = await ask(client, version, m, {
      key: isMany ? '' : 'g',
      keyType: 0,
      coordinatorKeys: isMany ? ['g'] : [],
    });
    const found = isMany ? answer.coordinators[0] : answer;
    assert.equal(found?.nodeId, NODE_ID);
    return found.errorCode;
  },
  async JoinGroup(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/join-group-request')).JoinGroupRequest,
      (await import('@sluice/protocol/gen/join-group-response')).JoinGroupResponse,
    ] as const;
    const request = {
      groupId: `join-${version}`,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: version === 0 ? -1 : 10_000,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'connect',
      protocols: [{ name: 'default', metadata: NO_BYTES }],
      reason: null,
    };
    const first = await ask(client, version, m, request);
    if (version < 4) return first.errorCode;
    assert.equal(first.errorCode, 79);
    return (await ask(client, version, m, { ...request, memberId: first.memberId })).errorCode;
  },
  async SyncGroup(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/sync-group-request')).SyncGroupRequest,
      (await import('@sluice/protocol/gen/sync-group-response')).SyncGroupResponse,
    ] as const;
    const answer = await ask(client, version, m, {
      groupId: 'nobody',
      generationId: 1,
      memberId: 'm',
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: [],
    });
    assert.equal(answer.errorCode, 25);
    return 0;
  },
  async Heartbeat(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/heartbeat-request')).HeartbeatRequest,
      (await import('@sluice/protocol/gen/heartbeat-response')).HeartbeatResponse,
    ] as const;
    const request = { groupId: 'nobody', generationId: 1, memberId: 'm', groupInstanceId: null };
    assert.equal((await ask(client, version, m, request)).errorCode, 25);
    return 0;
  },
  async LeaveGroup(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/leave-group-request')).LeaveGroupRequest,
      (await import('@sluice/protocol/gen/leave-group-response')).LeaveGroupResponse,
    ] as const;
    const isMany = version >= 3;
    const member = { memberId: 'm', groupInstanceId: null, reason: null };
    const answer = await ask(client, version, m, {
      groupId: 'nobody',
      memberId: isMany ? '' : 'm',
      members: isMany ? [member] : [],
    });
    assert.equal((isMany ? answer.members[0] : answer)?.errorCode, 25);
    return 0;
  },
  async DescribeGroups(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/describe-groups-request')).DescribeGroupsRequest,
      (await import('@sluice/protocol/gen/describe-groups-response')).DescribeGroupsResponse,
    ] as const;
    const request = { groups: ['g', 'nobody'], includeAuthorizedOperations: false };
    const answer = await ask(client, version, m, request);
    assert.equal(answer.groups[1]?.groupState, 'Dead');
    assert.equal(answer.groups[1].errorCode, version >= 6 ? 69 : 0);
    return answer.groups[0]?.errorCode;
  },
  async ListGroups(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/list-groups-request')).ListGroupsRequest,
      (await import('@sluice/protocol/gen/list-groups-response')).ListGroupsResponse,
    ] as const;
    const answer = await ask(client, version, m, { statesFilter: [], typesFilter: [] });
    assert.ok(answer.groups.some((group) => group.groupId === 'g'));
    return answer.errorCode;
  },
  async ApiVersions(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/api-versions-request')).ApiVersionsRequest,
      (await import('@sluice/protocol/gen/api-versions-response')).ApiVersionsResponse,
    ] as const;
    const who = { clientSoftwareName: 'test', clientSoftwareVersion: '1' };
    const answer = await ask(client, version, m, who);
    assert.deepEqual(answer.apiKeys, advertisedApis());
    return answer.errorCode;
  },
  async CreateTopics(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/create-topics-request')).CreateTopicsRequest,
      (await import('@sluice/protocol/gen/create-topics-response')).CreateTopicsResponse,
    ] as const;
    const configs = [{ name: 'retention.ms', value: '5' }];
    const topic = { name: `new-${version}`, numPartitions: 1, replicationFactor: 1, configs };
    const topics = [{ ...topic, assignments: [] }];
    const answer = await ask(client, version, m, { topics, timeoutMs: 9, validateOnly: false });
    return answer.topics[0]?.errorCode;
  },
  async DeleteTopics(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/delete-topics-request')).DeleteTopicsRequest,
      (await import('@sluice/protocol/gen/delete-topics-response')).DeleteTopicsResponse,
    ] as const;
    const name = `doomed-${version}`;
    await ensureTopic(client, name);
    const isByState = version >= 6;
    const answer = await ask(client, version, m, {
      topics: isByState ? [{ name, topicId: ZERO_UUID }] : [],
      topicNames: isByState ? [] : [name],
      timeoutMs: 9,
    });
    return answer.responses[0]?.errorCode;
  },
  async DeleteRecords(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/delete-records-request')).DeleteRecordsRequest,
      (await import('@sluice/protocol/gen/delete-records-response')).DeleteRecordsResponse,
    ] as const;
    const topics = [{ name, partitions: [{ partitionIndex: 0, offset: 0 }] }];
    const answer = await ask(client, version, m, { topics, timeoutMs: 9 });
    return answer.topics[0]?.partitions[0]?.errorCode;
  },
  async InitProducerId(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/init-producer-id-request')).InitProducerIdRequest,
      (await import('@sluice/protocol/gen/init-producer-id-response')).InitProducerIdResponse,
    ] as const;
    const answer = await ask(client, version, m, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
      producerId: -1,
      producerEpoch: -1,
      enable2Pc: false,
      keepPreparedTxn: false,
    });
    assert.ok(answer.producerId >= 0);
    return answer.errorCode;
  },
  async OffsetForLeaderEpoch(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/offset-for-leader-epoch-request'))
        .OffsetForLeaderEpochRequest,
      (await import('@sluice/protocol/gen/offset-for-leader-epoch-response'))
        .OffsetForLeaderEpochResponse,
    ] as const;
    const partitions = [{ partition: 0, currentLeaderEpoch: 0, leaderEpoch: 0 }];
    const request = { replicaId: -2, topics: [{ topic: name, partitions }] };
    const answer = await ask(client, version, m, request);
    return answer.topics[0]?.partitions[0]?.errorCode;
  },
  async DescribeConfigs(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/describe-configs-request')).DescribeConfigsRequest,
      (await import('@sluice/protocol/gen/describe-configs-response')).DescribeConfigsResponse,
    ] as const;
    const answer = await ask(client, version, m, {
      resources: [
        { resourceType: 2, resourceName: name, configurationKeys: null },
        { resourceType: 4, resourceName: '1', configurationKeys: ['num.partitions'] },
      ],
      includeSynonyms: true,
      includeDocumentation: version >= 3,
    });
    assert.ok((answer.results[0]?.configs.length ?? 0) > 30);
    assert.equal(answer.results[1]?.configs[0]?.value, '1');
    return answer.results[0]?.errorCode;
  },
  async CreatePartitions(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/create-partitions-request')).CreatePartitionsRequest,
      (await import('@sluice/protocol/gen/create-partitions-response')).CreatePartitionsResponse,
    ] as const;
    const name = `grown-${version}`;
    await ensureTopic(client, name);
    const topics = [{ name, count: 3, assignments: null }];
    const answer = await ask(client, version, m, { topics, timeoutMs: 9, validateOnly: false });
    return answer.results[0]?.errorCode;
  },
  async DeleteGroups(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/delete-groups-request')).DeleteGroupsRequest,
      (await import('@sluice/protocol/gen/delete-groups-response')).DeleteGroupsResponse,
    ] as const;
    const answer = await ask(client, version, m, { groupsNames: ['nobody'] });
    assert.equal(answer.results[0]?.errorCode, 69);
    return 0;
  },
  async IncrementalAlterConfigs(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/incremental-alter-configs-request'))
        .IncrementalAlterConfigsRequest,
      (await import('@sluice/protocol/gen/incremental-alter-configs-response'))
        .IncrementalAlterConfigsResponse,
    ] as const;
    const configs = [{ name: 'retention.ms', configOperation: 0, value: '99' }];
    const resources = [{ resourceType: 2, resourceName: name, configs }];
    const answer = await ask(client, version, m, { resources, validateOnly: true });
    return answer.responses[0]?.errorCode;
  },
  async OffsetDelete(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/offset-delete-request')).OffsetDeleteRequest,
      (await import('@sluice/protocol/gen/offset-delete-response')).OffsetDeleteResponse,
    ] as const;
    const topics = [{ name, partitions: [{ partitionIndex: 0 }] }];
    const answer = await ask(client, version, m, { groupId: 'g', topics });
    return answer.topics[0]?.partitions[0]?.errorCode;
  },
  async DescribeCluster(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/describe-cluster-request')).DescribeClusterRequest,
      (await import('@sluice/protocol/gen/describe-cluster-response')).DescribeClusterResponse,
    ] as const;
    const request = { includeClusterAuthorizedOperations: false, endpointType: 1 };
    const answer = await ask(client, version, m, { ...request, includeFencedBrokers: false });
    assert.equal(answer.brokers[0]?.brokerId, NODE_ID);
    return answer.errorCode;
  },
  async DescribeAcls(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/describe-acls-request')).DescribeAclsRequest,
      (await import('@sluice/protocol/gen/describe-acls-response')).DescribeAclsResponse,
    ] as const;
    const answer = await ask(client, version, m, ANY_ACL);
    assert.equal(answer.errorCode, SECURITY_DISABLED);
    return 0;
  },
  async CreateAcls(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/create-acls-request')).CreateAclsRequest,
      (await import('@sluice/protocol/gen/create-acls-response')).CreateAclsResponse,
    ] as const;
    const pattern = { resourceType: 2, resourceName: 't', resourcePatternType: 3 };
    const acl = { principal: 'User:a', host: '*', operation: 3, permissionType: 3 };
    const answer = await ask(client, version, m, { creations: [{ ...pattern, ...acl }] });
    assert.equal(answer.results[0]?.errorCode, SECURITY_DISABLED);
    return 0;
  },
  async DeleteAcls(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/delete-acls-request')).DeleteAclsRequest,
      (await import('@sluice/protocol/gen/delete-acls-response')).DeleteAclsResponse,
    ] as const;
    const answer = await ask(client, version, m, { filters: [ANY_ACL] });
    assert.equal(answer.filterResults[0]?.errorCode, SECURITY_DISABLED);
    return 0;
  },
  async AlterConfigs(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/alter-configs-request')).AlterConfigsRequest,
      (await import('@sluice/protocol/gen/alter-configs-response')).AlterConfigsResponse,
    ] as const;
    const configs = [{ name: 'retention.ms', value: '99' }];
    const resources = [{ resourceType: 2, resourceName: name, configs }];
    const answer = await ask(client, version, m, { resources, validateOnly: version === 0 });
    return answer.responses[0]?.errorCode;
  },
  async AddPartitionsToTxn(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/add-partitions-to-txn-request'))
        .AddPartitionsToTxnRequest,
      (await import('@sluice/protocol/gen/add-partitions-to-txn-response'))
        .AddPartitionsToTxnResponse,
    ] as const;
    const answer = await ask(client, version, m, {
      transactions: [],
      v3AndBelowTransactionalId: 'nobody',
      v3AndBelowProducerId: 1,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name, partitions: [0] }],
    });
    const [topic] = answer.resultsByTopicV3AndBelow;
    assert.equal(topic?.resultsByPartition[0]?.partitionErrorCode, UNKNOWN_PRODUCER);
    return 0;
  },
  async AddOffsetsToTxn(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/add-offsets-to-txn-request')).AddOffsetsToTxnRequest,
      (await import('@sluice/protocol/gen/add-offsets-to-txn-response')).AddOffsetsToTxnResponse,
    ] as const;
    const producer = { transactionalId: 'nobody', producerId: 1, producerEpoch: 0 };
    const answer = await ask(client, version, m, { ...producer, groupId: 'g' });
    assert.equal(answer.errorCode, UNKNOWN_PRODUCER);
    return 0;
  },
  async EndTxn(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/end-txn-request')).EndTxnRequest,
      (await import('@sluice/protocol/gen/end-txn-response')).EndTxnResponse,
    ] as const;
    const producer = { transactionalId: 'nobody', producerId: 1, producerEpoch: 0 };
    const answer = await ask(client, version, m, { ...producer, committed: true });
    assert.equal(answer.errorCode, UNKNOWN_PRODUCER);
    return 0;
  },
  async TxnOffsetCommit(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/txn-offset-commit-request')).TxnOffsetCommitRequest,
      (await import('@sluice/protocol/gen/txn-offset-commit-response')).TxnOffsetCommitResponse,
    ] as const;
    const partition = { partitionIndex: 0, committedOffset: 3, committedLeaderEpoch: -1 };
    const answer = await ask(client, version, m, {
      transactionalId: 'nobody',
      groupId: 'g',
      producerId: 1,
      producerEpoch: 0,
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [{ name, partitions: [{ ...partition, committedMetadata: null }] }],
    });
    assert.equal(answer.topics[0]?.partitions[0]?.errorCode, UNKNOWN_PRODUCER);
    return 0;
  },
  async DescribeProducers(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/describe-producers-request')).DescribeProducersRequest,
      (await import('@sluice/protocol/gen/describe-producers-response')).DescribeProducersResponse,
    ] as const;
    const answer = await ask(client, version, m, { topics: [{ name, partitionIndexes: [0] }] });
    return answer.topics[0]?.partitions[0]?.errorCode;
  },
  async DescribeTransactions(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/describe-transactions-request'))
        .DescribeTransactionsRequest,
      (await import('@sluice/protocol/gen/describe-transactions-response'))
        .DescribeTransactionsResponse,
    ] as const;
    const answer = await ask(client, version, m, { transactionalIds: ['nobody'] });
    assert.equal(answer.transactionStates[0]?.errorCode, 105);
    return 0;
  },
  async ListTransactions(client, version) {
    const m = [
      (await import('@sluice/protocol/gen/list-transactions-request')).ListTransactionsRequest,
      (await import('@sluice/protocol/gen/list-transactions-response')).ListTransactionsResponse,
    ] as const;
    const answer = await ask(client, version, m, {
      stateFilters: ['Ongoing', 'Nonsense'],
      producerIdFilters: [],
      durationFilter: -1,
      transactionalIdPattern: null,
    });
    assert.deepEqual(answer.unknownStateFilters, ['Nonsense']);
    return answer.errorCode;
  },
  async DescribeTopicPartitions(client, version, { name }) {
    const m = [
      (await import('@sluice/protocol/gen/describe-topic-partitions-request'))
        .DescribeTopicPartitionsRequest,
      (await import('@sluice/protocol/gen/describe-topic-partitions-response'))
        .DescribeTopicPartitionsResponse,
    ] as const;
    const request = { topics: [{ name }], responsePartitionLimit: 2000, cursor: null };
    const answer = await ask(client, version, m, request);
    assert.equal(answer.nextCursor, null);
    return answer.topics[0]?.errorCode;
  },
};

test('every advertised API is answered in every advertised version', () =>
  withBroker(async ({ client, complaints }) => {
    const name = 't';
    const ids: Ids = { name, topicId: await ensureTopic(client, name) };
    let count = 0;
    for (const api of advertisedApis()) {
      const info = API_INFOS[api.apiKey];
      assert.ok(info !== undefined);
      const act = ASKS[info.name];
      assert.ok(act !== undefined, `no request for ${info.name}`);
      for (let version = info.minVersion; version <= api.maxVersion; version++) {
        assert.equal(await act(client, version, ids), 0, `${info.name} version ${version}`);
        count++;
      }
    }
    assert.deepEqual(complaints, []);
    assert.ok(count > 140, `${count} versions`);
  }));
