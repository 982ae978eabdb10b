import type { RebalanceListener } from '../consumer/contract.ts';
import type { GroupConfig } from '../consumer/consumer-config.ts';
import type { PartitionTable } from '../consumer/partition-table.ts';
import type { AssignmentMetrics } from '../metrics/assignment-metrics.ts';
import type { GroupMetrics } from '../metrics/group-metrics.ts';
import type { GroupCluster, GroupCoordinator } from './group-link.ts';
import type { Generation } from './membership-state.ts';
import type { TopicSubscription } from './topic-subscription.ts';

/** A consumer's place in its group, whichever protocol the group speaks. */
export interface SubscribedGroup {
  /**
   * As whom to commit; `generationId` (the member epoch, with KIP-848) is -1 while there is no generation, or a new one
   * is being formed.
   */
  readonly generation: Generation;
  /** Whether a rebalance is under way that commits have to wait for. */
  readonly isRebalancing: boolean;
  enterPoll(): void;
  leavePoll(): void;
  /** Takes note of how a commit was answered. */
  noteCommit(code: string, sentAs: Generation): void;
  /**
   * Does what the group asks for now, without waiting for the network. Listeners are awaited.
   *
   * @throws KafkaError when the group refuses this member; what a listener throws
   */
  update(): Promise<void>;
  /** Gives everything up and leaves. */
  close(timeoutMs: number): Promise<void>;
}

/** What a consumer's membership works with. */
export interface SubscribedGroupOptions {
  readonly cluster: GroupCluster;
  readonly coordinators: GroupCoordinator;
  readonly config: GroupConfig;
  readonly rack: string;
  readonly partitions: PartitionTable;
  readonly subscription: TopicSubscription;
  readonly listener: RebalanceListener;
  readonly metrics: { readonly group: GroupMetrics; readonly assignment: AssignmentMetrics };
  /** Called before partitions are given up, while commits still count. */
  readonly beforeRevocation: () => Promise<void>;
  /** The assignment was changed: what was fetched for partitions that are gone can go too. */
  readonly onAssignment: () => void;
  /** The next poll has something to do. */
  readonly onNews: () => void;
}
