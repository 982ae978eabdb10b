import assert from 'node:assert/strict';
import type { Consumer } from '../../src/consumer/consumer.ts';
import type { TopicPartitionOffset } from '../../src/consumer/contract.ts';
import type { Producer } from '../../src/producer/producer.ts';
import { TransactionError } from '../../src/transactions/transaction-error.ts';
import { noListener, produce } from '../consuming.ts';
import type { DeliveryLedger, RunRecord } from './delivery-ledger.ts';
import type { PlannedFault, RunPlan } from './fault-plan.ts';
import type { FaultRig } from './fault-rig.ts';
import { appendAll, type KeyedNumber, RecordFeed } from './record-feed.ts';

const POLL_MS = 300;
/** A run that is not at its end by then stands still. */
const RUN_MS = 150_000;
const ATTEMPTS_MAX = 10;

/** What one transaction is about. */
interface Chunk {
  readonly records: readonly KeyedNumber[];
  /** Where the group is to read on. */
  readonly offsets: readonly TopicPartitionOffset[];
}

/** One producer (and its twins) with one transactional id, chunk by chunk. */
class TransactionalWriter {
  /** Transactions that failed without being asked to, and were done again. */
  begunAnew = 0;
  readonly #plan: RunPlan;
  readonly #rig: FaultRig;
  readonly #topic: string;
  readonly #ledger: DeliveryLedger;
  readonly #consumer: Consumer | null;
  #producer: Producer;

  constructor(
    plan: RunPlan,
    rig: FaultRig,
    topic: string,
    ledger: DeliveryLedger,
    consumer: Consumer | null,
  ) {
    this.#plan = plan;
    this.#rig = rig;
    this.#topic = topic;
    this.#ledger = ledger;
    this.#consumer = consumer;
    this.#producer = this.#another();
  }

  async start(fault: PlannedFault | undefined): Promise<void> {
    await this.#rig.injector.during(fault, () => this.#producer.initTransactions());
    await this.#producer.prepare([this.#topic]);
  }

  /** One transaction; whether it was committed. */
  async write(chunk: Chunk, step: number, fault: PlannedFault | undefined): Promise<boolean> {
    const { firstToken, records } = this.#ledger.attempt(chunk.records);
    const isAborting = fault?.kind !== 'fenced twin' && this.#plan.aborts.has(step);
    const isCommitted = await this.#rig.injector.during(fault, async () => {
      try {
        await this.#fill(records, firstToken, step, fault);
        await this.#sendOffsets(chunk.offsets);
        if (isAborting) await this.#producer.abortTransaction();
        else await this.#producer.commitTransaction();
        return !isAborting;
      } catch (error) {
        await this.#recover(error, fault);
        return false;
      }
    });
    if (isCommitted) this.#ledger.promise(records);
    return isCommitted;
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #fill(
    records: readonly RunRecord[],
    firstToken: number,
    step: number,
    fault: PlannedFault | undefined,
  ): Promise<void> {
    const { injector } = this.#rig;
    const producer = this.#producer;
    const outlet = { producer, topic: this.#topic, ledger: this.#ledger, injector };
    const half = Math.ceil(records.length / 2);
    const isFilling = fault?.kind === 'full buffer';
    producer.beginTransaction();
    await appendAll(records.slice(0, half), firstToken, { ...outlet, isFilling });
    const isTwin = fault?.kind === 'fenced twin';
    const isRestart = fault?.kind === 'coordinator restarted';
    // An abort drops what was not sent: without it, the fault could wait in vain.
    const isFlushing = this.#plan.flushes.has(step) || this.#plan.aborts.has(step);
    if (isTwin || isRestart || isFlushing) await producer.flush();
    const restarting = isRestart ? injector.restart() : Promise.resolve();
    if (isTwin) await this.#comeTwice();
    await Promise.all([
      appendAll(records.slice(half), firstToken + half, { ...outlet, isFilling: false }),
      restarting,
    ]);
    if (isRestart) injector.count('coordinator restarted');
  }

  async #sendOffsets(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const group = this.#consumer?.groupMetadata() ?? null;
    if (group !== null) await this.#producer.sendOffsetsToTransaction(offsets, group);
  }

  /** A twin comes, and the older one, which does not know, tries to commit. */
  async #comeTwice(): Promise<void> {
    const [older, twin] = [this.#producer, this.#another()];
    this.#producer = twin;
    await twin.initTransactions();
    await twin.prepare([this.#topic]);
    const refusal = await older.commitTransaction().then(
      () => assert.fail('the fenced producer could commit'),
      (error: unknown) => error,
    );
    assert.ok(refusal instanceof TransactionError, String(refusal));
    if (refusal.remedy === 'abort') {
      await assert.rejects(older.abortTransaction(), { code: 'PRODUCER_FENCED' });
    }
    assert.throws(() => older.beginTransaction(), { code: 'PRODUCER_FENCED' });
    await older.close({ timeoutMs: 0 });
    this.#rig.injector.count('fenced twin');
    throw refusal;
  }

  async #recover(error: unknown, fault: PlannedFault | undefined): Promise<void> {
    if (!(error instanceof TransactionError)) throw error;
    // The twin has nothing to abort.
    if (fault?.kind === 'fenced twin') return;
    if (error.remedy !== 'abort') throw error;
    this.begunAnew++;
    await this.#producer.abortTransaction();
  }

  #another(): Producer {
    const properties = { ...this.#plan.producer, 'transactional.id': this.#topic };
    return this.#rig.producer(properties, (report) => this.#ledger.report(report));
  }
}

/** Produces in transactions, of which some are aborted; answers how many had to be done again. */
export async function runTransactional(
  plan: RunPlan,
  rig: FaultRig,
  topic: string,
  ledger: DeliveryLedger,
): Promise<number> {
  const feed = new RecordFeed(plan.seed, plan.keys);
  const writer = new TransactionalWriter(plan, rig, topic, ledger, null);
  try {
    await writer.start(plan.faults.find(({ step }) => step === 0));
    for (let step = 1; step <= plan.steps; step++) {
      const chunk = { records: feed.take(plan.recordsPerStep), offsets: [] };
      const fault = plan.faults.find((each) => each.step === step);
      let isCommitted = await writer.write(chunk, step, fault);
      for (let more = 0; !isCommitted; more++) {
        assert.ok(more < ATTEMPTS_MAX, `step ${step} can't be committed`);
        isCommitted = await writer.write(chunk, NO_STEP, undefined);
      }
    }
  } finally {
    await writer.close();
  }
  return writer.begunAnew;
}

/** Has neither aborts nor faults. */
const NO_STEP = -1;

/** Consumes `input` and produces it to `topic`, with the group's offsets in the transactions. */
export async function runTransform(
  plan: RunPlan,
  rig: FaultRig,
  topic: string,
  ledger: DeliveryLedger,
  input: string,
): Promise<number> {
  const total = plan.steps * plan.recordsPerStep;
  const records = new RecordFeed(plan.seed, plan.keys).take(total);
  const texts = records.map(({ key, number }) => ({ key, value: `${number}` }));
  await produce(rig.servers, input, texts);
  await using consumer = rig.consumer({
    'group.id': topic,
    'heartbeat.interval.ms': '200',
    'max.poll.records': String(plan.recordsPerStep),
  });
  consumer.subscribe([input], noListener);
  const writer = new TransactionalWriter(plan, rig, topic, ledger, consumer);
  try {
    await writer.start(plan.faults.find(({ step }) => step === 0));
    const faults = plan.faults.filter(({ step }) => step > 0);
    const deadlineMs = Date.now() + RUN_MS;
    for (let step = 0; ledger.promised < total; ) {
      assert.ok(Date.now() < deadlineMs, `${ledger.promised} of ${total} after ${RUN_MS} ms`);
      const chunk = await nextChunk(consumer);
      if (chunk.records.length === 0) continue;
      step++;
      // A step may be smaller than planned, and there may be more of them.
      const isDue = (faults[0]?.step ?? Number.POSITIVE_INFINITY) <= step;
      const fault = isDue ? faults.shift() : undefined;
      if (!(await writer.write(chunk, step, fault))) await rewind(consumer);
    }
    assert.deepEqual(await nextChunk(consumer), { records: [], offsets: [] }, 'all was consumed');
    const owned = await consumer.committed(consumer.assignment());
    assert.equal(
      owned.reduce((sum, each) => sum + (each?.offset ?? 0), 0),
      total,
      'the group has the offsets of all that was committed',
    );
  } finally {
    await writer.close();
  }
  return writer.begunAnew;
}

async function nextChunk(consumer: Consumer): Promise<Chunk> {
  const records: KeyedNumber[] = [];
  const offsets: TopicPartitionOffset[] = [];
  for (const columns of await consumer.poll(POLL_MS)) {
    const { topic, partition, count } = columns;
    for (let i = 0; i < count; i++) {
      records.push({ key: String(columns.key(i)), number: Number(columns.value(i)) });
    }
    offsets.push({ topic, partition, offset: columns.offset(count - 1) + 1 });
  }
  return { records, offsets };
}

/** Back to what is committed: that is where the group would begin again, too. */
async function rewind(consumer: Consumer): Promise<void> {
  const owned = consumer.assignment();
  const committed = await consumer.committed(owned);
  for (const [i, partition] of owned.entries()) {
    consumer.seek({ ...partition, offset: committed[i]?.offset ?? 0 });
  }
}
