import { OffsetCommitRequest } from '@sluice/protocol/gen/offset-commit-request';
import { OffsetCommitResponse } from '@sluice/protocol/gen/offset-commit-response';
import { OffsetFetchRequest } from '@sluice/protocol/gen/offset-fetch-request';
import { OffsetFetchResponse } from '@sluice/protocol/gen/offset-fetch-response';
import { NO_TOPIC_ID } from '../cluster/cluster-metadata.ts';
import type { RequestSender } from './group-link.ts';
import type { TopicPartition, TopicPartitionOffset } from '../consumer/contract.ts';
import { brokerError } from '../errors/broker-error.ts';

/** From version 10 on the wire names topics by id only; names serve groups that outlive a topic. */
const BY_NAME_VERSION_MAX = 9;
/** From this version on, one OffsetFetch asks for several groups. */
const MANY_GROUPS_FROM = 8;
const NO_EPOCH = -1;
/** Leaves it to the broker how long offsets are kept. */
const BROKER_RETENTION_MS = -1;

/** Who commits: outside of a group (an admin) the generation is -1 and the member id empty. */
export interface CommittingMember {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** Somebody who is not a member: works only while the group has none. */
export function outsider(groupId: string): CommittingMember {
  return { groupId, generationId: -1, memberId: '', groupInstanceId: null };
}

/**
 * Commits offsets. @throws KafkaError the first partition's error: the broker refuses a group's commit
 *   as a whole but for partitions of topics that are gone or too large metadata
 */
export async function commitGroupOffsets(
  connection: RequestSender,
  member: CommittingMember,
  offsets: readonly TopicPartitionOffset[],
  timeoutMs: number,
): Promise<void> {
  for (const [at, code] of await offsetCommitCodes(connection, member, offsets, timeoutMs)) {
    if (code === 0) continue;
    throw brokerError(code, `Committing the offset of ${at} for the group "${member.groupId}"`);
  }
}

/** Commits offsets; answers each one's error code, 0 for none, by `topic-partition`. */
export async function offsetCommitCodes(
  connection: RequestSender,
  member: CommittingMember,
  offsets: readonly TopicPartitionOffset[],
  timeoutMs: number,
): Promise<ReadonlyMap<string, number>> {
  const topics = [...Map.groupBy(offsets, (each) => each.topic)].map(([name, each]) => ({
    name,
    topicId: NO_TOPIC_ID,
    partitions: each.map((offset) => ({
      partitionIndex: offset.partition,
      committedOffset: offset.offset,
      committedLeaderEpoch: offset.leaderEpoch ?? NO_EPOCH,
      committedMetadata: offset.metadata ?? '',
    })),
  }));
  const { groupId, generationId, memberId, groupInstanceId } = member;
  const response = await connection.request(
    OffsetCommitRequest,
    OffsetCommitResponse,
    (version) => ({
      groupId,
      generationIdOrMemberEpoch: generationId,
      memberId,
      groupInstanceId: version >= 7 ? groupInstanceId : null,
      retentionTimeMs: BROKER_RETENTION_MS,
      topics,
    }),
    { timeoutMs, versionMax: BY_NAME_VERSION_MAX },
  );
  return new Map(
    response.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode }) => [`${name}-${partitionIndex}`, errorCode]),
    ),
  );
}

/**
 * The committed offsets of these partitions, or of all when `partitions` is null. What was never
 * committed is missing. `isStable`: waits (by a retriable error) for open transactions on them.
 */
export async function fetchGroupOffsets(
  connection: RequestSender,
  groupId: string,
  partitions: readonly TopicPartition[] | null,
  options: { readonly isStable: boolean; readonly timeoutMs: number },
): Promise<readonly TopicPartitionOffset[]> {
  const topics =
    partitions === null
      ? null
      : [...Map.groupBy(partitions, (each) => each.topic)].map(([name, each]) => ({
          name,
          topicId: NO_TOPIC_ID,
          partitionIndexes: each.map(({ partition }) => partition),
        }));
  const what = `Fetching the committed offsets of the group "${groupId}"`;
  const response = await connection.request(
    OffsetFetchRequest,
    OffsetFetchResponse,
    (version) => ({
      groupId: version < MANY_GROUPS_FROM ? groupId : '',
      topics: version < MANY_GROUPS_FROM ? topics : [],
      groups:
        version < MANY_GROUPS_FROM
          ? []
          : [{ groupId, memberId: null, memberEpoch: NO_EPOCH, topics }],
      requireStable: version >= 7 ? options.isStable : false,
    }),
    { timeoutMs: options.timeoutMs, versionMax: BY_NAME_VERSION_MAX },
  );
  const answer = response.groups[0] ?? response;
  if (answer.errorCode !== 0) throw brokerError(answer.errorCode, what);
  return answer.topics.flatMap((topic) =>
    topic.partitions.flatMap((found) => {
      const { partitionIndex: partition, errorCode, committedOffset: offset } = found;
      if (errorCode !== 0) throw brokerError(errorCode, `${what} (${topic.name}-${partition})`);
      if (offset < 0) return [];
      const leaderEpoch = found.committedLeaderEpoch < 0 ? null : found.committedLeaderEpoch;
      return { topic: topic.name, partition, offset, leaderEpoch, metadata: found.metadata };
    }),
  );
}
