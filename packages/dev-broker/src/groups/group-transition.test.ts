import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aStableGroup, GroupStage } from '../../test/group-stage.ts';

test('two members come to a generation: the leader hears of both, each gets its work', () => {
  const stage = new GroupStage();
  const [one, two] = [stage.join({ metadata: 'A' }), stage.join({ metadata: 'B' })];
  assert.equal(stage.isAnswered(one), false);
  stage.fire('join');
  const leader = stage.joined(one);
  assert.equal(leader.error, 'NONE');
  assert.equal(leader.generation, 1);
  assert.equal(leader.leaderId, 'm1');
  assert.deepEqual(
    leader.members.map((member) => [member.memberId, member.metadata.toString()]),
    [
      ['m1', 'A'],
      ['m2', 'B'],
    ],
  );
  assert.deepEqual(stage.joined(two).members, []);
  assert.equal(stage.joined(two).memberId, 'm2');
  const early = stage.sync('m2');
  assert.equal(stage.isAnswered(early), false);
  const late = stage.sync('m1', { m1: 'left', m2: 'right' });
  assert.equal(stage.synced(late).assignment.toString(), 'left');
  assert.equal(stage.synced(early).assignment.toString(), 'right');
  assert.equal(stage.state.phase, 'Stable');
  assert.equal(stage.saves, 1);
});

test('a client that joins in two steps becomes a member with the second', () => {
  const stage = new GroupStage();
  const first = stage.join({ needsKnownId: true });
  assert.equal(stage.error(first), 'MEMBER_ID_REQUIRED');
  assert.equal(stage.state.phase, 'Empty');
  assert.equal(stage.heartbeat('m1'), 'UNKNOWN_MEMBER_ID');
  const second = stage.join({ memberId: stage.joined(first).memberId, needsKnownId: true });
  stage.fire('join');
  assert.equal(stage.joined(second).memberId, 'm1');
  const stranger = stage.join({ memberId: 'nobody' });
  assert.equal(stage.error(stranger), 'UNKNOWN_MEMBER_ID');
});

/** What each kind of request is told in each phase: `type phase -> error, next phase`. */
test('the table of phases and events', () => {
  const phases: Readonly<Record<string, () => GroupStage>> = {
    Empty: () => new GroupStage(),
    PreparingRebalance: () => {
      const stage = aStableGroup();
      stage.join({ memberId: 'm1', metadata: 'new' });
      return stage;
    },
    CompletingRebalance: () => {
      const stage = new GroupStage();
      stage.join();
      stage.join();
      stage.fire('join');
      return stage;
    },
    Stable: () => aStableGroup(),
  };
  const events: Readonly<Record<string, (stage: GroupStage) => string>> = {
    'join of a new member': (stage) => stage.error(stage.join()),
    'join of the leader, unchanged': (stage) => stage.error(stage.join({ memberId: 'm1' })),
    'join of another, unchanged': (stage) => stage.error(stage.join({ memberId: 'm2' })),
    'join of another, changed': (stage) =>
      stage.error(stage.join({ memberId: 'm2', metadata: 'new' })),
    'join with another protocol type': (stage) =>
      stage.error(stage.join({ protocolType: 'connect', protocols: ['sessioned'] })),
    'sync of a member': (stage) => stage.error(stage.sync('m2')),
    'sync of the leader': (stage) => stage.error(stage.sync('m1')),
    'sync of a stranger': (stage) => stage.error(stage.sync('m9')),
    'heartbeat of a member': (stage) => stage.heartbeat('m2'),
    'heartbeat of an old generation': (stage) => stage.heartbeat('m2', stage.state.generation - 1),
    'commit of a member': (stage) => stage.commit('m2', stage.state.generation),
    'commit of an old generation': (stage) => stage.commit('m2', stage.state.generation - 1),
    'commit of no member': (stage) => stage.commit('', -1),
    'leave of a member': (stage) => stage.leave('m2').join(),
    'leave of a stranger': (stage) => stage.leave('m9').join(),
  };
  const rows = Object.entries(events).map(([name, act]) => {
    const cells = Object.values(phases).map((make) => {
      const stage = make();
      return `${act(stage)} -> ${stage.state.phase}`;
    });
    return [name, ...cells];
  });
  assert.deepEqual(rows, PHASE_TABLE);
});

const WAITS = 'no answer';
const PREPARING = 'PreparingRebalance';
const COMPLETING = 'CompletingRebalance';
const STRANGER = 'UNKNOWN_MEMBER_ID';
const OLD = 'ILLEGAL_GENERATION';
/** Columns: event, then Empty, PreparingRebalance (m1 joined, m2 missing), CompletingRebalance, Stable. */
const PHASE_TABLE = [
  row(
    'join of a new member',
    [WAITS, PREPARING],
    [WAITS, PREPARING],
    [WAITS, PREPARING],
    [WAITS, PREPARING],
  ),
  row(
    'join of the leader, unchanged',
    [STRANGER, 'Empty'],
    [WAITS, PREPARING],
    ['NONE', COMPLETING],
    [WAITS, PREPARING],
  ),
  row(
    'join of another, unchanged',
    [STRANGER, 'Empty'],
    ['NONE', COMPLETING],
    ['NONE', COMPLETING],
    ['NONE', 'Stable'],
  ),
  row(
    'join of another, changed',
    [STRANGER, 'Empty'],
    ['NONE', COMPLETING],
    [WAITS, PREPARING],
    [WAITS, PREPARING],
  ),
  row(
    'join with another protocol type',
    [WAITS, PREPARING],
    ['INCONSISTENT_GROUP_PROTOCOL', PREPARING],
    ['INCONSISTENT_GROUP_PROTOCOL', COMPLETING],
    ['INCONSISTENT_GROUP_PROTOCOL', 'Stable'],
  ),
  row(
    'sync of a member',
    [STRANGER, 'Empty'],
    ['REBALANCE_IN_PROGRESS', PREPARING],
    [WAITS, COMPLETING],
    ['NONE', 'Stable'],
  ),
  row(
    'sync of the leader',
    [STRANGER, 'Empty'],
    ['REBALANCE_IN_PROGRESS', PREPARING],
    ['NONE', 'Stable'],
    ['NONE', 'Stable'],
  ),
  row(
    'sync of a stranger',
    [STRANGER, 'Empty'],
    [STRANGER, PREPARING],
    [STRANGER, COMPLETING],
    [STRANGER, 'Stable'],
  ),
  row(
    'heartbeat of a member',
    [STRANGER, 'Empty'],
    ['REBALANCE_IN_PROGRESS', PREPARING],
    ['NONE', COMPLETING],
    ['NONE', 'Stable'],
  ),
  row(
    'heartbeat of an old generation',
    [STRANGER, 'Empty'],
    [OLD, PREPARING],
    [OLD, COMPLETING],
    [OLD, 'Stable'],
  ),
  row(
    'commit of a member',
    [STRANGER, 'Empty'],
    ['NONE', PREPARING],
    ['REBALANCE_IN_PROGRESS', COMPLETING],
    ['NONE', 'Stable'],
  ),
  row(
    'commit of an old generation',
    ['NONE', 'Empty'],
    [OLD, PREPARING],
    [OLD, COMPLETING],
    [OLD, 'Stable'],
  ),
  row(
    'commit of no member',
    ['NONE', 'Empty'],
    [STRANGER, PREPARING],
    [STRANGER, COMPLETING],
    [STRANGER, 'Stable'],
  ),
  row(
    'leave of a member',
    [STRANGER, 'Empty'],
    ['NONE', COMPLETING],
    ['NONE', PREPARING],
    ['NONE', PREPARING],
  ),
  row(
    'leave of a stranger',
    [STRANGER, 'Empty'],
    [STRANGER, PREPARING],
    [STRANGER, COMPLETING],
    [STRANGER, 'Stable'],
  ),
];

function row(event: string, ...cells: readonly (readonly [string, string])[]): readonly string[] {
  return [event, ...cells.map(([error, phase]) => `${error} -> ${phase}`)];
}

test('a member that does not join again in time is out; the others go on without it', () => {
  const stage = aStableGroup(3);
  const joins = [stage.join({ memberId: 'm1', metadata: 'x' }), stage.join({ memberId: 'm3' })];
  assert.equal(stage.heartbeat('m2'), 'REBALANCE_IN_PROGRESS');
  assert.equal(stage.timers.get('join'), 60_000);
  stage.fire('join');
  assert.deepEqual(
    joins.map((token) => stage.joined(token).generation),
    [2, 2],
  );
  assert.equal(stage.heartbeat('m2', 2), 'UNKNOWN_MEMBER_ID');
});

test('a leader that is gone is followed by a member that joined', () => {
  const stage = aStableGroup(2);
  const other = stage.join({ memberId: 'm2', metadata: 'x' });
  stage.fire('join');
  assert.equal(stage.joined(other).leaderId, 'm2');
  assert.equal(stage.joined(other).members.length, 1);
});

test('a member that never asks for its assignment is out when the time is up', () => {
  const stage = new GroupStage();
  stage.join();
  stage.join();
  stage.fire('join');
  const sync = stage.sync('m1', { m1: 'all' });
  assert.equal(stage.error(sync), 'NONE');
  stage.fire('sync');
  assert.equal(stage.state.phase, 'PreparingRebalance');
  assert.deepEqual([...stage.state.members.keys()], ['m1']);
  assert.equal(stage.heartbeat('m1'), 'REBALANCE_IN_PROGRESS');
});

test('a session that is over rebalances the rest, and the last one empties the group', () => {
  const stage = aStableGroup(2);
  stage.fire('member:m2');
  assert.equal(stage.state.phase, 'PreparingRebalance');
  const again = stage.join({ memberId: 'm1' });
  assert.equal(stage.joined(again).generation, 2);
  stage.sync('m1', { m1: 'all' });
  stage.fire('member:m1');
  assert.equal(stage.state.phase, 'Empty');
  assert.equal(stage.state.generation, 3);
  assert.deepEqual([...stage.timers.keys()], []);
});

test('who waits for an answer is not taken for dead', () => {
  const stage = aStableGroup(2);
  stage.join({ memberId: 'm1', metadata: 'x' });
  stage.fire('member:m1');
  assert.deepEqual([...stage.state.members.keys()], ['m1', 'm2']);
});

test('who waited beyond its session is watched again once its wait ends without an assignment', () => {
  const stage = new GroupStage();
  stage.join();
  stage.join();
  stage.fire('join');
  const waiting = stage.sync('m2');
  stage.fire('member:m2');
  assert.equal(stage.isAnswered(waiting), false);
  stage.fire('member:m1');
  assert.equal(stage.error(waiting), 'REBALANCE_IN_PROGRESS');
  stage.fire('member:m2');
  assert.equal(stage.state.members.size, 0);
});

test('a static member comes back under a new id to the work it had, and nobody notices', () => {
  for (const canSkipAssignment of [true, false]) {
    const stage = new GroupStage();
    stage.join({ instanceId: 'i1', metadata: 'same' });
    stage.join({ instanceId: 'i2', metadata: 'same' });
    stage.fire('join');
    stage.sync('m2');
    stage.sync('m1', { m1: 'left', m2: 'right' });
    const back = stage.join({ instanceId: 'i1', metadata: 'same', canSkipAssignment });
    const answer = stage.joined(back);
    assert.equal(answer.memberId, 'm3');
    assert.equal(answer.generation, 1);
    assert.equal(answer.skipAssignment, canSkipAssignment);
    assert.equal(answer.leaderId, canSkipAssignment ? 'm3' : 'm1');
    assert.equal(answer.members.length, canSkipAssignment ? 2 : 0);
    assert.equal(stage.state.phase, 'Stable');
    assert.equal(stage.synced(stage.sync('m3')).assignment.toString(), 'left');
    assert.equal(stage.heartbeat('m1', 1, 'i1'), 'FENCED_INSTANCE_ID');
    assert.equal(stage.heartbeat('m3', 1, 'i1'), 'NONE');
    assert.equal(stage.commit('m1', 1, 'i1'), 'FENCED_INSTANCE_ID');
  }
});

test('static members stay through a rebalance until their session is over, and can be removed', () => {
  const stage = new GroupStage();
  stage.join({ instanceId: 'i1' });
  stage.join({ instanceId: 'i2' });
  stage.fire('join');
  stage.sync('m2');
  stage.sync('m1');
  stage.join({ memberId: 'm1', instanceId: 'i1', metadata: 'x' });
  stage.fire('join');
  assert.deepEqual([...stage.state.members.keys()], ['m1', 'm2']);
  assert.deepEqual(stage.leave({ memberId: '', instanceId: 'i2' }), ['NONE']);
  assert.deepEqual(stage.leave({ memberId: 'm9', instanceId: 'i1' }), ['FENCED_INSTANCE_ID']);
  assert.deepEqual([...stage.state.members.keys()], ['m1']);
});

test('the protocol with the most votes wins, of those that all know', () => {
  const stage = new GroupStage();
  const joins = [
    stage.join({ protocols: ['sessioned', 'compatible', 'default'] }),
    stage.join({ protocols: ['default', 'compatible'] }),
    stage.join({ protocols: ['compatible', 'default'] }),
  ];
  stage.fire('join');
  assert.equal(stage.joined(joins[0] ?? 0).protocolName, 'compatible');
  const none = stage.join({ protocols: ['eager'] });
  assert.equal(stage.error(none), 'INCONSISTENT_GROUP_PROTOCOL');
});

test('an empty group waits for more members, as long as new ones come', () => {
  const stage = new GroupStage({ initialDelayMs: 3000 });
  const first = stage.join({ rebalanceTimeoutMs: 5000 });
  assert.equal(stage.timers.get('join'), 3000);
  stage.join({ rebalanceTimeoutMs: 5000 });
  stage.fire('join');
  assert.equal(stage.isAnswered(first), false);
  assert.equal(stage.timers.get('join'), 2000);
  stage.join({ rebalanceTimeoutMs: 5000 });
  stage.fire('join');
  assert.equal(stage.joined(first).members.length, 3);
});

test('a full group takes nobody more', () => {
  const stage = new GroupStage({ membersMax: 2 });
  stage.join();
  stage.join();
  stage.fire('join');
  assert.equal(stage.error(stage.join()), 'GROUP_MAX_SIZE_REACHED');
  assert.notEqual(stage.error(stage.join({ memberId: 'm2' })), 'GROUP_MAX_SIZE_REACHED');
});

test('whatever happens, every request is answered at most once, and all when time goes on', () => {
  const member = fc.constantFrom('', 'm1', 'm2', 'm3', 'm4');
  const action = fc.oneof(
    fc.record({
      type: fc.constant('join' as const),
      memberId: member,
      needsKnownId: fc.boolean(),
      metadata: fc.constantFrom('a', 'b'),
      isStatic: fc.boolean(),
    }),
    fc.record({ type: fc.constantFrom('sync', 'heartbeat', 'leave' as const), memberId: member }),
    fc.record({ type: fc.constant('time' as const), pick: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const stage = new GroupStage();
      for (const step of actions) {
        if (step.type === 'join') {
          const { memberId, needsKnownId, metadata } = step;
          const isStatic = step.isStatic && memberId === '';
          stage.join({
            memberId,
            needsKnownId,
            metadata,
            ...(isStatic ? { instanceId: 'i' } : {}),
          });
        } else if (step.type === 'time') {
          const timers = [...stage.timers.keys()];
          const timer = timers[step.pick % Math.max(timers.length, 1)];
          if (timer !== undefined) stage.fire(timer);
        } else if (step.type === 'sync') stage.sync(step.memberId, { m1: 'x' });
        else if (step.type === 'heartbeat') stage.heartbeat(step.memberId);
        else stage.leave(step.memberId);
        checkInvariants(stage);
      }
      for (let round = 0; round < 100 && stage.timers.size > 0; round++) {
        const [timer] = stage.timers.keys();
        if (timer !== undefined) stage.fire(timer);
        checkInvariants(stage);
      }
      assert.equal(stage.unanswered, 0);
      assert.equal(stage.state.members.size, 0);
      assert.equal(stage.state.phase, 'Empty');
    }),
    { numRuns: 500 },
  );
});

function checkInvariants({ state, timers }: GroupStage): void {
  const ids = [...state.members.keys()];
  if (ids.length > 0) assert.ok(ids.includes(state.leaderId ?? ''), 'the leader is a member');
  assert.equal(state.phase === 'Empty', ids.length === 0 && state.phase !== 'PreparingRebalance');
  for (const id of ids) assert.ok(timers.has(`member:${id}`) || state.members.get(id)?.pending);
  if (state.phase === 'PreparingRebalance') assert.ok(timers.has('join'), 'the wait has an end');
  const instances = [...state.members.values()].flatMap(({ instanceId }) => instanceId ?? []);
  assert.equal(new Set(instances).size, instances.length, 'an instance is one member');
}
