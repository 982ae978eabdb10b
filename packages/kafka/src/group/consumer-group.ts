import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { TopicPartition } from '../consumer/contract.ts';
import type { Assignor, PartitionRacks } from './assignors/assignor.ts';
import { isCooperative } from './assignors/configured-assignors.ts';
import {
  CONSUMER_PROTOCOL_TYPE,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts';
import { GroupMembership, type JoinedGroup } from './group-membership.ts';
import type { GroupMemberInfo, GroupSubprotocol } from './group-requests.ts';
import { type Generation, NO_GENERATION } from './membership-state.ts';
import { difference, isSameSet } from './partition-difference.ts';
import type { SubscribedGroup, SubscribedGroupOptions } from './subscribed-group.ts';

/** Why a revocation happens, for whoever reads the coordinator's log. */
const REVOKED_REASON = 'need to revoke partitions and re-join';

/**
 * A consumer in a classic group: joins as its subscription says, assigns when it leads, and tells the listener what it
 * gains and gives up. All that touches the assignment happens inside {@link update}, which polls call; only requests
 * run between polls. Mirrors Java's `ConsumerCoordinator`.
 */
export class ConsumerGroup implements SubscribedGroup {
  readonly #options: SubscribedGroupOptions;
  readonly #membership: GroupMembership;
  readonly #isCooperative: boolean;
  readonly #stopListening: () => void;
  /** A round that has ended, until the next update looks at it. */
  #finished: { readonly joined: JoinedGroup | null; readonly error: KafkaError | null } | null =
    null;
  /** The generation whose assignment is in use. */
  #current: JoinedGroup | null = null;
  #hasPrepared = false;
  #joinedTopics: readonly string[] = [];
  /** What a leader assigned: other partitions, or other racks where it has one, mean another assignment. */
  #assignedShapes: ReadonlyMap<string, string> | null = null;
  /** All topics of all members, for the leader. */
  #groupTopics: ReadonlySet<string> = new Set();

  constructor(options: SubscribedGroupOptions) {
    this.#options = options;
    const { config, cluster, coordinators, onNews, metrics } = options;
    this.#isCooperative = isCooperative(config.assignors);
    this.#membership = new GroupMembership({
      group: { groupId: config.groupId, groupInstanceId: config.instanceId },
      protocol: {
        type: CONSUMER_PROTOCOL_TYPE,
        protocols: () => this.#protocols(),
        assign: (name, _leaderId, members) => this.#assign(name, members),
      },
      cluster,
      coordinators,
      metrics: metrics.group,
      sessionTimeoutMs: config.sessionTimeoutMs,
      // The group waits for a member as long as the member may take between polls.
      rebalanceTimeoutMs: config.pollIntervalMaxMs,
      heartbeatIntervalMs: config.heartbeatIntervalMs,
      pollIntervalMaxMs: config.pollIntervalMaxMs,
      onChange: onNews,
    });
    this.#stopListening = cluster.onRefresh(() => this.#onMetadata());
  }

  get generation(): Generation {
    return this.#membership.state.type === 'stable' ? this.#membership.generation : NO_GENERATION;
  }
  get isRebalancing(): boolean {
    const { type } = this.#membership.state;
    return type === 'preparing' || type === 'completing';
  }

  enterPoll(): void {
    this.#membership.enterPoll();
  }
  leavePoll(): void {
    this.#membership.leavePoll();
  }
  noteCommit(code: string, sentAs: Generation): void {
    this.#membership.noteCommit(code, sentAs);
  }

  async update(): Promise<void> {
    for (;;) {
      await this.#loseIfLost();
      const finished = this.#finished;
      if (finished !== null) {
        this.#finished = null;
        await this.#afterRound(finished.joined, finished.error);
        continue;
      }
      if (this.#membership.isJoining || !this.#membership.isRejoinNeeded) return;
      if (!this.#isSubscriptionKnown()) return;
      await this.#prepare();
      this.#startRound();
      return;
    }
  }

  async close(timeoutMs: number): Promise<void> {
    this.#stopListening();
    try {
      await this.#loseIfLost();
      await this.#revoke(this.#options.partitions.partitions(), []);
    } finally {
      await this.#membership.leave('the consumer is being closed', timeoutMs);
      await this.#membership.close();
    }
  }

  #isSubscriptionKnown(): boolean {
    return this.#options.subscription.topics(this.#options.cluster.metadata) !== null;
  }

  #startRound(): void {
    void this.#round();
  }

  /** Never fails: the next update looks at how it ended. */
  async #round(): Promise<void> {
    try {
      this.#finished = { joined: await this.#membership.join(), error: null };
    } catch (thrown) {
      this.#finished = { joined: null, error: asKafkaError(thrown) };
    }
    this.#options.onNews();
  }

  async #afterRound(joined: JoinedGroup | null, error: KafkaError | null): Promise<void> {
    if (error !== null) throw error;
    // Another answer since: this one means nothing any more.
    if (joined === null || this.#membership.joined !== joined) return;
    this.#hasPrepared = false;
    await this.#complete(joined);
  }

  /** The generation is gone, so are the partitions: somebody else may have them already. */
  async #loseIfLost(): Promise<void> {
    const isLost = this.#current !== null && this.#membership.generation.generationId < 0;
    if (!isLost) return;
    this.#current = null;
    this.#hasPrepared = false;
    const { partitions, listener, metrics } = this.#options;
    const lost = partitions.partitions();
    this.#setAssignment([]);
    if (lost.length === 0) return;
    await metrics.assignment.time('lost', () => listener.onPartitionsLost(lost));
  }

  /** Before a join: an eager member gives up all it has, a cooperative one what it does not subscribe to any more. */
  async #prepare(): Promise<void> {
    if (this.#hasPrepared) return;
    this.#hasPrepared = true;
    const owned = this.#options.partitions.partitions();
    const topics = new Set(this.#topics());
    const kept = this.#isCooperative ? owned.filter(({ topic }) => topics.has(topic)) : [];
    await this.#revoke(difference(owned, kept), kept);
  }

  async #complete(joined: JoinedGroup): Promise<void> {
    const { partitions, listener, cluster, config, metrics } = this.#options;
    const { protocolName } = joined;
    const assigned = decodeAssignment(joined.assignment);
    this.#checkAssignment(assigned);
    this.#current = joined;
    if (!joined.isLeader) this.#assignedShapes = null;
    const owned = partitions.partitions();
    const kept = difference(owned, difference(owned, assigned));
    const revoked = difference(owned, kept);
    const added = difference(assigned, kept);
    cluster.logger.info(
      `Group "${config.groupId}": generation ${joined.generationId} (${protocolName}), ` +
        `${assigned.length} partitions, ${added.length} of them new, ${revoked.length} given up`,
      { memberId: joined.memberId, isLeader: joined.isLeader },
    );
    if (revoked.length > 0) this.#membership.requestRejoin(REVOKED_REASON);
    // A listener that fails while it gives up must not cost the member what it gains: the error comes last.
    const failed = await this.#revoke(revoked, kept).then(() => null, asKafkaError);
    cluster.want(assigned.map(({ topic }) => topic));
    this.#setAssignment(assigned);
    // What metadata brought while the round was on nobody has looked at yet.
    this.#rejoinIfChanged();
    await metrics.assignment.time('assigned', () => listener.onPartitionsAssigned(added));
    if (failed !== null) throw failed;
  }

  /** A leader that gives topics nobody asked for is confused: better to say so than to consume them. */
  #checkAssignment(assigned: readonly TopicPartition[]): void {
    const { subscription, config } = this.#options;
    const stranger = assigned.find(({ topic }) => !subscription.includes(topic));
    if (stranger === undefined) return;
    const text =
      `The leader of the group "${config.groupId}" assigned ${stranger.topic}-${stranger.partition}, ` +
      'but this consumer does not subscribe to that topic';
    this.#membership.requestRejoin(text);
    throw new KafkaError('INVALID_ASSIGNMENT', text, { isRetriable: true });
  }

  async #revoke(
    revoked: readonly TopicPartition[],
    kept: readonly TopicPartition[],
  ): Promise<void> {
    if (revoked.length === 0) return;
    const { beforeRevocation, listener, metrics } = this.#options;
    try {
      await beforeRevocation();
      await metrics.assignment.time('revoked', () => listener.onPartitionsRevoked(revoked));
    } finally {
      this.#setAssignment(kept);
    }
  }

  #setAssignment(partitions: readonly TopicPartition[]): void {
    this.#options.partitions.assign(partitions);
    this.#options.onAssignment();
  }

  #topics(): readonly string[] {
    const { subscription, cluster } = this.#options;
    return subscription.topics(cluster.metadata) ?? [];
  }

  #protocols(): readonly GroupSubprotocol[] {
    const { partitions, config, rack } = this.#options;
    this.#joinedTopics = this.#topics();
    const ownedPartitions = partitions.partitions();
    const generationId = this.#current?.generationId ?? -1;
    const subscription = {
      topics: this.#joinedTopics,
      ownedPartitions,
      generationId,
      rackId: rack === '' ? null : rack,
    };
    return config.assignors.map((assignor) => ({
      name: assignor.name,
      metadata: encodeSubscription({
        ...subscription,
        userData: assignor.userData(this.#stickyOwned(assignor), generationId),
      }),
    }));
  }

  /** The eager sticky assignor wants to know what was given up for this very rebalance. */
  #stickyOwned(assignor: Assignor): readonly TopicPartition[] {
    if (assignor.isCooperative || this.#current === null) return [];
    return decodeAssignment(this.#current.assignment);
  }

  async #assign(
    protocolName: string,
    members: readonly GroupMemberInfo[],
  ): Promise<ReadonlyMap<string, Buffer>> {
    const { cluster, config } = this.#options;
    const assignor = config.assignors.find((each) => each.name === protocolName);
    if (assignor === undefined) {
      const text = `The group "${config.groupId}" chose the assignor "${protocolName}", which this member did not offer`;
      throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL', text);
    }
    const known = members.map((member) => ({
      ...decodeSubscription(member.metadata),
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
    }));
    const topics = new Set(known.flatMap((member) => member.topics));
    if (cluster.want(topics)) await cluster.refresh();
    const counts = this.#countsOf(topics);
    this.#groupTopics = topics;
    this.#assignedShapes = this.#shapesOf(topics);
    const assignments = assignor.assign(counts, known, racksIn(cluster.metadata));
    return new Map(Array.from(assignments, ([id, each]) => [id, encodeAssignment(each)]));
  }

  /** How many partitions a topic has, and, for a leader with a rack, where they are (KIP-881). */
  #shapesOf(topics: Iterable<string>): ReadonlyMap<string, string> {
    const { cluster, rack } = this.#options;
    const racksOf = racksIn(cluster.metadata);
    return new Map(
      Array.from(this.#countsOf(topics), ([topic, count]) => {
        const racks = rack === '' ? [] : Array.from({ length: count }, (_, p) => racksOf(topic, p));
        return [topic, `${count} ${racks.map((each) => [...each].toSorted().join()).join(';')}`];
      }),
    );
  }

  #countsOf(topics: Iterable<string>): ReadonlyMap<string, number> {
    const { metadata } = this.#options.cluster;
    const counts = new Map<string, number>();
    for (const name of topics) {
      const topic = metadata.topics.get(name);
      if (topic !== undefined) counts.set(name, topic.partitions.length);
    }
    return counts;
  }

  #onMetadata(): void {
    this.#options.onNews();
    this.#rejoinIfChanged();
  }

  /** New topics that match, or (for the leader) another number of partitions, need another assignment. */
  #rejoinIfChanged(): void {
    if (this.#membership.isRejoinNeeded) return;
    const topics = this.#topics();
    if (!isSameSet(topics, this.#joinedTopics)) {
      this.#membership.requestRejoin('the subscribed topics have changed');
      return;
    }
    const before = this.#assignedShapes;
    if (before === null || this.#current?.isLeader !== true) return;
    const now = this.#shapesOf(this.#groupTopics);
    const isChanged =
      now.size !== before.size || [...now].some(([topic, shape]) => before.get(topic) !== shape);
    if (isChanged)
      this.#membership.requestRejoin('the partitions of the group’s topics have changed');
  }
}

function racksIn({ topics, brokers }: ClusterMetadata): PartitionRacks {
  return (topic, partition) => {
    const replicas = topics.get(topic)?.partitions[partition]?.replicas ?? [];
    return new Set(replicas.flatMap((id) => brokers.get(id)?.rack ?? []));
  };
}
