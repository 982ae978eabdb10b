import type {
  GroupAnswer,
  GroupEvent,
  GroupLimits,
  JoinAnswer,
  JoinEvent,
  MemberIdentity,
  SyncAnswer,
  TimerName,
} from '../src/groups/group-event.ts';
import { emptyGroup, type GroupState } from '../src/groups/group-state.ts';
import { groupTransition } from '../src/groups/group-transition.ts';

/** What a test says about who joins; everything has a default. */
export interface JoinWish {
  readonly memberId?: string;
  readonly instanceId?: string;
  readonly protocols?: readonly string[];
  readonly metadata?: string;
  readonly protocolType?: string;
  readonly needsKnownId?: boolean;
  readonly canSkipAssignment?: boolean;
  readonly rebalanceTimeoutMs?: number;
}

/** A group without a world: answers and timers are kept, time passes when the test says so. */
export class GroupStage {
  state: GroupState = emptyGroup('g');
  saves = 0;
  readonly timers = new Map<TimerName, number>();
  readonly #limits: GroupLimits;
  readonly #answers = new Map<number, GroupAnswer>();
  readonly #open = new Set<number>();
  #lastToken = 0;
  #lastMember = 0;

  constructor(limits: Partial<GroupLimits> = {}) {
    this.#limits = { initialDelayMs: 0, membersMax: 100, ...limits };
  }

  /** Tokens that were handed in and have no answer. */
  get unanswered(): number {
    return this.#open.size;
  }

  /** A join; the answer is asked for by the token. New members are m1, m2 ... in order. */
  join(wish: JoinWish = {}): number {
    const token = ++this.#lastToken;
    const protocols = wish.protocols ?? ['range'];
    const event: JoinEvent = {
      type: 'join',
      token,
      memberId: wish.memberId ?? '',
      instanceId: wish.instanceId ?? null,
      newMemberId: `m${++this.#lastMember}`,
      clientId: 'c',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: wish.rebalanceTimeoutMs ?? 60_000,
      protocolType: wish.protocolType ?? 'consumer',
      protocols: protocols.map((name) => ({ name, metadata: Buffer.from(wish.metadata ?? name) })),
      needsKnownId: wish.needsKnownId ?? false,
      canSkipAssignment: wish.canSkipAssignment ?? true,
    };
    this.apply(event);
    return token;
  }

  sync(memberId: string, assignments: Readonly<Record<string, string>> = {}): number {
    const token = ++this.#lastToken;
    const entries = Object.entries(assignments).map(
      ([id, text]) => [id, Buffer.from(text)] as const,
    );
    this.apply({
      type: 'sync',
      token,
      memberId,
      instanceId: null,
      generation: this.state.generation,
      protocolType: null,
      protocolName: null,
      assignments: new Map(entries),
    });
    return token;
  }

  heartbeat(
    memberId: string,
    generation = this.state.generation,
    instanceId: string | null = null,
  ): string {
    const token = ++this.#lastToken;
    this.apply({ type: 'heartbeat', token, memberId, instanceId, generation });
    return this.error(token);
  }

  commit(memberId: string, generation: number, instanceId: string | null = null): string {
    const token = ++this.#lastToken;
    this.apply({ type: 'commit', token, memberId, instanceId, generation, isTransactional: false });
    return this.error(token);
  }

  leave(...members: readonly (string | MemberIdentity)[]): readonly string[] {
    const token = ++this.#lastToken;
    const identities = members.map((member) =>
      typeof member === 'string' ? { memberId: member, instanceId: null } : member,
    );
    this.apply({ type: 'leave', token, members: identities });
    const answer = this.#answers.get(token);
    return answer?.type === 'leave' ? answer.members.map((member) => member.error) : [];
  }

  /** Lets a timer fire, which has to be running. */
  fire(timer: TimerName): void {
    if (!this.timers.delete(timer)) throw new Error(`the timer ${timer} is not running`);
    this.apply({ type: 'timer', timer });
  }

  apply(event: GroupEvent): void {
    if (event.type !== 'timer') this.#open.add(event.token);
    const { state, effects } = groupTransition(this.state, event, this.#limits);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'start-timer') this.timers.set(effect.timer, effect.afterMs);
      else if (effect.type === 'stop-timer') this.timers.delete(effect.timer);
      else if (effect.type === 'save') this.saves++;
      else if (!this.#open.delete(effect.token)) {
        throw new Error(`token ${effect.token} was answered twice, or never handed in`);
      } else this.#answers.set(effect.token, effect.answer);
    }
  }

  joined(token: number): JoinAnswer {
    const answer = this.#answers.get(token);
    if (answer?.type !== 'join') throw new Error(`join ${token} has no answer yet`);
    return answer;
  }
  synced(token: number): SyncAnswer {
    const answer = this.#answers.get(token);
    if (answer?.type !== 'sync') throw new Error(`sync ${token} has no answer yet`);
    return answer;
  }
  isAnswered(token: number): boolean {
    return this.#answers.has(token);
  }
  error(token: number): string {
    const answer = this.#answers.get(token);
    return answer === undefined || answer.type === 'leave' ? 'no answer' : answer.error;
  }
}

/** A stable group of so many members, m1 the leader. */
export function aStableGroup(size = 2, wish: JoinWish = {}): GroupStage {
  const stage = new GroupStage();
  for (let i = 0; i < size; i++) stage.join(wish);
  stage.fire('join');
  const ids = [...stage.state.members.keys()];
  for (const id of ids.slice(1)) stage.sync(id);
  stage.sync('m1', Object.fromEntries(ids.map((id) => [id, `work of ${id}`])));
  return stage;
}
