import { pause } from '../clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Coordinators } from '../cluster/coordinators.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { commitGroupOffsets, type CommittingMember, outsider } from '../group/group-offsets.ts';
import type { SubscribedGroup } from '../group/subscribed-group.ts';
import type { GroupConfig } from './consumer-config.ts';
import type { TopicPartition, TopicPartitionOffset } from './contract.ts';

/** What commits are made with. */
export interface CommitsOptions {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  readonly group: GroupConfig | null;
  readonly signal: AbortSignal;
  /** Told how long each request took. */
  readonly onCommitted: (tookMs: number) => void;
  /**
   * What stands for the partition as long as this consumer has it: another one after it went and came back. `null`
   * while it has it not.
   */
  readonly holdOf: (partition: TopicPartition) => object | null;
}

/** Errors by which the coordinator says that the member is not in the generation any more. */
const OUT: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'STALE_MEMBER_EPOCH',
]);

/** Offsets with what stood for their partitions when they were to be committed. */
type Held = readonly (TopicPartitionOffset & { readonly hold: object | null })[];

/**
 * Commits offsets, one call after the other: a commit that has to be repeated must not overtake a later one. Each is
 * made as the member that its caller was when it asked, never as the member of a later generation, for the partitions
 * may belong to somebody else by then. So polls may go on meanwhile, and take partitions away and bring them back.
 */
export class Commits {
  readonly #options: CommitsOptions;
  #last: Promise<void> = Promise.resolve();

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /** @throws KafkaError `COMMIT_FAILED`, `REBALANCE_IN_PROGRESS`, `INVALID_GROUP_ID` and what brokers say */
  commit(
    offsets: readonly TopicPartitionOffset[],
    member: SubscribedGroup | null,
    deadlineMs: number,
  ): Promise<void> {
    const { group } = this.#options;
    if (group === null) {
      const text = 'Committing offsets: this consumer has no group; set "group.id"';
      return Promise.reject(new KafkaError('INVALID_GROUP_ID', text));
    }
    if (offsets.length === 0) return this.#last;
    const wrong = offsets.find(({ offset }) => !Number.isSafeInteger(offset) || offset < 0);
    if (wrong !== undefined) {
      const at = `${wrong.topic}-${wrong.partition}`;
      const text = `Committing the offset ${wrong.offset} of ${at}: offsets are not negative`;
      return Promise.reject(new KafkaError('INVALID_OFFSET', text));
    }
    const as = member === null ? outsider(group.groupId) : memberOf(group, member);
    if (as instanceof KafkaError) return Promise.reject(as);
    const held = offsets.map((each) => ({ ...each, hold: this.#options.holdOf(each) }));
    const done = this.#last.then(() => this.#send(held, as, member, deadlineMs));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Settles when all commits asked for so far are through. */
  idle(): Promise<void> {
    return this.#last;
  }

  async #send(
    offsets: Held,
    as: CommittingMember,
    member: SubscribedGroup | null,
    deadlineMs: number,
  ): Promise<void> {
    const { coordinators, cluster, signal, onCommitted } = this.#options;
    const { groupId, generationId, memberId } = as;
    const what = `Committing offsets of the group "${groupId}"`;
    const { requestTimeoutMs } = cluster.config;
    try {
      const { clock } = cluster;
      await coordinators.call(
        'group',
        groupId,
        { deadlineMs, signal, what },
        async (connection) => {
          const sentMs = clock.now();
          await commitGroupOffsets(connection, as, offsets, requestTimeoutMs);
          onCommitted(clock.now() - sentMs);
        },
      );
    } catch (thrown) {
      const error = asKafkaError(thrown);
      member?.noteCommit(error.code, { generationId, memberId });
      if (error.code === 'STALE_MEMBER_EPOCH' && member !== null) {
        const now = await this.#nextEpoch(offsets, as, member, deadlineMs);
        if (now !== null) return this.#send(offsets, now, member, deadlineMs);
      }
      if (OUT.has(error.code)) throw commitFailed(groupId, error);
      throw error.code === 'REBALANCE_IN_PROGRESS' ? rebalancing(groupId, error) : error;
    }
  }

  /**
   * KIP-848: the epoch grows with every change in the group, also when nothing changes for this member. As long as it
   * has had the partitions all the time, the same commit is right in the new epoch. `null`: it has not.
   */
  async #nextEpoch(
    offsets: Held,
    as: CommittingMember,
    member: SubscribedGroup,
    deadlineMs: number,
  ): Promise<CommittingMember | null> {
    const { cluster, signal, holdOf } = this.#options;
    const isKept = (each: Held[number]): boolean =>
      each.hold !== null && holdOf(each) === each.hold;
    while (cluster.clock.now() < deadlineMs && !signal.aborted) {
      const { generationId, memberId } = member.generation;
      if (generationId < 0 || memberId !== as.memberId || !offsets.every(isKept)) return null;
      if (generationId !== as.generationId) return { ...as, generationId };
      await pause(cluster.config.retryBackoff.initialMs, signal);
    }
    return null;
  }
}

function memberOf(group: GroupConfig, member: SubscribedGroup): CommittingMember | KafkaError {
  const { groupId, instanceId } = group;
  const { generationId, memberId } = member.generation;
  if (generationId >= 0) return { groupId, groupInstanceId: instanceId, generationId, memberId };
  return member.isRebalancing ? rebalancing(groupId, null) : commitFailed(groupId, null);
}

/** Java's `RebalanceInProgressException`. */
function rebalancing(groupId: string, cause: KafkaError | null): KafkaError {
  return new KafkaError(
    'REBALANCE_IN_PROGRESS',
    `Committing offsets of the group "${groupId}": a rebalance is under way. Poll until it is over, ` +
      'then commit what is still assigned.',
    { isRetriable: true, cause: cause ?? undefined },
  );
}

/** Java's `CommitFailedException`. */
function commitFailed(groupId: string, cause: KafkaError | null): KafkaError {
  return new KafkaError(
    'COMMIT_FAILED',
    `Committing offsets of the group "${groupId}": this consumer is not an active member of the group ` +
      'any more, its partitions may have been given to others. Records since the last commit will be ' +
      'read again. If polls come too late, process fewer records at a time ("max.poll.records") or allow ' +
      'more time ("max.poll.interval.ms").',
    { cause: cause ?? undefined },
  );
}
