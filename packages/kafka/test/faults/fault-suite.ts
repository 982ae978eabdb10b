import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Verdict } from './delivery-ledger.ts';
import { type FaultKind, planOf } from './fault-plan.ts';
import { FaultRig } from './fault-rig.ts';
import { assertSound, faultRun, type RunOutcome } from './fault-run.ts';

const RUN_TIMEOUT_MS = 240_000;

/** What {@link describeFaultRuns} is to do. */
export interface FaultSuite {
  readonly title: string;
  readonly seeds: readonly number[];
  readonly skip: string | false;
}

/** One test for each seed, on one broker; the totals are printed at the end. */
export function describeFaultRuns({ title, seeds, skip }: FaultSuite): void {
  describe(title, { skip }, () => {
    let rig: FaultRig;
    const outcomes: RunOutcome[] = [];
    before(async () => {
      rig = await FaultRig.start();
    });
    after(async () => {
      await rig[Symbol.asyncDispose]();
      console.log(summaryOf(outcomes, seeds.length));
    });

    for (const seed of seeds) {
      const { type, transactionVersion, faults } = planOf(seed);
      const what = faults.map(({ kind }) => kind).join(', ');
      const name = `seed ${seed}: ${type} (v${transactionVersion}), ${what}: 0 lost, doubled, reordered`;
      test(name, { timeout: RUN_TIMEOUT_MS }, async () => {
        try {
          const outcome = await faultRun(seed, rig);
          outcomes.push(outcome);
          assertSound(outcome);
        } catch (error) {
          console.error(failureOf(seed, rig));
          throw error;
        }
      });
    }

    test('every planned kind of fault was there', () => {
      const planned = new Set(seeds.flatMap((seed) => planOf(seed).faults.map(({ kind }) => kind)));
      assert.deepEqual(new Set(totalsOf(outcomes).keys()), planned);
    });
  });
}

function failureOf(seed: number, rig: FaultRig): string {
  return (
    `Seed ${seed} failed. To run it again: ` +
    `SLUICE_FAULT_SEED=${seed} npm run test:long -- fault-runs\n` +
    `Its plan: ${JSON.stringify(planOf(seed).faults)}\nWhat the clients said last:\n${rig.logTail()}`
  );
}

function totalsOf(outcomes: readonly RunOutcome[]): Map<FaultKind, number> {
  const totals = new Map<FaultKind, number>();
  for (const { fired } of outcomes) {
    for (const [kind, count] of fired) totals.set(kind, (totals.get(kind) ?? 0) + count);
  }
  return totals;
}

function summaryOf(outcomes: readonly RunOutcome[], planned: number): string {
  const totals = [...totalsOf(outcomes)].map(([kind, count]) => `${kind} ${count}`).join(', ');
  const sum = (of: (outcome: RunOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const wrong = (kind: keyof Verdict): string =>
    `${sum(({ log, consumed }) => log[kind] + consumed[kind])} ${kind}`;
  const types = Map.groupBy(outcomes, ({ plan }) => plan.type);
  const runs = [...types].map(([type, of]) => `${type} ${of.length}`).join(', ');
  return (
    `${outcomes.length} of ${planned} fault runs came to their end (${runs}), ` +
    `${sum(({ records }) => records)} records: ${wrong('lost')}, ${wrong('doubled')}, ` +
    `${wrong('reordered')}, ${wrong('uninvited')}, ${wrong('misplaced')}; ` +
    `${sum(({ begunAnew }) => begunAnew)} transactions done again. Faults fired: ${totals}`
  );
}
