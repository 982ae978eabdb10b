import { type Clock, systemClock } from '../clock.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Coordinators } from '../cluster/coordinators.ts';
import { clientConfigOf } from '../config/client-config.ts';
import { commonKeys } from '../config/common-keys.ts';
import { parseConfig } from '../config/config-values.ts';
import { WakeSignal } from '../consumer/wake-signal.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';
import type { ClientMetric } from '../metrics/client-metric.ts';
import { GroupMetrics } from '../metrics/group-metrics.ts';
import { MetricsRegistry } from '../metrics/metrics-registry.ts';
import { NetworkMetrics } from '../metrics/network-metrics.ts';
import { GroupMembership, type GroupProtocol, type JoinedGroup } from './group-membership.ts';
import { type Generation, NO_GENERATION } from './membership-state.ts';

/** Told of rebalances from inside `poll`, and awaited there. */
interface WorkerGroupListener {
  /**
   * A join is about to begin. `isLost`: the member was put out of its generation, what it had may be somebody else's
   * by now. Else it still counts as a member: whether anything is given up is the protocol's decision.
   */
  onRejoin(isLost: boolean): void | Promise<void>;
  /** The member is in a new generation. */
  onJoined(joined: JoinedGroup): void | Promise<void>;
}

/** What a member of a worker group is made with. */
export interface WorkerGroupOptions {
  readonly groupId: string;
  /** `session.timeout.ms` */
  readonly sessionTimeoutMs: number;
  /** `rebalance.timeout.ms`: also how long the worker may stay out of `poll` before it leaves. */
  readonly rebalanceTimeoutMs: number;
  /** `heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  readonly protocol: GroupProtocol;
  readonly listener: WorkerGroupListener;
  readonly logger: KafkaLogger;
  /** For tests. */
  readonly clock?: Clock;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
}

const LEAVE_MS = 5000;

/**
 * Membership for workers that divide something else than partitions: any protocol type, metadata and assignments are
 * bytes of the protocol's own. Never static. Mirrors Java's `WorkerGroupMember` over `WorkerCoordinator`.
 */
export class WorkerGroup implements AsyncDisposable {
  readonly #options: WorkerGroupOptions;
  readonly #cluster: Cluster;
  readonly #membership: GroupMembership;
  readonly #registry: MetricsRegistry;
  readonly #news = new WakeSignal();
  #isWoken = false;
  #joined: JoinedGroup | null = null;
  #hasPrepared = false;
  #finished: { readonly joined: JoinedGroup | null; readonly error: unknown } | null = null;
  #closing: Promise<void> | null = null;

  /**
   * `properties`: Java's names of what clients have in common (`bootstrap.servers`, `security.protocol`, `client.id` ...).
   *
   * @throws ConfigError for values that can't be
   */
  constructor(properties: Readonly<Record<string, string>>, options: WorkerGroupOptions) {
    this.#options = options;
    const { groupId, logger, clock = systemClock, random = Math.random } = options;
    const values = parseConfig('worker group', commonKeys, properties, logger);
    const config = clientConfigOf(values, `connect-${groupId}`);
    this.#registry = new MetricsRegistry(clock);
    const network = new NetworkMetrics(this.#registry, 'connect', config.clientId);
    const isCreatingTopics = false;
    this.#cluster = new Cluster({ config, logger, clock, random, isCreatingTopics, network });
    const metrics = new GroupMetrics(this.#registry, 'connect', config.clientId, clock);
    this.#membership = new GroupMembership({
      metrics,
      group: { groupId, groupInstanceId: null },
      protocol: options.protocol,
      cluster: this.#cluster,
      coordinators: new Coordinators(this.#cluster),
      sessionTimeoutMs: options.sessionTimeoutMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs,
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      pollIntervalMaxMs: options.rebalanceTimeoutMs,
      onChange: () => this.#news.set(),
    });
  }

  /** Empty until the coordinator gave one. */
  get memberId(): string {
    return this.#membership.state.memberId;
  }
  /** `generationId` -1 while the member is in none. */
  get generation(): Generation {
    const { state } = this.#membership;
    return state.type === 'stable' ? this.#membership.generation : NO_GENERATION;
  }

  /**
   * Keeps the membership going for so long: joins when need be, and tells the listener. Ends early after a
   * {@link wakeup}. To be called again within the rebalance timeout; heartbeats go on between calls.
   *
   * @throws KafkaError when the group refuses this member; what a listener throws
   */
  async poll(timeoutMs: number): Promise<void> {
    if (this.#closing !== null) throw closed(this.#options.groupId);
    const { clock } = this.#cluster;
    const deadlineMs = clock.now() + timeoutMs;
    this.#membership.enterPoll();
    try {
      for (;;) {
        await this.#update();
        const leftMs = deadlineMs - clock.now();
        if (this.#isWoken || leftMs <= 0 || this.#isClosing()) break;
        await this.#news.wait(leftMs);
      }
    } finally {
      this.#isWoken = false;
      this.#membership.leavePoll();
    }
  }

  /** Ends a waiting `poll`, or the next one. */
  wakeup(): void {
    this.#isWoken = true;
    this.#news.set();
  }

  /**
   * `connect-coordinator-metrics`, but for what only the worker knows (assigned connectors and tasks),
   * and `connect-metrics` of the network.
   */
  metrics(): readonly ClientMetric[] {
    return this.#registry.snapshot();
  }

  /** The next `poll` joins again. `reason` is for the coordinator's log. */
  requestRejoin(reason: string): void {
    this.#membership.requestRejoin(reason);
  }

  /** Leaves the group without being closed; the next `poll` would join again. */
  async leave(reason: string): Promise<void> {
    await this.#membership.leave(reason, LEAVE_MS);
  }

  /** Leaves, as far as that is quick, and ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.wakeup();
    await this.#membership.leave('the worker is being closed', LEAVE_MS);
    const closing = this.#membership.close();
    this.#cluster[Symbol.dispose]();
    await closing;
  }

  #isClosing(): boolean {
    return this.#closing !== null;
  }

  async #update(): Promise<void> {
    for (;;) {
      if (this.#isClosing()) return;
      const finished = this.#finished;
      this.#finished = null;
      if (finished !== null && finished.error !== null) throw finished.error;
      if (finished !== null && finished.joined !== null) await this.#onJoined(finished.joined);
      if (finished !== null) continue;
      if (this.#membership.isJoining || !this.#membership.isRejoinNeeded) return;
      await this.#prepare();
      void this.#round();
      return;
    }
  }

  async #onJoined(joined: JoinedGroup): Promise<void> {
    if (this.#membership.joined !== joined) return;
    this.#joined = joined;
    this.#hasPrepared = false;
    await this.#options.listener.onJoined(joined);
  }

  async #prepare(): Promise<void> {
    const isLost = this.#membership.generation.generationId < 0 && this.#joined !== null;
    if (this.#hasPrepared && !isLost) return;
    this.#hasPrepared = true;
    if (isLost) this.#joined = null;
    await this.#options.listener.onRejoin(isLost);
  }

  /** Never fails: the next update looks at how it ended. `close` waits for it with the membership. */
  async #round(): Promise<void> {
    try {
      this.#finished = { joined: await this.#membership.join(), error: null };
    } catch (error) {
      this.#finished = { joined: null, error };
    }
    this.#news.set();
  }
}

function closed(groupId: string): KafkaError {
  return new KafkaError('CLIENT_CLOSED', `The member of the group "${groupId}" is closed`);
}
