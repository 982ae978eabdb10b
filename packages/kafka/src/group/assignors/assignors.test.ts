import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TopicPartition } from '../../consumer/contract.ts';
import type { Assignments, AssignorMember } from './assignor.ts';
import { rangeAssignor } from './range-assignor.ts';
import { roundRobinAssignor } from './round-robin-assignor.ts';
import { cooperativeStickyAssignor, stickyAssignor } from './sticky-assignor.ts';
import { decodeStickyUserData, encodeStickyUserData } from './sticky-user-data.ts';

function aMember(memberId: string, given: Partial<AssignorMember> = {}): AssignorMember {
  return {
    memberId,
    groupInstanceId: null,
    topics: ['t'],
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
    userData: null,
    ...given,
  };
}

function partitions(topic: string, ...numbers: number[]): TopicPartition[] {
  return numbers.map((partition) => ({ topic, partition }));
}

const text = (assigned: Assignments): string =>
  [...assigned]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, list]) => `${id}:${list.map((p) => `${p.topic}${p.partition}`).join(' ')}`)
    .join(' | ');

test('range gives contiguous runs per topic and the first members one more', () => {
  const members = [aMember('b', { topics: ['t', 'u'] }), aMember('a', { topics: ['t', 'u'] })];
  const counts = new Map([
    ['t', 3],
    ['u', 3],
  ]);
  assert.equal(text(rangeAssignor.assign(counts, members)), 'a:t0 t1 u0 u1 | b:t2 u2');
});

test('static members come first, by instance id', () => {
  const members = [aMember('a'), aMember('z', { groupInstanceId: 'i' })];
  assert.equal(text(rangeAssignor.assign(new Map([['t', 3]]), members)), 'a:t2 | z:t0 t1');
});

test('a member without partitions of a topic that does not exist has an empty part', () => {
  const members = [aMember('a', { topics: ['missing'] })];
  assert.equal(text(rangeAssignor.assign(new Map(), members)), 'a:');
});

test('round robin deals in turn and passes over members that do not subscribe', () => {
  const members = [
    aMember('a', { topics: ['t'] }),
    aMember('b', { topics: ['t', 'u'] }),
    aMember('c', { topics: ['t', 'u', 'v'] }),
  ];
  const counts = new Map([
    ['t', 1],
    ['u', 2],
    ['v', 3],
  ]);
  assert.equal(text(roundRobinAssignor.assign(counts, members)), 'a:t0 | b:u0 | c:u1 v0 v1 v2');
});

test('sticky user data survives a round trip, and bytes without sense claim nothing', () => {
  const owned = [...partitions('tä', 0, 7), ...partitions('u', 1)];
  assert.deepEqual(decodeStickyUserData(encodeStickyUserData(owned, 5)), {
    generationId: 5,
    partitions: owned,
  });
  const nothing = { generationId: -1, partitions: [] };
  assert.deepEqual(decodeStickyUserData(Buffer.from([0, 0, 0, 9, 1])), nothing);
  assert.deepEqual(decodeStickyUserData(null), nothing);
});

test('sticky keeps what members own and moves only the surplus to a newcomer', () => {
  const members = [
    aMember('a', { userData: encodeStickyUserData(partitions('t', 0, 2, 4), 3) }),
    aMember('b', { userData: encodeStickyUserData(partitions('t', 1, 3, 5), 3) }),
    aMember('c'),
  ];
  const assigned = stickyAssignor.assign(new Map([['t', 6]]), members);
  assert.equal(text(assigned), 'a:t0 t2 | b:t1 t3 | c:t4 t5');
});

test('of two claims the newer generation wins; two of one generation are both void', () => {
  const members = [
    aMember('a', { ownedPartitions: partitions('t', 0, 1), generationId: 4 }),
    aMember('b', { ownedPartitions: partitions('t', 0, 2), generationId: 5 }),
  ];
  const assigned = stickyAssignor.assign(new Map([['t', 4]]), [
    aMember('a', { userData: encodeStickyUserData(partitions('t', 0, 1), 4) }),
    aMember('b', { userData: encodeStickyUserData(partitions('t', 0, 2), 5) }),
  ]);
  assert.equal(text(assigned), 'a:t1 t3 | b:t0 t2');
  const cooperative = cooperativeStickyAssignor.assign(new Map([['t', 4]]), members);
  // t0 has two owners who both believe in it: nobody gets it until they have let it go.
  assert.equal(text(cooperative), 'a:t1 t3 | b:t2');
});

test('cooperative-sticky holds back what has to move until its owner has let it go', () => {
  const owned = partitions('t', 0, 1, 2, 3);
  const first = cooperativeStickyAssignor.assign(new Map([['t', 4]]), [
    aMember('a', { ownedPartitions: owned, generationId: 1 }),
    aMember('b'),
  ]);
  assert.equal(text(first), 'a:t0 t1 | b:');
  const second = cooperativeStickyAssignor.assign(new Map([['t', 4]]), [
    aMember('a', { ownedPartitions: partitions('t', 0, 1), generationId: 2 }),
    aMember('b', { generationId: 2 }),
  ]);
  assert.equal(text(second), 'a:t0 t1 | b:t2 t3');
});

const topics = ['t', 'u', 'v'];
const aGroup = fc.record({
  counts: fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
  subscriptions: fc.array(fc.subarray(topics, { minLength: 1 }), { minLength: 1, maxLength: 6 }),
});

for (const assignor of [
  rangeAssignor,
  roundRobinAssignor,
  stickyAssignor,
  cooperativeStickyAssignor,
]) {
  test(`${assignor.name} gives every subscribed partition to exactly one subscriber`, () => {
    fc.assert(
      fc.property(aGroup, ({ counts, subscriptions }) => {
        const partitionCounts = new Map(topics.map((topic, i) => [topic, counts[i] ?? 0]));
        const members = subscriptions.map((list, i) => aMember(`m${i}`, { topics: list }));
        const assigned = assignor.assign(partitionCounts, members);
        const given = [...assigned].flatMap(([id, list]) => list.map((p) => ({ id, ...p })));
        const wanted = topics
          .filter((topic) => subscriptions.some((list) => list.includes(topic)))
          .reduce((sum, topic) => sum + (partitionCounts.get(topic) ?? 0), 0);
        assert.equal(given.length, wanted);
        assert.equal(new Set(given.map((p) => `${p.topic}${p.partition}`)).size, wanted);
        for (const { id, topic } of given) {
          assert.ok(members.find((member) => member.memberId === id)?.topics.includes(topic));
        }
      }),
    );
  });
}

test('sticky is balanced to within one and moves nothing once it is balanced', () => {
  fc.assert(
    fc.property(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 7 }), (count, size) => {
      const counts = new Map([['t', count]]);
      const ids = Array.from({ length: size }, (_, i) => `m${i}`);
      const first = stickyAssignor.assign(
        counts,
        ids.map((id) => aMember(id)),
      );
      const loads = [...first.values()].map((list) => list.length);
      assert.ok(Math.max(...loads) - Math.min(...loads) <= 1);
      const again = stickyAssignor.assign(
        counts,
        ids.map((id) => aMember(id, { userData: encodeStickyUserData(first.get(id) ?? [], 1) })),
      );
      assert.equal(text(again), text(first));
    }),
  );
});
