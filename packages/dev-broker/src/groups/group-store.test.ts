import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import { openLogFile } from '../storage/log-file.ts';
import type { CommittedOffset } from './committed-offset.ts';
import { GroupStore } from './group-store.ts';

function at(topic: string, offset: number, partition = 0): CommittedOffset {
  return { topic, partition, offset, leaderEpoch: -1, metadata: '' };
}

function offsetsOf(store: GroupStore, group: string): Readonly<Record<string, number>> {
  const offsets = store.get(group)?.offsets ?? new Map<string, CommittedOffset>();
  return Object.fromEntries([...offsets].map(([key, { offset }]) => [key, offset]));
}

test('what groups committed is there after a restart', async () => {
  await using dir = await makeTempDir('groups');
  const store = await GroupStore.open(dir.path, openLogFile);
  await store.saveGroup('g', 'connect', 7);
  await store.commit('g', [at('a', 1), at('a', 2, 1)]);
  await store.commit('g', [at('a', 5), { ...at('b', 9), metadata: 'note', leaderEpoch: 3 }]);
  await store.commit('h', [at('a', 1)]);
  await store.commit('doomed', [at('a', 1)]);
  await store.forget('g', [{ topic: 'a', partition: 1 }]);
  await store.delete('doomed');
  const copy = await GroupStore.open(dir.path, openLogFile);
  for (const one of [store, copy]) {
    assert.deepEqual(offsetsOf(one, 'g'), { 'a/0': 5, 'b/0': 9 });
    assert.deepEqual(offsetsOf(one, 'h'), { 'a/0': 1 });
    assert.equal(one.get('doomed'), undefined);
    const { protocolType, generation } = one.get('g') ?? {};
    assert.deepEqual([protocolType, generation], ['connect', 7]);
    assert.equal(one.get('g')?.offsets.get('b/0')?.metadata, 'note');
  }
  await store.forgetTopic('a');
  assert.deepEqual(offsetsOf(store, 'g'), { 'b/0': 9 });
  assert.deepEqual(offsetsOf(store, 'h'), {});
  await store.close();
  await copy.close();
});

test('the journal does not grow with the number of commits', async () => {
  await using dir = await makeTempDir('groups');
  const store = await GroupStore.open(dir.path, openLogFile);
  for (let i = 0; i < 10_500; i++) await store.commit('g', [at('a', i)]);
  await store.close();
  const lines = (await readFile(dir.join('groups.jsonl'), 'utf8')).trimEnd().split('\n');
  assert.ok(lines.length < 1000, `${lines.length} lines`);
  const again = await GroupStore.open(dir.path, openLogFile);
  assert.deepEqual(offsetsOf(again, 'g'), { 'a/0': 10_499 });
  await again.close();
});

test('a journal that is none is a clear error, and stays as it is', async () => {
  await using dir = await makeTempDir('groups');
  await writeFile(dir.join('groups.jsonl'), '{"type":"what","group":"g"}\n');
  await assert.rejects(GroupStore.open(dir.path, openLogFile), (error: unknown) => {
    assert.ok(error instanceof BrokerStartError);
    assert.equal(error.code, 'DATA_DIR_DAMAGED');
    assert.match(error.message, /groups\.jsonl.*unknown entry type what/);
    return true;
  });
});
