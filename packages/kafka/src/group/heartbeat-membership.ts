import { errorInfo } from '@sluice/protocol';
import { ConsumerGroupHeartbeatRequest } from '@sluice/protocol/gen/consumer-group-heartbeat-request';
import {
  ConsumerGroupHeartbeatResponse,
  type ConsumerGroupHeartbeatResponseAssignment,
} from '@sluice/protocol/gen/consumer-group-heartbeat-response';
import { withinDeadline } from '../cluster/retrying.ts';
import { backoffMs } from '../connection/backoff.ts';
import { WakeSignal } from '../consumer/wake-signal.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { GroupConfig } from '../consumer/consumer-config.ts';
import type { GroupMetrics } from '../metrics/group-metrics.ts';
import {
  type HeartbeatEvent,
  type HeartbeatState,
  JOIN_EPOCH,
  LEAVE_EPOCH,
  LEAVE_STATIC_EPOCH,
  nextHeartbeat,
} from './heartbeat-state.ts';
import type { GroupCluster, GroupCoordinator } from './group-link.ts';
import type { Generation } from './membership-state.ts';

/** Partitions by the id of their topic, as the heartbeat writes them. */
export type PartitionsById = ReadonlyMap<string, readonly number[]>;

/** How a membership by heartbeats is kept. */
export interface HeartbeatMembershipOptions {
  readonly cluster: GroupCluster;
  readonly coordinators: GroupCoordinator;
  readonly config: GroupConfig;
  readonly rack: string;
  readonly metrics: GroupMetrics;
  /** What the member wants, asked at every heartbeat; `null` while that is not known yet. */
  readonly topics: () => readonly string[] | null;
  /** What the coordinator wants this member to have. */
  readonly onTarget: (target: PartitionsById) => void;
  /** The member was put out. */
  readonly onLost: () => void;
  /** The owner should look: refused, or put out. */
  readonly onChange: () => void;
}

type Said = Pick<ConsumerGroupHeartbeatRequest, 'subscribedTopicNames' | 'topicPartitions'>;

const MEMBER_ID_BYTES = 16;
/** Before, the coordinator gave out the member ids. */
const OWN_ID_FROM = 1;
const UNCHANGED_MS = -1;
/** Until the coordinator has said how often it wants to hear. */
const INTERVAL_MS = 5000;

/**
 * A membership under KIP-848: the coordinator divides, one heartbeat carries everything both ways. Each says in full
 * what is new since the last, and all of it after a failure.
 */
export class HeartbeatMembership {
  readonly #options: HeartbeatMembershipOptions;
  readonly #ending = new AbortController();
  readonly #wake = new WakeSignal();
  #memberId: string = nodeCrypto().randomBytes(MEMBER_ID_BYTES).toString('base64url');
  #running: Promise<void> | null = null;
  #state: HeartbeatState = { type: 'joining' };
  #owned: PartitionsById = new Map();
  /** What the coordinator has been told; `null` for all of it to be told again. */
  #told: { readonly topics: string; readonly owned: string } | null = null;
  #intervalMs = INTERVAL_MS;
  #lastPollMs: number;
  #isPolling = false;
  #lastError: KafkaError | null = null;

  constructor(options: HeartbeatMembershipOptions) {
    this.#options = options;
    this.#lastPollMs = options.cluster.clock.now();
  }

  get state(): HeartbeatState {
    return this.#state;
  }
  get generation(): Generation {
    const generationId = this.#state.type === 'active' ? this.#state.memberEpoch : -1;
    return { generationId, memberId: this.#memberId };
  }
  /** Why the member was refused, when it was. */
  get failure(): KafkaError | null {
    if (this.#state.type !== 'failed') return null;
    const { code } = this.#state;
    const text = `Being a member of the group "${this.#options.config.groupId}" failed with ${code}`;
    return new KafkaError(code, text, { cause: this.#lastError ?? undefined });
  }

  /** Begins, or comes back after having left or been refused. */
  join(): void {
    const { type } = this.#state;
    this.#dispatch({ type: 'rejoined' });
    this.#running ??= this.#run();
    if (this.#state.type !== type) this.#wake.set();
  }

  /** Tells what the member has now: the coordinator gives what was given up to others. */
  own(partitions: PartitionsById): void {
    this.#owned = partitions;
    this.#wake.set();
  }

  /** Says at once what changed in what the member wants. */
  poke(): void {
    this.#wake.set();
  }

  enterPoll(): void {
    this.#isPolling = true;
  }
  leavePoll(): void {
    this.#isPolling = false;
    this.#lastPollMs = this.#options.cluster.clock.now();
  }

  /** Goes; static members say that they will be back. */
  async leave(timeoutMs: number): Promise<void> {
    const { type } = this.#state;
    this.#dispatch({ type: 'left' });
    if (type !== 'active') return;
    const isStatic = this.#options.config.instanceId !== null;
    const { cluster, config } = this.#options;
    try {
      const nothing = { subscribedTopicNames: null, topicPartitions: null };
      await this.#send(isStatic ? LEAVE_STATIC_EPOCH : LEAVE_EPOCH, nothing, timeoutMs);
    } catch (error) {
      // The coordinator will miss the heartbeats: leaving only makes it faster.
      cluster.logger.debug(`Leaving the group "${config.groupId}": ${asKafkaError(error).message}`);
    }
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#wake.set();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { cluster } = this.#options;
    let failures = 0;
    while (!this.#ending.signal.aborted) {
      const isAgain = await this.#beat();
      failures = isAgain ? failures + 1 : 0;
      const { retryBackoff } = cluster.config;
      const waitMs = isAgain
        ? backoffMs(retryBackoff, failures - 1, cluster.random)
        : this.#intervalMs;
      if (!this.#hasNews() || isAgain) await this.#wake.wait(waitMs);
    }
  }

  /** True when it has to be said again soon. */
  async #beat(): Promise<boolean> {
    if (this.#isOverdue()) await this.#leaveOverdue();
    const topics = this.#options.topics();
    const { type } = this.#state;
    if (topics === null || type === 'left' || type === 'failed') return false;
    const memberEpoch = this.#state.type === 'active' ? this.#state.memberEpoch : JOIN_EPOCH;
    if (memberEpoch === JOIN_EPOCH) this.#told = null;
    const now = { topics: topics.toSorted().join(), owned: textOf(this.#owned) };
    const said: Said = {
      subscribedTopicNames: this.#told?.topics === now.topics ? null : topics,
      topicPartitions: this.#told?.owned === now.owned ? null : listOf(this.#owned),
    };
    const { sessionTimeoutMs } = this.#options.config;
    const { requestTimeoutMs } = this.#options.cluster.config;
    try {
      this.#options.metrics.heartbeatSent();
      const response = await this.#send(
        memberEpoch,
        said,
        Math.min(requestTimeoutMs, sessionTimeoutMs),
      );
      this.#options.metrics.heartbeatAnswered();
      return this.#onAnswer(response, now);
    } catch (thrown) {
      if (this.#ending.signal.aborted) return false;
      return this.#onError(asKafkaError(thrown));
    }
  }

  #onAnswer(
    response: ConsumerGroupHeartbeatResponse,
    now: { readonly topics: string; readonly owned: string },
  ): boolean {
    const { errorCode, errorMessage, memberId, memberEpoch } = response;
    const { heartbeatIntervalMs, assignment } = response;
    const code = errorInfo(errorCode).name;
    if (code !== 'NONE') return this.#onError(new KafkaError(code, errorMessage ?? code));
    this.#told = now;
    this.#memberId = memberId ?? this.#memberId;
    this.#intervalMs = heartbeatIntervalMs > 0 ? heartbeatIntervalMs : this.#intervalMs;
    this.#dispatch({ type: 'answered', code, memberEpoch });
    if (assignment !== null && this.#state.type === 'active') this.#aim(assignment);
    return false;
  }

  #onError(error: KafkaError): boolean {
    const { cluster, coordinators, config } = this.#options;
    cluster.logger.debug(`The heartbeat of the group "${config.groupId}": ${error.message}`);
    coordinators.noteError('group', config.groupId, error);
    this.#told = null;
    this.#lastError = error;
    return this.#dispatch({ type: 'answered', code: error.code, memberEpoch: -1 });
  }

  #aim({ topicPartitions }: ConsumerGroupHeartbeatResponseAssignment): void {
    const { onTarget } = this.#options;
    onTarget(new Map(topicPartitions.map(({ topicId, partitions }) => [topicId, partitions])));
  }

  #hasNews(): boolean {
    const topics = this.#options.topics();
    if (this.#state.type === 'joining' && topics !== null) return true;
    if (this.#state.type !== 'active' || topics === null) return false;
    return (
      this.#told?.owned !== textOf(this.#owned) || this.#told.topics !== topics.toSorted().join()
    );
  }

  #send(
    memberEpoch: number,
    said: Said,
    timeoutMs: number,
  ): Promise<ConsumerGroupHeartbeatResponse> {
    const { cluster, coordinators, config, rack } = this.#options;
    const isJoining = memberEpoch === JOIN_EPOCH;
    const request = coordinators.connection('group', config.groupId).then((connection) =>
      connection.request(
        ConsumerGroupHeartbeatRequest,
        ConsumerGroupHeartbeatResponse,
        (version) => ({
          groupId: config.groupId,
          memberId: isJoining && version < OWN_ID_FROM ? '' : this.#memberId,
          memberEpoch,
          instanceId: config.instanceId,
          rackId: isJoining && rack !== '' ? rack : null,
          rebalanceTimeoutMs: isJoining ? config.pollIntervalMaxMs : UNCHANGED_MS,
          subscribedTopicRegex: null,
          serverAssignor: isJoining ? config.remoteAssignor : null,
          ...said,
        }),
        { timeoutMs },
      ),
    );
    const what = `The heartbeat of the group "${config.groupId}"`;
    const deadlineMs = cluster.clock.now() + timeoutMs;
    const { signal } = this.#ending;
    return withinDeadline({ clock: cluster.clock, deadlineMs, signal, what }, request);
  }

  #dispatch(event: HeartbeatEvent): boolean {
    const { state, effects } = nextHeartbeat(this.#state, event);
    const isNew = state.type !== this.#state.type;
    this.#state = state;
    if (effects.includes('lost')) {
      this.#owned = new Map();
      this.#options.onLost();
    }
    if (isNew) this.#options.onChange();
    return effects.includes('back-off');
  }

  #isOverdue(): boolean {
    if (this.#isPolling || this.#state.type !== 'active') return false;
    const { cluster, config } = this.#options;
    return cluster.clock.now() - this.#lastPollMs > config.pollIntervalMaxMs;
  }

  async #leaveOverdue(): Promise<void> {
    const { cluster, config } = this.#options;
    cluster.logger.warn(
      `Leaving the group "${config.groupId}": the time between two polls was longer than ` +
        `${config.pollIntervalMaxMs} ms. Process fewer records per poll ("max.poll.records") or allow ` +
        'more time ("max.poll.interval.ms").',
    );
    await this.leave(cluster.config.requestTimeoutMs);
  }
}

function listOf(partitions: PartitionsById): NonNullable<Said['topicPartitions']> {
  return Array.from(partitions, ([topicId, each]) => ({ topicId, partitions: each }));
}

function textOf(partitions: PartitionsById): string {
  return Array.from(partitions, ([id, each]) => `${id}:${each.toSorted((a, b) => a - b).join()}`)
    .toSorted()
    .join(';');
}
