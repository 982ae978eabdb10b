import { OffsetDeleteRequest } from '@sluice/protocol/gen/offset-delete-request';
import { OffsetDeleteResponse } from '@sluice/protocol/gen/offset-delete-response';
import type { Connection } from '../connection/connection.ts';
import type { TopicPartition, TopicPartitionOffset } from '../consumer/contract.ts';
import { brokerError } from '../errors/broker-error.ts';
import { fetchGroupOffsets, offsetCommitCodes, outsider } from '../group/group-offsets.ts';
import {
  type AdminCalls,
  forEachItem,
  type Outcome,
  type Outcomes,
  outcomeOf,
} from './admin-calls.ts';

/** The committed offsets of groups, each partition with its own outcome. */
export class GroupOffsetAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /**
   * What a group has committed: for these partitions, or for all. What was never committed is missing. `isStable` waits
   * for open transactions that commit offsets.
   */
  list(
    groupId: string,
    options: {
      readonly partitions?: readonly TopicPartition[];
      readonly isStable?: boolean;
    } = {},
  ): Promise<readonly TopicPartitionOffset[]> {
    const { coordinators, cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const retry = this.#calls.retry(`Listing the offsets of the group "${groupId}"`);
    return coordinators.call('group', groupId, retry, (connection) =>
      fetchGroupOffsets(connection, groupId, options.partitions ?? null, {
        isStable: options.isStable ?? false,
        timeoutMs,
      }),
    );
  }

  /** Sets offsets of a group without active members; `UNKNOWN_MEMBER_ID` while it has some. Outcomes by the offset's own object. */
  alter(
    groupId: string,
    offsets: readonly TopicPartitionOffset[],
  ): Promise<Outcomes<TopicPartitionOffset, null>> {
    const what = `Altering the offsets of the group "${groupId}"`;
    return this.#eachOf(groupId, offsets, what, (connection, open, timeoutMs) =>
      offsetCommitCodes(connection, outsider(groupId), open, timeoutMs),
    );
  }

  /** Forgets offsets; `GROUP_SUBSCRIBED_TO_TOPIC` while a member subscribes to the topic. Outcomes by the partition's own object. */
  delete(
    groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<Outcomes<TopicPartition, null>> {
    const what = `Deleting offsets of the group "${groupId}"`;
    return this.#eachOf(groupId, partitions, what, async (connection, open, timeoutMs) => {
      const topics = [...Map.groupBy(open, (each) => each.topic)].map(([name, each]) => ({
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
      return new Map(
        response.topics.flatMap(({ name, partitions: answers }) =>
          answers.map(({ partitionIndex, errorCode }): [string, number] => [
            `${name}-${partitionIndex}`,
            errorCode,
          ]),
        ),
      );
    });
  }

  /** `ask` answers error codes by `topic-partition`. */
  #eachOf<K extends TopicPartition>(
    groupId: string,
    items: readonly K[],
    what: string,
    ask: (
      connection: Connection,
      open: readonly K[],
      timeoutMs: number,
    ) => Promise<ReadonlyMap<string, number>>,
  ): Promise<Outcomes<K, null>> {
    const { coordinators, cluster } = this.#calls;
    const { requestTimeoutMs } = cluster.config;
    const retry = this.#calls.retry(what);
    return forEachItem(cluster, items, retry, (open) =>
      coordinators.call('group', groupId, retry, async (connection) => {
        const codes = await ask(connection, open, requestTimeoutMs);
        const outcomes = open.flatMap((item): [K, Outcome<null>][] => {
          const name = `${item.topic}-${item.partition}`;
          const code = codes.get(name);
          return code === undefined ? [] : [[item, outcomeOf(code, `${what} (${name})`, null)]];
        });
        for (const [, outcome] of outcomes) coordinators.noteError('group', groupId, outcome);
        return new Map(outcomes);
      }),
    );
  }
}
