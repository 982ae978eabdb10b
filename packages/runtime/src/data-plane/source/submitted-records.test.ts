import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSourceRecord, type SourceRecord } from '@sluice/api';
import fc from 'fast-check';
import { SubmittedRecords } from './submitted-records.ts';

function aRecord(partition: string, position: number): SourceRecord {
  return newSourceRecord({
    topic: 't',
    value: null,
    sourcePartition: { partition },
    sourceOffset: { position },
  });
}

/** What may be committed, as `partition@position`, sorted. */
function committable(submitted: SubmittedRecords): readonly string[] {
  const { offsets } = submitted.takeCommittable();
  return offsets
    .map(
      ({ partition, offset }) =>
        `${String(partition?.['partition'])}@${String(offset?.['position'])}`,
    )
    .sort();
}

test('an offset is committable once its record and all before it are acknowledged', () => {
  const submitted = new SubmittedRecords(false);
  const [first, second, third] = [0, 1, 2].map((at) => submitted.submit(aRecord('a', at), -1));
  submitted.acknowledge(second ?? -1);
  assert.deepEqual(committable(submitted), []);
  submitted.acknowledge(first ?? -1);
  assert.deepEqual(committable(submitted), ['a@1']);
  assert.deepEqual(committable(submitted), []);
  submitted.acknowledge(third ?? -1);
  assert.deepEqual(committable(submitted), ['a@2']);
});

test('source partitions do not wait for each other', () => {
  const submitted = new SubmittedRecords(false);
  submitted.submit(aRecord('stuck', 0), -1);
  const other = submitted.submit(aRecord('flowing', 7), -1);
  submitted.acknowledge(other);
  assert.deepEqual(committable(submitted), ['flowing@7']);
  assert.equal(submitted.pending, 1);
});

test('equal partitions are one, whatever the identity and key order of their objects', () => {
  const submitted = new SubmittedRecords(false);
  const one = newSourceRecord({
    topic: 't',
    sourcePartition: { db: 'x', table: 'y' },
    sourceOffset: { at: 1 },
  });
  const two = newSourceRecord({
    topic: 't',
    sourcePartition: { table: 'y', db: 'x' },
    sourceOffset: { at: 2 },
  });
  submitted.submit(one, -1);
  const later = submitted.submit(two, -1);
  submitted.acknowledge(later);
  assert.deepEqual(submitted.takeCommittable().offsets, []);
});

test('a withdrawn record leaves no gap', () => {
  const submitted = new SubmittedRecords(false);
  const first = submitted.submit(aRecord('a', 0), -1);
  const refused = submitted.submit(aRecord('a', 1), -1);
  submitted.withdraw(refused);
  submitted.acknowledge(first);
  assert.deepEqual(committable(submitted), ['a@0']);
  const again = submitted.submit(aRecord('a', 1), -1);
  submitted.acknowledge(again);
  assert.deepEqual(committable(submitted), ['a@1']);
});

test('an abandoned record holds back what follows, but nobody waits for it', async () => {
  const submitted = new SubmittedRecords(false);
  const lost = submitted.submit(aRecord('a', 0), -1);
  const after = submitted.submit(aRecord('a', 1), -1);
  submitted.acknowledge(after);
  submitted.abandon(lost);
  await submitted.drained();
  assert.deepEqual(committable(submitted), []);
});

test('records are kept until they are acknowledged, and only when asked for', () => {
  const keeping = new SubmittedRecords(true);
  const record = aRecord('a', 0);
  const token = keeping.submit(record, -1);
  assert.equal(keeping.record(token), record);
  keeping.acknowledge(token);
  assert.equal(keeping.record(token), null);
  const forgetting = new SubmittedRecords(false);
  assert.equal(forgetting.record(forgetting.submit(record, -1)), null);
});

test('any order of acknowledgements commits exactly the acknowledged prefixes', () => {
  const partitions = ['a', 'b', 'c'];
  const plan = fc.record({
    submits: fc.array(fc.nat(2), { minLength: 1, maxLength: 2_500, size: 'max' }),
    seed: fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
  });
  fc.assert(
    fc.property(plan, ({ submits, seed }) => {
      const submitted = new SubmittedRecords(false);
      const tokens = submits.map((which, at) => {
        const partition = partitions[which] ?? 'a';
        return { token: submitted.submit(aRecord(partition, at), -1), partition, at };
      });
      const acked = new Set<number>();
      const left = [...tokens];
      const committed = new Map<string, number>();
      for (let round = 0; left.length > 0; round++) {
        const pick = (seed[round % seed.length] ?? 0) % left.length;
        const [one] = left.splice(pick, 1);
        if (one === undefined) break;
        submitted.acknowledge(one.token);
        acked.add(one.at);
        if (round % 7 !== 0 && left.length > 0) continue;
        for (const { partition, offset } of submitted.takeCommittable().offsets) {
          committed.set(String(partition?.['partition']), Number(offset?.['position']));
        }
        for (const partition of partitions) {
          assert.equal(committed.get(partition), lastOfPrefix(tokens, partition, acked));
        }
      }
      assert.equal(submitted.pending, 0);
    }),
    { numRuns: 15 },
  );
});

function lastOfPrefix(
  tokens: readonly { readonly partition: string; readonly at: number }[],
  partition: string,
  acked: ReadonlySet<number>,
): number | undefined {
  let last: number | undefined;
  for (const each of tokens) {
    if (each.partition !== partition) continue;
    if (!acked.has(each.at)) break;
    last = each.at;
  }
  return last;
}
