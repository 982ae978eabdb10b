import { TxnOffsetCommitRequest } from '@sluice/protocol/gen/txn-offset-commit-request';
import { TxnOffsetCommitResponse } from '@sluice/protocol/gen/txn-offset-commit-response';
import type { Coordinators } from '../cluster/coordinators.ts';
import type { Connection } from '../connection/connection.ts';
import type { ConsumerGroupMetadata } from '../consumer/consumer-group-metadata.ts';
import type { TopicPartitionOffset } from '../consumer/contract.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { ProducerIdentity } from '../producer/partition-sequences.ts';
import { isAnswerLost } from './transaction-requests.ts';

/** Newest version of the first protocol; above it, the group is added by itself (KIP-890). */
const FIRST_PROTOCOL_VERSION = 4;
/** From this version on, the group checks that the member still is one (KIP-447). */
const MEMBER_VERSION = 3;
const NO_EPOCH = -1;

/** What a transaction commits, and as whom. */
export interface TransactionOffsets {
  readonly transactionalId: string;
  readonly identity: ProducerIdentity;
  readonly isSecondProtocol: boolean;
  readonly group: ConsumerGroupMetadata;
  readonly offsets: readonly TopicPartitionOffset[];
}

export interface OffsetsOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called when a request has to be repeated that may still be carried out. */
  readonly onAnswerLost: () => void;
}

/**
 * Gives offsets to the group's coordinator, which makes them the group's when the transaction
 * commits. Repeated, for the partitions that are left, while errors are retriable.
 *
 * @throws KafkaError the first partition's error that is not
 */
export async function commitTransactionOffsets(
  coordinators: Coordinators,
  commit: TransactionOffsets,
  options: OffsetsOptions,
): Promise<void> {
  const { group, transactionalId } = commit;
  const { timeoutMs, signal, onAnswerLost } = options;
  const what = `Committing offsets of the group "${group.groupId}" in the transaction of "${transactionalId}"`;
  const retry = { deadlineMs: Number.POSITIVE_INFINITY, signal, what };
  let left = commit.offsets;
  await coordinators.call('group', group.groupId, retry, async (connection) => {
    const rest = { ...commit, offsets: left };
    const failures = await send(connection, rest, timeoutMs, what).catch((error: unknown) => {
      if (isAnswerLost(asKafkaError(error).code)) onAnswerLost();
      throw error;
    });
    left = left.filter((offset) => failures.has(offset));
    const worst = [...failures.values()].find((failure) => !failure.isRetriable);
    const failure = worst ?? failures.values().next().value;
    if (failure !== undefined) throw failure;
  });
}

async function send(
  connection: Connection,
  commit: TransactionOffsets,
  timeoutMs: number,
  what: string,
): Promise<ReadonlyMap<TopicPartitionOffset, KafkaError>> {
  const response = await connection.request(
    TxnOffsetCommitRequest,
    TxnOffsetCommitResponse,
    (version) => requestOf(commit, version),
    {
      timeoutMs,
      versionMax: commit.isSecondProtocol ? Number.POSITIVE_INFINITY : FIRST_PROTOCOL_VERSION,
    },
  );
  const failures = new Map<TopicPartitionOffset, KafkaError>();
  for (const offset of commit.offsets) {
    const answer = response.topics
      .find(({ name }) => name === offset.topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === offset.partition);
    // A partition that was left out of the answer may not have been taken.
    const code = answer?.errorCode ?? CODE.UNKNOWN_SERVER_ERROR;
    if (code === CODE.NONE) continue;
    failures.set(offset, brokerError(code, what, `${offset.topic}-${offset.partition}`));
  }
  return failures;
}

function requestOf(commit: TransactionOffsets, version: number): TxnOffsetCommitRequest {
  const { transactionalId, identity, group, offsets } = commit;
  const hasMember = version >= MEMBER_VERSION;
  if (!hasMember && group.generationId >= 0) throw noFencing(group.groupId);
  return {
    transactionalId,
    groupId: group.groupId,
    producerId: identity.producerId,
    producerEpoch: identity.producerEpoch,
    generationId: hasMember ? group.generationId : -1,
    memberId: hasMember ? group.memberId : '',
    groupInstanceId: hasMember ? group.groupInstanceId : null,
    topics: [...Map.groupBy(offsets, (each) => each.topic)].map(([name, each]) => ({
      name,
      partitions: each.map((offset) => ({
        partitionIndex: offset.partition,
        committedOffset: offset.offset,
        committedLeaderEpoch: offset.leaderEpoch ?? NO_EPOCH,
        committedMetadata: offset.metadata ?? '',
      })),
    })),
  };
}

function noFencing(groupId: string): KafkaError {
  return new KafkaError(
    'UNSUPPORTED_VERSION',
    `Committing offsets of the group "${groupId}" in a transaction: the broker can't check that ` +
      'the consumer still is a member of the group, which takes Kafka 2.5.',
  );
}

/** @throws KafkaError `INVALID_GROUP_METADATA` for a generation without a member, as Java. */
export function checkGroup(group: ConsumerGroupMetadata): void {
  if (group.generationId <= 0 || group.memberId !== '') return;
  throw new KafkaError(
    'INVALID_GROUP_METADATA',
    `Sending offsets of the group "${group.groupId}" to a transaction: its metadata has the ` +
      `generation ${group.generationId} but no member id. Take it from the consumer.`,
  );
}
