import type { DeliveryLedger } from './delivery-ledger.ts';
import type { RunPlan } from './fault-plan.ts';
import type { FaultRig } from './fault-rig.ts';
import { appendAll, RecordFeed } from './record-feed.ts';

/** Produces with keys and without transactions; all of it has to arrive. */
export async function runIdempotent(
  plan: RunPlan,
  rig: FaultRig,
  topic: string,
  ledger: DeliveryLedger,
): Promise<void> {
  const { injector } = rig;
  const feed = new RecordFeed(plan.seed, plan.keys);
  const faultAt = (step: number) => plan.faults.find((fault) => fault.step === step);
  await using producer = rig.producer(plan.producer, (report) => ledger.report(report));
  const outlet = { producer, topic, ledger, injector };
  await injector.during(faultAt(0), () => producer.prepare([topic]));
  for (let step = 1; step <= plan.steps; step++) {
    const { firstToken, records } = ledger.attempt(feed.take(plan.recordsPerStep));
    const fault = faultAt(step);
    const isFilling = fault?.kind === 'full buffer';
    const half = Math.ceil(records.length / 2);
    ledger.promise(records);
    await injector.during(fault, async () => {
      await appendAll(records.slice(0, half), firstToken, { ...outlet, isFilling });
      const flushed = producer.flush();
      // The second half meets the fault in full swing.
      await appendAll(records.slice(half), firstToken + half, { ...outlet, isFilling: false });
      await flushed;
    });
    if (plan.flushes.has(step)) await producer.flush();
  }
  await producer.flush();
}
