import type { TopicPartition } from '../consumer/contract.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { HeartbeatMembership, type PartitionsById } from './heartbeat-membership.ts';
import { type Generation, NO_GENERATION } from './membership-state.ts';
import { difference, isSameSet } from './partition-difference.ts';
import type { SubscribedGroup, SubscribedGroupOptions } from './subscribed-group.ts';

/**
 * A consumer in a group of the new protocol (KIP-848, `group.protocol=consumer`): the coordinator says what this member
 * should have; it gives up what is not in there, takes what is, and says so. Inside {@link update} only, as with the
 * classic protocol. Mirrors Java's `ConsumerMembershipManager` and its reconciliation.
 */
export class HeartbeatGroup implements SubscribedGroup {
  readonly #options: SubscribedGroupOptions;
  readonly #membership: HeartbeatMembership;
  readonly #stopListening: () => void;
  /** What the coordinator wants, until it is done. */
  #target: PartitionsById | null = null;
  #isLost = false;
  #subscribed: readonly string[] | null = null;

  constructor(options: SubscribedGroupOptions) {
    this.#options = options;
    const { cluster, coordinators, config, rack, onNews, metrics } = options;
    this.#membership = new HeartbeatMembership({
      cluster,
      coordinators,
      config,
      rack,
      metrics: metrics.group,
      // Joins again only after the application was told that it has nothing any more.
      topics: () => (this.#isLost ? null : this.#topics()),
      onTarget: (target) => {
        this.#target = target;
        onNews();
      },
      onLost: () => {
        this.#target = null;
        this.#isLost = true;
        metrics.group.rebalanceFailed();
        onNews();
      },
      onChange: onNews,
    });
    this.#stopListening = cluster.onRefresh(() => this.#onMetadata());
  }

  get generation(): Generation {
    return this.#isLost ? NO_GENERATION : this.#membership.generation;
  }
  /** Commits need not wait: what is not given up yet is this member's. */
  get isRebalancing(): boolean {
    return false;
  }

  enterPoll(): void {
    this.#membership.enterPoll();
  }
  leavePoll(): void {
    this.#membership.leavePoll();
  }
  noteCommit(code: string): void {
    // The next heartbeat tells for sure.
    if (code === 'UNKNOWN_MEMBER_ID' || code === 'STALE_MEMBER_EPOCH') this.#membership.poke();
  }

  async update(): Promise<void> {
    await this.#loseIfLost();
    const { failure, state } = this.#membership;
    if (failure !== null) {
      // The poll after the one that throws tries again.
      this.#membership.join();
      throw failure;
    }
    if (state.type !== 'active') this.#membership.join();
    const target = this.#target;
    if (target === null) return;
    const wanted = this.#named(target);
    if (wanted === null) return;
    this.#target = null;
    await this.#reconcile(wanted);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#stopListening();
    try {
      await this.#loseIfLost();
      await this.#revoke(this.#options.partitions.partitions(), []);
    } finally {
      await this.#membership.leave(timeoutMs);
      await this.#membership.close();
    }
  }

  async #loseIfLost(): Promise<void> {
    if (!this.#isLost) return;
    const { partitions, listener, metrics } = this.#options;
    const lost = partitions.partitions();
    this.#setAssignment([]);
    try {
      if (lost.length > 0) {
        await metrics.assignment.time('lost', () => listener.onPartitionsLost(lost));
      }
    } finally {
      this.#isLost = false;
      this.#membership.poke();
    }
  }

  async #reconcile(wanted: readonly TopicPartition[]): Promise<void> {
    const { partitions, listener, cluster, config, metrics } = this.#options;
    metrics.group.rebalanceBegan();
    const owned = partitions.partitions();
    const revoked = difference(owned, wanted);
    const kept = difference(owned, revoked);
    const added = difference(wanted, kept);
    cluster.logger.info(
      `Group "${config.groupId}": ${wanted.length} partitions, ${added.length} of them new, ` +
        `${revoked.length} given up`,
      { ...this.#membership.generation },
    );
    try {
      // A listener that fails while it gives up must not cost the member what it gains: the error comes last.
      const failed = await this.#revoke(revoked, kept).then(() => null, asKafkaError);
      // Put out while the listener was at work: what was wanted then is void.
      if (!this.#isLost) {
        this.#setAssignment([...kept, ...added]);
        await metrics.assignment.time('assigned', () => listener.onPartitionsAssigned(added));
        metrics.group.rebalanceEnded();
      }
      if (failed !== null) throw failed;
    } finally {
      if (!this.#isLost) this.#membership.own(this.#identified(partitions.partitions()));
    }
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

  #topics(): readonly string[] | null {
    const { subscription, cluster } = this.#options;
    return subscription.topics(cluster.metadata);
  }

  /** `null` while metadata lacks a topic: it is on its way. */
  #named(target: PartitionsById): readonly TopicPartition[] | null {
    const { cluster } = this.#options;
    const named: TopicPartition[] = [];
    for (const [topicId, partitions] of target) {
      const topic = cluster.metadata.topicNameOf(topicId);
      if (topic === null) {
        cluster.refresh().catch(() => undefined);
        return null;
      }
      named.push(...partitions.map((partition) => ({ topic, partition })));
    }
    return named;
  }

  #identified(partitions: readonly TopicPartition[]): PartitionsById {
    const { topics } = this.#options.cluster.metadata;
    const byTopic = Map.groupBy(partitions, ({ topic }) => topics.get(topic)?.topicId ?? '');
    return new Map(
      Array.from(byTopic, ([topicId, each]) => [topicId, each.map(({ partition }) => partition)]),
    );
  }

  #onMetadata(): void {
    const topics = this.#topics();
    const before = this.#subscribed;
    this.#subscribed = topics;
    if (topics !== null && (before === null || !isSameSet(topics, before))) this.#membership.poke();
    this.#options.onNews();
  }
}
