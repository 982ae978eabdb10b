// Goal: whatever brokers and connections do, a transaction whose commit succeeded is in the log whole, once and in its place; one
// that was aborted is not seen; one whose commit failed is seen whole or not at all; offsets go with their transaction; and the
// producer, or the next one under its id, goes on. Method: random runs of the whole producer on a fake clock against a simulated
// coordinator, in both protocols. Seeds: see `producer-model.test.ts`.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { silentLogger } from '../src/logger.ts';
import type { DeliveryReport } from '../src/producer/contract.ts';
import { createProducer, type Producer } from '../src/producer/producer.ts';
import { TransactionError } from '../src/transactions/transaction-error.ts';
import { SimulatedClock, SimulatedCluster } from './simulated-cluster.ts';
import { type Fault, FAULT_TYPES, faults } from './simulated-faults.ts';
import { SimulatedKafka, TOPIC } from './simulated-kafka.ts';
import { modelParameters, numbers, roundsUntilFired } from './simulated-runs.ts';

const PARTITIONS = 2;
const CALL_MAX_MS = 60_000;
const GROUP = { groupId: 'g', generationId: -1, memberId: '', groupInstanceId: null };

/** Transactions without faults at the end, until one is committed. */
const LAST_TRIES_MAX = 8;

interface Plan {
  readonly counts: readonly number[];
  readonly waitMs: number;
  readonly hasOffset: boolean;
  readonly isCommit: boolean;
}

const plans: fc.Arbitrary<readonly Plan[]> = fc.array(
  fc.record({
    counts: fc.tuple(fc.nat(10), fc.nat(5)),
    waitMs: fc.oneof(fc.constant(0), fc.nat(20)),
    hasOffset: fc.boolean(),
    isCommit: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
  }),
  { minLength: 1, maxLength: 8 },
);

interface Done {
  readonly values: readonly (readonly string[])[];
  readonly offset: number | null;
  readonly fate: 'committed' | 'aborted' | 'unknown';
}

class Run {
  readonly kafka: SimulatedKafka;
  readonly done: Done[] = [];
  readonly reports: DeliveryReport[] = [];
  readonly #clock = new SimulatedClock();
  #producer: Producer;
  #next = 0;

  constructor(faults: readonly Fault[], isSecondProtocol: boolean) {
    this.kafka = new SimulatedKafka(PARTITIONS, faults, isSecondProtocol);
    this.#producer = this.#make();
  }

  async start(): Promise<void> {
    for (;;) {
      try {
        await this.#settle(this.#producer.initTransactions());
        await this.#settle(this.#producer.prepare([TOPIC]));
        return;
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async take(plan: Plan): Promise<void> {
    const values = plan.counts.map((count) =>
      Array.from({ length: count }, () => String(this.#next++)),
    );
    const offset = plan.hasOffset ? this.#next : null;
    let isCommitting = false;
    try {
      this.#producer.beginTransaction();
      for (const [partition, texts] of values.entries()) {
        for (const text of texts) this.#append(partition, text);
      }
      await this.#wait(plan.waitMs);
      if (offset !== null) {
        const offsets = [{ topic: TOPIC, partition: 0, offset }];
        await this.#settle(this.#producer.sendOffsetsToTransaction(offsets, GROUP));
      }
      isCommitting = plan.isCommit;
      if (plan.isCommit) await this.#settle(this.#producer.commitTransaction());
      else await this.#settle(this.#producer.abortTransaction());
      this.done.push({ values, offset, fate: plan.isCommit ? 'committed' : 'aborted' });
    } catch (error) {
      const isAborted = await this.#recover(error);
      const fate = isAborted || !isCommitting ? 'aborted' : 'unknown';
      this.done.push({ values, offset, fate });
    }
  }

  async finish(): Promise<void> {
    this.kafka.calm();
    // Each request that still comes late may spoil one: an InitProducerId fences its own sender.
    for (let tries = 0; tries < LAST_TRIES_MAX; tries++) {
      await this.take({ counts: [1, 1], waitMs: 0, hasOffset: true, isCommit: true });
      if (this.done.at(-1)?.fate === 'committed') break;
    }
    assert.equal(this.done.at(-1)?.fate, 'committed', 'it goes on in the end');
    await this.#wait(300);
    await this.#settle(this.#producer.close());
  }

  /** Does what the error says; true when the transaction was aborted. */
  async #recover(thrown: unknown): Promise<boolean> {
    assert.ok(thrown instanceof TransactionError, String(thrown));
    this.kafka.count(`${thrown.remedy}: ${thrown.code}`);
    if (thrown.remedy === 'abort') {
      try {
        await this.#settle(this.#producer.abortTransaction());
        return true;
      } catch (error) {
        return await this.#recover(error);
      }
    }
    await this.#settle(this.#producer.close({ timeoutMs: 0 }));
    this.#producer = this.#make();
    await this.start();
    return false;
  }

  #make(): Producer {
    return createProducer(
      {
        'bootstrap.servers': 'simulated:1',
        'transactional.id': 'model',
        'batch.size': '140',
        'linger.ms': '2',
        'request.timeout.ms': '60',
        'delivery.timeout.ms': '130',
        'retry.backoff.ms': '3',
        'retry.backoff.max.ms': '20',
      },
      {
        logger: silentLogger,
        clock: this.#clock,
        random: numbers(),
        makeCluster: (options) => new SimulatedCluster(options, this.kafka),
        onDelivery: (report) => this.reports.push(report),
      },
    );
  }

  #append(partition: number, text: string): void {
    const rest = { key: null, headers: [], timestamp: null, token: Number(text) };
    this.#producer.append({ topic: TOPIC, partition, value: Buffer.from(text), ...rest });
  }

  async #wait(ms: number): Promise<void> {
    const untilMs = this.#clock.now() + ms;
    await this.#clock.run(() => this.#clock.now() >= untilMs, ms + 1);
  }

  async #settle(promise: Promise<void>): Promise<void> {
    let isOver = false;
    const watched = promise.finally(() => (isOver = true));
    watched.catch(() => undefined);
    assert.ok(await this.#clock.run(() => isOver, CALL_MAX_MS), 'it never ended');
    await watched;
  }
}

function check({ kafka, done, reports }: Run): void {
  assert.deepEqual(kafka.violations, []);
  const tokens = reports.flatMap((report) => report.tokens);
  assert.equal(tokens.length, new Set(tokens).size, 'each is reported once');
  const logs = kafka.logs.map(({ entries }) => {
    assert.ok(
      entries.every(({ fate }) => fate !== 'open'),
      'nothing is left open',
    );
    return entries.filter(({ fate }) => fate === 'committed').map(({ value }) => value);
  });
  const expected: string[][] = logs.map(() => []);
  let offset: number | null = null;
  for (const { values, fate, offset: sent } of done) {
    const isSeen = values.some((texts, i) => texts.some((text) => logs[i]?.includes(text)));
    const isEmpty = values.every((texts) => texts.length === 0);
    const isKept = fate === 'committed' || (fate === 'unknown' && isSeen);
    if (isKept) for (const [i, texts] of values.entries()) expected[i]?.push(...texts);
    const isOffsetKept =
      fate === 'unknown' && isEmpty ? kafka.transactions.committedOffset === sent : isKept;
    if (isOffsetKept && sent !== null) offset = sent;
  }
  assert.deepEqual(logs, expected);
  assert.equal(kafka.transactions.committedOffset, offset);
}

/** Runs that failed once. */
const FOUND: readonly [readonly Plan[], readonly Fault[]][] = [
  // An EndTxn whose connection was cut came to the coordinator in the middle of a later transaction.
  [
    [
      { counts: [1, 1], waitMs: 0, hasOffset: false, isCommit: true },
      { counts: [0, 1], waitMs: 0, hasOffset: false, isCommit: true },
      { counts: [0, 1], waitMs: 0, hasOffset: true, isCommit: true },
    ],
    [
      { type: 'error after', error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' },
      { type: 'none' },
      { type: 'none' },
      { type: 'slow', ms: 2 },
      { type: 'none' },
      { type: 'cut and late', ms: 62 },
    ],
  ],
];

for (const isSecondProtocol of [false, true]) {
  const protocol = isSecondProtocol ? 'second' : 'first';
  test(`${protocol} protocol: transactions are seen whole or not at all, whatever happens`, async () => {
    const counts = new Map<string, number>();
    mock.timers.enable({ apis: ['setTimeout'] });
    // A run without its faults does not count.
    const wanted = [
      ...FAULT_TYPES,
      'transaction did expire',
      'new producer: PRODUCER_FENCED',
      'abort: TRANSACTION_ABORTABLE',
    ];
    try {
      await roundsUntilFired(wanted, counts, (round) =>
        fc.assert(
          fc.asyncProperty(plans, faults('transactional'), async (each, happening) => {
            const run = new Run(happening, isSecondProtocol);
            await run.start();
            for (const plan of each) await run.take(plan);
            await run.finish();
            check(run);
            for (const [what, count] of run.kafka.counts) {
              counts.set(what, (counts.get(what) ?? 0) + count);
            }
          }),
          { ...modelParameters(100, round), examples: [...FOUND] },
        ),
      );
    } finally {
      mock.timers.reset();
    }
  });
}
