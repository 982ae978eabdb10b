import type { BrokerLogger } from '../storage/broker-log.ts';
import { reasonOf } from '../storage/broker-log.ts';
import { BrokerError } from '../storage/broker-error.ts';
import type { CommittedOffset, GroupPartition } from './committed-offset.ts';
import type {
  GroupAnswer,
  GroupEffect,
  GroupEvent,
  GroupLimits,
  JoinAnswer,
  JoinEvent,
  LeaveAnswer,
  StatusAnswer,
  SyncAnswer,
  SyncEvent,
  TimerName,
} from './group-event.ts';
import { emptyGroup, type GroupState } from './group-state.ts';
import type { GroupStore, StoredGroup } from './group-store.ts';
import { groupTransition } from './group-transition.ts';

/** An event without what the coordinator adds to it. */
export type WithoutToken<E> = E extends unknown ? Omit<E, 'token'> : never;

interface LiveGroup {
  state: GroupState;
  readonly timers: Map<TimerName, NodeJS.Timeout>;
}

/**
 * Runs the groups: feeds requests and timers into {@link groupTransition}, and does what comes out.
 * All groups live on this one broker.
 */
export class GroupCoordinator {
  readonly #limits: GroupLimits;
  readonly #store: GroupStore;
  readonly #logger: BrokerLogger;
  readonly #groups = new Map<string, LiveGroup>();
  readonly #waiting = new Map<number, (answer: GroupAnswer) => void>();
  #lastToken = 0;
  #isClosed = false;

  constructor(limits: GroupLimits, store: GroupStore, logger: BrokerLogger) {
    this.#limits = limits;
    this.#store = store;
    this.#logger = logger;
    for (const { groupId, protocolType, generation } of store.list()) {
      const state = emptyGroup(groupId, protocolType, generation);
      this.#groups.set(groupId, { state, timers: new Map() });
    }
  }

  /** The group as it stands; `undefined` when nobody has heard of it. */
  get(groupId: string): GroupState | undefined {
    return this.#groups.get(groupId)?.state;
  }
  list(): readonly GroupState[] {
    return [...this.#groups.values()].map((group) => group.state);
  }
  stored(groupId: string): StoredGroup | undefined {
    return this.#store.get(groupId);
  }

  /** Resolves when the group is complete, which may take as long as its rebalance timeout. */
  async join(groupId: string, event: Omit<JoinEvent, 'token'>): Promise<JoinAnswer> {
    return expectType(await this.#ask(groupId, event), 'join');
  }
  async sync(groupId: string, event: Omit<SyncEvent, 'token'>): Promise<SyncAnswer> {
    return expectType(await this.#ask(groupId, event), 'sync');
  }
  async leave(
    groupId: string,
    event: WithoutToken<Extract<GroupEvent, { type: 'leave' }>>,
  ): Promise<LeaveAnswer> {
    return expectType(await this.#ask(groupId, event), 'leave');
  }
  async heartbeat(
    groupId: string,
    event: WithoutToken<Extract<GroupEvent, { type: 'heartbeat' }>>,
  ): Promise<StatusAnswer> {
    return expectType(await this.#ask(groupId, event), 'status');
  }

  /**
   * Stores offsets, if who commits may.
   *
   * @throws BrokerError `COORDINATOR_NOT_AVAILABLE` (clients try again) when the disk refuses
   */
  async commit(
    groupId: string,
    event: WithoutToken<Extract<GroupEvent, { type: 'commit' }>>,
    offsets: readonly CommittedOffset[],
  ): Promise<StatusAnswer> {
    const answer = expectType(await this.#ask(groupId, event), 'status');
    if (answer.error === 'NONE' && offsets.length > 0) await this.applyOffsets(groupId, offsets);
    return answer;
  }
  /** Stores offsets of which it was decided before that they may be. */
  async applyOffsets(groupId: string, offsets: readonly CommittedOffset[]): Promise<void> {
    await this.#stored(groupId, () => this.#store.commit(groupId, offsets));
    // Offsets alone make a group: tools commit for groups that have no members yet.
    if (this.#groups.has(groupId)) return;
    this.#groups.set(groupId, { state: emptyGroup(groupId), timers: new Map() });
  }
  async forget(groupId: string, partitions: readonly GroupPartition[]): Promise<void> {
    await this.#stored(groupId, () => this.#store.forget(groupId, partitions));
  }
  async forgetTopic(topic: string): Promise<void> {
    await this.#stored('all groups', () => this.#store.forgetTopic(topic));
  }
  /** Removes a group without members, and its offsets. */
  async delete(groupId: string): Promise<void> {
    await this.#stored(groupId, () => this.#store.delete(groupId));
    const group = this.#groups.get(groupId);
    for (const timer of group?.timers.values() ?? []) clearTimeout(timer);
    this.#groups.delete(groupId);
  }

  /** Ends all timers and answers everybody who waits. The store is its owner's to close. */
  close(): void {
    this.#isClosed = true;
    for (const group of this.#groups.values()) {
      for (const timer of group.timers.values()) clearTimeout(timer);
      group.timers.clear();
    }
    for (const resolve of this.#waiting.values()) {
      resolve({ type: 'status', error: 'COORDINATOR_NOT_AVAILABLE' });
    }
    this.#waiting.clear();
  }

  #ask(
    groupId: string,
    event: WithoutToken<Exclude<GroupEvent, { type: 'timer' }>>,
  ): Promise<GroupAnswer> {
    if (this.#isClosed)
      return Promise.resolve({ type: 'status', error: 'COORDINATOR_NOT_AVAILABLE' });
    const token = ++this.#lastToken;
    const { promise, resolve } = Promise.withResolvers<GroupAnswer>();
    this.#waiting.set(token, resolve);
    this.#apply(groupId, { ...event, token });
    return promise;
  }

  #apply(groupId: string, event: GroupEvent): void {
    const known = this.#groups.get(groupId);
    const before = known?.state ?? emptyGroup(groupId);
    const { state, effects } = groupTransition(before, event, this.#limits);
    // A question to a group that is not there does not bring it to life.
    const group = known ?? { state, timers: new Map() };
    if (event.type === 'join') this.#groups.set(groupId, group);
    group.state = state;
    if (state.phase !== before.phase) {
      this.#logger.debug('A group changed its phase', {
        group: groupId,
        phase: state.phase,
        generation: state.generation,
        members: state.members.size,
      });
    }
    for (const effect of effects) this.#run(groupId, group, effect);
  }

  #run(groupId: string, group: LiveGroup, effect: GroupEffect): void {
    switch (effect.type) {
      case 'answer':
        this.#waiting.get(effect.token)?.(effect.answer);
        this.#waiting.delete(effect.token);
        break;
      case 'start-timer':
        this.#stopTimer(group, effect.timer);
        group.timers.set(effect.timer, this.#timer(groupId, group, effect.timer, effect.afterMs));
        break;
      case 'stop-timer':
        this.#stopTimer(group, effect.timer);
        break;
      case 'save':
        void this.#save(group.state);
        break;
      default:
        effect satisfies never;
    }
  }

  #timer(groupId: string, group: LiveGroup, timer: TimerName, afterMs: number): NodeJS.Timeout {
    const timeout = setTimeout(() => {
      group.timers.delete(timer);
      this.#apply(groupId, { type: 'timer', timer });
    }, afterMs);
    return timeout.unref();
  }

  #stopTimer(group: LiveGroup, timer: TimerName): void {
    clearTimeout(group.timers.get(timer));
    group.timers.delete(timer);
  }

  /** A generation that could not be saved costs nothing but its number after a restart. */
  async #save(state: GroupState): Promise<void> {
    try {
      await this.#store.saveGroup(state.groupId, state.protocolType, state.generation);
    } catch (error) {
      const fields = { group: state.groupId, reason: reasonOf(error) };
      this.#logger.warn('The generation of a group could not be written', fields);
    }
  }

  async #stored(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const text = `Writing the offsets of ${what} failed: ${reasonOf(error)}`;
      this.#logger.error(`${text}. Free space or mend the disk; clients try again`);
      throw new BrokerError('COORDINATOR_NOT_AVAILABLE', text, error);
    }
  }
}

/** The answer as the type that its question has. A broker that stops answers all with a status. */
function expectType<T extends GroupAnswer['type']>(
  answer: GroupAnswer,
  type: T,
): Extract<GroupAnswer, { type: T }> {
  if (isOfType(answer, type)) return answer;
  const code = answer.type === 'status' ? answer.error : 'UNKNOWN_SERVER_ERROR';
  throw new BrokerError(code, `The group coordinator answered with ${answer.type}, not ${type}`);
}

function isOfType<T extends GroupAnswer['type']>(
  answer: GroupAnswer,
  type: T,
): answer is Extract<GroupAnswer, { type: T }> {
  return answer.type === type;
}
