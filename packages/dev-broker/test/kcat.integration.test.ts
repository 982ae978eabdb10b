import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kcat, requireKcat, startKcat, waitUntil } from '@sluice/testing';
import { withBroker } from './with-broker.ts';

const LINES = Array.from({ length: 2000 }, (_, i) => `key-${i}\tline ${i} ${'x'.repeat(i % 200)}`);

test('kcat reads back what it wrote, with every codec, keys, headers and tombstones', (t) =>
  withBroker(async ({ broker, complaints }) => {
    if (!requireKcat(t)) return;
    const at = ['-b', broker.bootstrapServers];
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const topic = ['-t', `codec-${codec}`];
      const text = `${LINES.join('\n')}\n`;
      await kcat(
        [...at, ...topic, '-P', '-z', codec, '-K', '\t', '-H', 'h1=a', '-H', 'h1=b'],
        text,
      );
      const read = await kcat([...at, ...topic, '-C', '-e', '-q', '-K', '\t']);
      assert.equal(read, text, codec);
      const format = ['-f', '%o %h\n', '-o', '1999', '-c', '1'];
      const last = await kcat([...at, ...topic, '-C', '-e', '-q', ...format]);
      assert.equal(last, '1999 h1=a,h1=b\n');
    }
    await kcat([...at, '-t', 'graves', '-P', '-Z', '-K', ':'], 'k:\n');
    const grave = await kcat([...at, '-t', 'graves', '-C', '-e', '-q', '-f', '%k %S\n']);
    assert.equal(grave, 'k -1\n');
    assert.deepEqual(complaints, []);
  }));

test('an idempotent kcat writes each line once, and offsets are found by time', (t) =>
  withBroker(async ({ broker }) => {
    if (!requireKcat(t)) return;
    const at = ['-b', broker.bootstrapServers];
    const idempotent = ['-X', 'enable.idempotence=true', '-X', 'linger.ms=0'];
    const lines = Array.from({ length: 500 }, (_, i) => `${i}\n`).join('');
    await kcat([...at, '-t', 'once', '-P', ...idempotent], lines);
    assert.equal(await kcat([...at, '-t', 'once', '-C', '-e', '-q']), lines);
    const hourAgo = await kcat([...at, '-Q', '-t', `once:0:${Date.now() - 3_600_000}`]);
    assert.match(hourAgo, /once \[0\] offset 0/);
  }));

test('two kcats of a group share the partitions; when one ends, the other takes all', (t) =>
  withBroker(
    async ({ broker }) => {
      if (!requireKcat(t)) return;
      const at = ['-b', broker.bootstrapServers];
      const group = [...at, '-G', 'g', '-u', '-X', 'auto.offset.reset=earliest'];
      const quick = [
        '-X',
        'session.timeout.ms=6000',
        '-X',
        'topic.metadata.refresh.interval.ms=500',
      ];
      await kcat([...at, '-t', 'shared', '-P', '-p', '0'], 'before\n');
      const consume = [...group, ...quick, '-f', '%p %s\n', 'shared'];
      await using one = await startKcat(consume);
      await waitUntil('the first kcat to read', () => one.stdout.includes('0 before'));
      await using two = await startKcat(consume);
      await waitUntil('the group to be shared', () =>
        /assigned: shared \[\d\], shared \[\d\]$/m.test(two.stderr),
      );
      for (const partition of [0, 1, 2, 3]) {
        await kcat([...at, '-t', 'shared', '-P', '-p', `${partition}`], `during-${partition}\n`);
      }
      const both = (): readonly string[] => [one.stdout, two.stdout];
      const counts = (word: string): readonly number[] =>
        both().map((text) => text.split(word).length - 1);
      await waitUntil('both to read', () => counts('during').reduce((a, b) => a + b) === 4);
      assert.deepEqual(counts('during'), [2, 2]);
      assert.equal((await two.stop()).code, 0);
      await waitUntil('the rest to be taken over', () =>
        /assigned: shared \[0\], shared \[1\], shared \[2\], shared \[3\]\s*$/.test(one.stderr),
      );
      for (const partition of [0, 1, 2, 3]) {
        await kcat([...at, '-t', 'shared', '-P', '-p', `${partition}`], `after-${partition}\n`);
      }
      await waitUntil('the one to read all', () => one.stdout.split('after').length - 1 === 4);
      assert.equal((await one.stop()).code, 0);
    },
    { 'num.partitions': '4' },
  ));
