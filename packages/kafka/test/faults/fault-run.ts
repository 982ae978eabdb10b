import assert from 'node:assert/strict';
import { waitUntil } from '@sluice/testing';
import { createAdmin } from '../../src/admin/create-admin.ts';
import { silentLogger } from '../../src/logger.ts';
import { makeTopic } from '../consuming.ts';
import { readTopic } from '../producer-read-back.ts';
import { setTransactionVersion } from '../transaction-reading.ts';
import { DeliveryLedger, type Verdict } from './delivery-ledger.ts';
import { type FaultKind, planOf, type RunPlan } from './fault-plan.ts';
import type { FaultRig } from './fault-rig.ts';
import { runIdempotent } from './idempotent-run.ts';
import { LiveReader } from './live-reader.ts';
import { runTransactional, runTransform } from './transactional-run.ts';

/** What came of one seed. */
export interface RunOutcome {
  readonly plan: RunPlan;
  /** Records that had to be there, and were looked for. */
  readonly records: number;
  /** What is wrong with the log, read without a consumer. */
  readonly log: Verdict;
  /** What is wrong with what a `read_committed` consumer was given. */
  readonly consumed: Verdict;
  readonly wrongReports: number;
  /** What a producer without transactions gave up; nothing should be. */
  readonly givenUp: readonly string[];
  readonly consumerErrors: readonly Error[];
  readonly fired: ReadonlyMap<FaultKind, number>;
  /** Transactions that failed and were done again. */
  readonly begunAnew: number;
}

const PARTITIONS = 3;
const CATCH_UP_MS = 60_000;
const NOTHING_WRONG: Verdict = { lost: 0, doubled: 0, reordered: 0, uninvited: 0, misplaced: 0 };

/**
 * One seeded run: writes through faults, reads at the same time, and judges both what the consumer
 * was given and what lies in the log. Throws when it can't be run to its end.
 */
export async function faultRun(seed: number, rig: FaultRig): Promise<RunOutcome> {
  const plan = planOf(seed);
  const { servers, injector } = rig;
  injector.fired.clear();
  await setTransactionVersion(servers, plan.transactionVersion);
  const [topic, input] = [`run-${seed}`, `input-${seed}`];
  await makeTopic(servers, topic, PARTITIONS);
  if (plan.type === 'transform') await makeTopic(servers, input, PARTITIONS);
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
  const ledger = new DeliveryLedger();
  await using consumer = rig.consumer(plan.reader);
  const reader = new LiveReader(consumer, partitions);
  let begunAnew = 0;
  try {
    if (plan.type === 'idempotent') await runIdempotent(plan, rig, topic, ledger);
    else if (plan.type === 'transactional')
      begunAnew = await runTransactional(plan, rig, topic, ledger);
    else begunAnew = await runTransform(plan, rig, topic, ledger, input);
  } finally {
    await injector.heal();
  }
  await transactionsEnded(rig, partitions);
  await reader.finish(Date.now() + CATCH_UP_MS);
  const log = await readTopic(servers, topic);
  await using admin = createAdmin({ 'bootstrap.servers': servers }, { logger: silentLogger });
  await admin.deleteTopics(plan.type === 'transform' ? [topic, input] : [topic]);
  return {
    plan,
    records: ledger.promised,
    log: ledger.judge(log, plan.type !== 'idempotent'),
    consumed: ledger.judge(reader.found, false),
    wrongReports: ledger.wrongReports,
    givenUp: plan.type === 'idempotent' ? ledger.failures : [],
    consumerErrors: reader.errors,
    fired: new Map(injector.fired),
    begunAnew,
  };
}

/** Throws when anything is wrong, or a planned fault did not happen. */
export function assertSound(outcome: RunOutcome): void {
  const { plan, log, consumed, wrongReports, givenUp, consumerErrors, fired, records } = outcome;
  assert.deepEqual(consumerErrors, [], 'the consumer was told of no error');
  assert.deepEqual(givenUp, [], 'nothing was given up');
  assert.equal(wrongReports, 0, 'every record was reported once');
  assert.deepEqual(log, NOTHING_WRONG, 'in the log');
  assert.deepEqual(consumed, NOTHING_WRONG, 'as it was consumed');
  assert.equal(records, plan.steps * plan.recordsPerStep, 'all was written');
  assert.deepEqual(sorted(fired), sorted(plannedKinds(plan)), 'the planned faults fired');
}

/** Commits are acknowledged before their markers are written. */
async function transactionsEnded(
  rig: FaultRig,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): Promise<void> {
  await using stable = rig.consumer({});
  await using all = rig.consumer({ 'isolation.level': 'read_uncommitted' });
  await waitUntil(
    'the markers of all transactions',
    async () => {
      const [seen, there] = await Promise.all([
        stable.endOffsets(partitions),
        all.endOffsets(partitions),
      ]);
      return seen.every(({ offset }, i) => offset === there[i]?.offset);
    },
    { timeoutMs: CATCH_UP_MS },
  );
}

function plannedKinds(plan: RunPlan): Map<FaultKind, number> {
  const counts = new Map<FaultKind, number>();
  for (const { kind } of plan.faults) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function sorted(counts: ReadonlyMap<FaultKind, number>): readonly (readonly [FaultKind, number])[] {
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b));
}
