// Goal: a commit is made as the member its caller was, or not at all. Method: commits against the fake cluster, whose answers
// and the member's generation the test changes while they are on their way.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAdminConfig } from '../src/admin/admin-config.ts';
import { systemClock } from '../src/clock.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { Coordinators } from '../src/cluster/coordinators.ts';
import { Commits } from '../src/consumer/commits.ts';
import { parseConsumerConfig } from '../src/consumer/consumer-config.ts';
import type { TopicPartition } from '../src/consumer/contract.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import type { SubscribedGroup } from '../src/group/subscribed-group.ts';
import { silentLogger } from '../src/logger.ts';
import { FakeCluster } from './fake-cluster.ts';

class Member implements SubscribedGroup {
  generation = { generationId: 5, memberId: 'me' };
  isRebalancing = false;
  readonly notes: string[] = [];

  noteCommit(code: string, { generationId }: { readonly generationId: number }): void {
    this.notes.push(`${code} in ${generationId}`);
  }
  enterPoll(): void {
    throw new Error('commits do not poll');
  }
  leavePoll(): void {
    throw new Error('commits do not poll');
  }
  update(): Promise<void> {
    throw new Error('commits do not poll');
  }
  close(): Promise<void> {
    throw new Error('commits do not close');
  }
}

interface Scene {
  readonly cluster: FakeCluster;
  readonly commits: Commits;
  readonly member: Member;
  /** What stands for each partition that the member has. */
  readonly holds: Map<number, object>;
  readonly commit: (offset: number, partition?: number) => Promise<void>;
}

async function withCommits(work: (scene: Scene) => Promise<void>): Promise<void> {
  await using cluster = await FakeCluster.start();
  const servers = { 'bootstrap.servers': cluster.bootstrapServers };
  const properties = { ...servers, 'retry.backoff.ms': '1', 'retry.backoff.max.ms': '2' };
  using client = new Cluster({
    config: parseAdminConfig(properties, silentLogger).client,
    logger: silentLogger,
    clock: systemClock,
    random: Math.random,
    isCreatingTopics: false,
  });
  const holds = new Map<number, object>([[0, {}]]);
  const commits = new Commits({
    cluster: client,
    coordinators: new Coordinators(client),
    group: parseConsumerConfig({ ...servers, 'group.id': 'g' }, silentLogger).group,
    signal: new AbortController().signal,
    onCommitted: () => undefined,
    holdOf: ({ partition }: TopicPartition) => holds.get(partition) ?? null,
  });
  const member = new Member();
  const commit = (offset: number, partition = 0): Promise<void> =>
    commits.commit([{ topic: 't', partition, offset }], member, systemClock.now() + 5000);
  await work({ cluster, commits, member, holds, commit });
}

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof KafkaError && error.code === code;

const generationsOf = ({ commits }: FakeCluster): readonly number[] =>
  commits.map(({ generationIdOrMemberEpoch }) => generationIdOrMemberEpoch);

describe('commits', () => {
  // kafka-wire 1.6 row "Commit after rebalance"
  test('that are repeated stay those of the generation they were asked in', () =>
    withCommits(async ({ cluster, member, commit }) => {
      cluster.commitAnswers.push('NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS');
      cluster.onCommit = () => {
        member.generation = { generationId: member.generation.generationId + 1, memberId: 'me' };
      };
      await commit(10);
      assert.deepEqual(generationsOf(cluster), [5, 5, 5]);
    }));

  test('do not overtake each other, also when the first has to be repeated', () =>
    withCommits(async ({ cluster, commit }) => {
      cluster.commitAnswers.push('NOT_COORDINATOR', 'NOT_COORDINATOR');
      await Promise.all([commit(1), commit(2), commit(3)]);
      const offsets = cluster.commits.map(
        ({ topics }) => topics[0]?.partitions[0]?.committedOffset,
      );
      assert.deepEqual(offsets, [1, 1, 1, 2, 3]);
    }));

  for (const code of ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'] as const) {
    test(`answered with ${code} fail for good, and the membership is told in which generation`, () =>
      withCommits(async ({ cluster, member, commit }) => {
        cluster.commitAnswers.push(code);
        await assert.rejects(commit(1), hasCode('COMMIT_FAILED'));
        assert.deepEqual(member.notes, [`${code} in 5`]);
        assert.equal(cluster.commits.length, 1);
        await commit(2);
      }));
  }

  test('outside of a generation are refused without asking, during a rebalance as retriable', () =>
    withCommits(async ({ cluster, member, commit }) => {
      member.generation = { generationId: -1, memberId: '' };
      await assert.rejects(commit(1), hasCode('COMMIT_FAILED'));
      member.isRebalancing = true;
      await assert.rejects(
        commit(1),
        (error: unknown) =>
          error instanceof KafkaError &&
          error.code === 'REBALANCE_IN_PROGRESS' &&
          error.isRetriable,
      );
      assert.equal(cluster.commits.length, 0);
    }));

  // kafka-wire 1.7 row #267
  test('of a KIP-848 member go on in its next epoch while it keeps the partitions', () =>
    withCommits(async ({ cluster, member, commit }) => {
      cluster.commitAnswers.push('STALE_MEMBER_EPOCH');
      const committing = commit(1);
      cluster.onCommit = () => {
        member.generation = { generationId: 6, memberId: 'me' };
      };
      await committing;
      assert.deepEqual(generationsOf(cluster), [5, 6]);
    }));

  test('of a KIP-848 member that gave the partition up meanwhile fail', () =>
    withCommits(async ({ cluster, member, holds, commit }) => {
      cluster.commitAnswers.push('STALE_MEMBER_EPOCH');
      cluster.onCommit = () => {
        member.generation = { generationId: 6, memberId: 'me' };
        holds.delete(0);
      };
      await assert.rejects(commit(1), hasCode('COMMIT_FAILED'));
      assert.deepEqual(generationsOf(cluster), [5]);
    }));

  // Others may have read and committed more of it in between: the old offset must not come back.
  test('of a KIP-848 member that gave the partition up and got it back fail', () =>
    withCommits(async ({ cluster, member, holds, commit }) => {
      cluster.commitAnswers.push('STALE_MEMBER_EPOCH');
      cluster.onCommit = () => {
        member.generation = { generationId: 7, memberId: 'me' };
        holds.set(0, {});
      };
      await assert.rejects(commit(1), hasCode('COMMIT_FAILED'));
      assert.deepEqual(generationsOf(cluster), [5]);
    }));

  test('that wait behind another one fail, too, when their partition goes meanwhile', () =>
    withCommits(async ({ cluster, member, holds, commit }) => {
      cluster.commitAnswers.push('NONE', 'STALE_MEMBER_EPOCH');
      const first = commit(1);
      const second = assert.rejects(commit(2), hasCode('COMMIT_FAILED'));
      cluster.onCommit = () => {
        member.generation = { generationId: 7, memberId: 'me' };
        holds.set(0, {});
      };
      await Promise.all([first, second]);
      assert.deepEqual(generationsOf(cluster), [5, 5]);
    }));

  test('of impossible offsets, or without a group member, are told apart', () =>
    withCommits(async ({ cluster, commits, commit }) => {
      await assert.rejects(commit(-1), hasCode('INVALID_OFFSET'));
      await assert.rejects(commit(0.5), hasCode('INVALID_OFFSET'));
      await commits.commit(
        [{ topic: 't', partition: 0, offset: 1 }],
        null,
        systemClock.now() + 5000,
      );
      assert.deepEqual(generationsOf(cluster), [-1]);
    }));
});
