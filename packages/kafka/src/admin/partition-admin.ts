import { errorInfo, isRetriable } from '@sluice/protocol';
import { DeleteRecordsRequest } from '@sluice/protocol/gen/delete-records-request';
import { DeleteRecordsResponse } from '@sluice/protocol/gen/delete-records-response';
import { DescribeProducersRequest } from '@sluice/protocol/gen/describe-producers-request';
import { DescribeProducersResponse } from '@sluice/protocol/gen/describe-producers-response';
import { askLeaderForOffsets, type FoundOffset, ISOLATION } from '../cluster/partition-offsets.ts';
import type { Connection } from '../connection/connection.ts';
import type { TopicPartition, TopicPartitionOffset } from '../consumer/contract.ts';
import { brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { type AdminCalls, forEachItem, type Outcome, type Outcomes } from './admin-calls.ts';

/**
 * Which offset of a partition. Mirrors Java's `OffsetSpec`; a number is a time in milliseconds since the epoch: the first
 * record that is not older.
 */
export type OffsetSpec =
  | 'earliest'
  | 'latest'
  | 'max-timestamp'
  | 'earliest-local'
  | 'latest-tiered'
  | 'earliest-pending-upload'
  | number;

/** A partition and what is asked about it. */
export interface OffsetQuestion extends TopicPartition {
  readonly spec: OffsetSpec;
}

/** The answer. */
export interface ListedOffset {
  /** -1 when there is no such record. */
  readonly offset: number;
  /** Of the record found; -1 for `earliest` and `latest`. */
  readonly timestamp: number;
  readonly leaderEpoch: number | null;
}

/** A producer that the leader of a partition remembers. */
export interface ActiveProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  /** In milliseconds since the epoch. */
  readonly lastTimestamp: number;
  /** `null` when it has written no transaction marker yet. */
  readonly coordinatorEpoch: number | null;
  /** Where its open transaction begins in this partition; `null` without one. */
  readonly currentTransactionStartOffset: number | null;
}

/** The wire's number of each {@link OffsetSpec}, and the first version of ListOffsets that knows it. */
const SPECS = {
  latest: { timestamp: -1, since: 1 },
  earliest: { timestamp: -2, since: 1 },
  'max-timestamp': { timestamp: -3, since: 7 },
  'earliest-local': { timestamp: -4, since: 8 },
  'latest-tiered': { timestamp: -5, since: 9 },
  'earliest-pending-upload': { timestamp: -6, since: 11 },
} as const;

/** What only a partition's leader can tell or do, each partition with its own outcome. */
export class PartitionAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /** Outcomes by the question's own object. `isCommittedOnly`: what a `read_committed` consumer would see. */
  listOffsets(
    questions: readonly OffsetQuestion[],
    options: { readonly isCommittedOnly?: boolean } = {},
  ): Promise<Outcomes<OffsetQuestion, ListedOffset>> {
    const isolation = options.isCommittedOnly ? ISOLATION.readCommitted : ISOLATION.readUncommitted;
    return this.#atTheirLeaders(questions, 'Listing offsets', async (connection, open) => {
      const queries = open.map(({ topic, partition, spec }) => {
        const { timestamp, since } = wireSpec(spec);
        return { topic, partition, timestamp, since };
      });
      const { requestTimeoutMs } = this.#calls.cluster.config;
      const what = 'Listing the offset';
      const context = { isolationLevel: isolation, requestTimeoutMs, what };
      const answers = await askLeaderForOffsets(connection, queries, context);
      return answers.map((answer) => (answer instanceof KafkaError ? answer : listed(answer)));
    });
  }

  /**
   * Deletes what is before an offset; -1 deletes all there is. Answers the new first offset, by the offset's own object.
   * `OFFSET_OUT_OF_RANGE` beyond the end, `POLICY_VIOLATION` where the topic's `cleanup.policy` has no `delete`.
   */
  deleteRecords(
    before: readonly TopicPartitionOffset[],
  ): Promise<Outcomes<TopicPartitionOffset, number>> {
    return this.#atTheirLeaders(before, 'Deleting records', async (connection, open) => {
      const { requestTimeoutMs: timeoutMs } = this.#calls.cluster.config;
      const topics = [...Map.groupBy(open, (each) => each.topic)].map(([name, each]) => ({
        name,
        partitions: each.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
      }));
      const response = await connection.request(
        DeleteRecordsRequest,
        DeleteRecordsResponse,
        () => ({ topics, timeoutMs }),
        { timeoutMs },
      );
      return open.map(({ topic, partition }) => {
        const answer = response.topics
          .find(({ name }) => name === topic)
          ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
        const what = `Deleting records of ${topic}-${partition}`;
        return answer && leaderOutcome(answer.errorCode, what, answer.lowWatermark, null);
      });
    });
  }

  /** Who wrote to partitions lately, with open transactions (KIP-664). Outcomes by the partition's own object. */
  describeProducers(
    partitions: readonly TopicPartition[],
  ): Promise<Outcomes<TopicPartition, readonly ActiveProducer[]>> {
    return this.#atTheirLeaders(partitions, 'Describing producers', async (connection, open) => {
      const topics = [...Map.groupBy(open, (each) => each.topic)].map(([name, each]) => ({
        name,
        partitionIndexes: each.map(({ partition }) => partition),
      }));
      const response = await connection.request(
        DescribeProducersRequest,
        DescribeProducersResponse,
        () => ({ topics }),
        { timeoutMs: this.#calls.cluster.config.requestTimeoutMs },
      );
      return open.map(({ topic, partition }) => {
        const answer = response.topics
          .find(({ name }) => name === topic)
          ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
        if (answer === undefined) return undefined;
        const what = `Describing the producers of ${topic}-${partition}`;
        const producers = answer.activeProducers.map((producer) => ({
          producerId: producer.producerId,
          producerEpoch: producer.producerEpoch,
          lastSequence: producer.lastSequence,
          lastTimestamp: producer.lastTimestamp,
          coordinatorEpoch: producer.coordinatorEpoch < 0 ? null : producer.coordinatorEpoch,
          currentTransactionStartOffset:
            producer.currentTxnStartOffset < 0 ? null : producer.currentTxnStartOffset,
        }));
        return leaderOutcome(answer.errorCode, what, producers, answer.errorMessage);
      });
    });
  }

  /** `ask` answers in the order asked. Leaders are looked up again when one has moved. */
  async #atTheirLeaders<K extends TopicPartition, T>(
    items: readonly K[],
    what: string,
    ask: (
      connection: Connection,
      open: readonly K[],
    ) => Promise<readonly (Outcome<T> | undefined)[]>,
  ): Promise<Outcomes<K, T>> {
    const { cluster } = this.#calls;
    let isStale = false;
    return forEachItem<K, T>(cluster, items, this.#calls.retry(what), async (open) => {
      if (cluster.want(open.map(({ topic }) => topic)) || isStale) await cluster.refresh();
      isStale = true;
      const byLeader = Map.groupBy(
        open,
        ({ topic, partition }) => cluster.metadata.partition(topic, partition)?.leader ?? -1,
      );
      const answers = await Promise.all(
        Array.from(byLeader, async ([leader, each]): Promise<readonly [K, Outcome<T>][]> => {
          if (leader < 0) return each.map((item) => [item, leaderless(item, what)]);
          const given = await ask(await cluster.connection(leader), each);
          return each.flatMap((item, i): [K, Outcome<T>][] => {
            const answer = given[i];
            return answer === undefined ? [] : [[item, answer]];
          });
        }),
      );
      return new Map(answers.flat());
    });
  }
}

function wireSpec(spec: OffsetSpec): { readonly timestamp: number; readonly since: number } {
  return typeof spec === 'number' ? { timestamp: spec, since: 1 } : SPECS[spec];
}

function listed({ offset, foundTimestamp: timestamp, leaderEpoch }: FoundOffset): ListedOffset {
  return { offset, timestamp, leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch };
}

/** Retriable as the error is: another leader, or the same one later, may answer better. */
function leaderOutcome<T>(code: number, what: string, value: T, detail: string | null): Outcome<T> {
  if (code === 0) return value;
  const error = brokerError(code, what, detail);
  const mayPass = isRetriable(code) && errorInfo(code).name !== 'UNKNOWN_TOPIC_OR_PARTITION';
  return new KafkaError(error.code, error.message, { isRetriable: mayPass });
}

function leaderless({ topic, partition }: TopicPartition, what: string): KafkaError {
  const text = `${what}: ${topic}-${partition} does not exist, or has no leader now`;
  return new KafkaError('LEADER_NOT_AVAILABLE', text, { isRetriable: true });
}
