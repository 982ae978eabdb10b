import { DeleteGroupsRequest } from '@sluice/protocol/gen/delete-groups-request';
import { DeleteGroupsResponse } from '@sluice/protocol/gen/delete-groups-response';
import { OffsetDeleteRequest } from '@sluice/protocol/gen/offset-delete-request';
import { OffsetDeleteResponse } from '@sluice/protocol/gen/offset-delete-response';
import type { Connection } from '../connection/connection.ts';
import type { TopicPartition } from '../consumer/contract.ts';
import { brokerError } from '../errors/broker-error.ts';

interface Call {
  readonly timeoutMs: number;
  /** What is attempted, for the error. */
  readonly what: string;
}

/** Deletes a group with all its offsets. @throws KafkaError `NON_EMPTY_GROUP` while it has members */
export async function deleteGroup(
  connection: Connection,
  groupId: string,
  { timeoutMs, what }: Call,
): Promise<void> {
  const response = await connection.request(
    DeleteGroupsRequest,
    DeleteGroupsResponse,
    () => ({ groupsNames: [groupId] }),
    { timeoutMs },
  );
  for (const { errorCode } of response.results) {
    if (errorCode !== 0) throw brokerError(errorCode, what);
  }
}

/** Deletes single offsets of a group. @throws KafkaError while a member subscribes to their topic */
export async function deleteGroupOffsets(
  connection: Connection,
  groupId: string,
  partitions: readonly TopicPartition[],
  { timeoutMs, what }: Call,
): Promise<void> {
  const topics = [...Map.groupBy(partitions, (each) => each.topic)].map(([name, each]) => ({
    name,
    partitions: each.map(({ partition }) => ({ partitionIndex: partition })),
  }));
  const response = await connection.request(
    OffsetDeleteRequest,
    OffsetDeleteResponse,
    () => ({ groupId, topics }),
    { timeoutMs },
  );
  if (response.errorCode !== 0) throw brokerError(response.errorCode, what);
  for (const topic of response.topics) {
    for (const { partitionIndex, errorCode } of topic.partitions) {
      if (errorCode !== 0) {
        throw brokerError(errorCode, `${what} (${topic.name}-${partitionIndex})`);
      }
    }
  }
}
