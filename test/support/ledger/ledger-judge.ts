import { ledgerRecordOf, type LedgerRecord } from './ledger-record.ts';

/** What was durable when a life of the worker was over. */
export interface LifeEnd {
  /** Per source partition: the sequence number that the offsets file holds, -1 for none. */
  readonly sourceCommitted: readonly number[];
  /** Per Kafka partition: the offset that the sink's group holds, 0 for none. */
  readonly sinkCommitted: readonly number[];
}

/** What a source task wrote down by itself. */
export interface SourceLedger {
  /** `[life][part]`: the number that the life began with; missing when it came to no start. */
  readonly started: readonly (readonly (number | undefined)[])[];
  /** Per source partition: how many records were read in all lives, counted once. */
  readonly read: readonly number[];
  /** Per source partition: every number for which `commitRecord` was called. */
  readonly acknowledged: readonly ReadonlySet<number>[];
}

/** All that the judge is shown. */
export interface LedgerEvidence {
  readonly topic: string;
  /** One per life, in order; the last life ended by itself. */
  readonly ends: readonly LifeEnd[];
  readonly source: SourceLedger;
  /** Per Kafka partition, in order: the values of the topic. */
  readonly values: readonly (readonly string[])[];
  /** Per Kafka partition, in order: the lines of the sink. */
  readonly lines: readonly (readonly string[])[];
  /** How many records each source partition has. */
  readonly records: number;
}

/** What it comes to. `lost` and `wrong` name the first few. */
export interface LedgerVerdict {
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
  /** Records in the topic beyond one of each. */
  readonly doubledInTopic: number;
  /** Lines of the sink beyond one for each record of the topic. */
  readonly doubledInSink: number;
  /** The most records that one death doubled in the topic, all partitions together. */
  readonly doubledInTopicMax: number;
  readonly doubledInSinkMax: number;
  /** Lines that a death cut in two. */
  readonly torn: number;
}

const NAMED_MAX = 10;

/**
 * Holds the topic against what the source read and stored, and the sink's files against the topic
 * and what its group stored, record by record. A number may be repeated only after a death, and only
 * from the first one on that was not committed then: that is the bound of what may be doubled.
 */
export function judgeLedger(evidence: LedgerEvidence): LedgerVerdict {
  const judge = new LedgerJudge(evidence);
  judge.checkStarts();
  judge.checkTopic();
  judge.checkSink();
  return judge.verdict();
}

class LedgerJudge {
  readonly #evidence: LedgerEvidence;
  readonly #lost: string[] = [];
  readonly #wrong: string[] = [];
  readonly #topicDoubles: number[] = [];
  readonly #sinkDoubles: number[] = [];
  #torn = 0;

  constructor(evidence: LedgerEvidence) {
    this.#evidence = evidence;
  }

  /** Each life begins exactly behind what the offsets file held when the one before was over. */
  checkStarts(): void {
    const { source, ends } = this.#evidence;
    for (const [life, starts] of source.started.entries()) {
      for (const [part, start] of starts.entries()) {
        const stored = life === 0 ? -1 : (ends[life - 1]?.sourceCommitted[part] ?? -1);
        if (start === undefined || start === stored + 1) continue;
        this.#wrong.push(`life ${life} began part ${part} at ${start}, ${stored} was stored`);
      }
    }
  }

  checkTopic(): void {
    const { topic, values, source, records } = this.#evidence;
    const walks = source.read.map(() => ({ next: 0, life: 0, seen: new Set<number>() }));
    for (const [partition, list] of values.entries()) {
      for (const [offset, value] of list.entries()) {
        const record = ledgerRecordOf(topic, value);
        const walk = walks[record?.part ?? -1];
        const where = `${topic}-${partition}@${offset}`;
        if (record === null || walk === undefined) {
          this.#wrong.push(`${where} was never written so: ${value.slice(0, 80)}`);
          continue;
        }
        this.#followSource(record, walk, where);
      }
    }
    for (const [part, { seen }] of walks.entries()) {
      if (source.read[part] !== records) this.#wrong.push(`part ${part} was not read to its end`);
      this.#findMissing(`part ${part}`, seen, records);
      for (const seq of source.acknowledged[part] ?? []) {
        if (!seen.has(seq)) this.#lost.push(`part ${part}: ${seq} was acknowledged`);
      }
    }
  }

  #followSource(
    { part, seq, life }: LedgerRecord,
    walk: { next: number; life: number; readonly seen: Set<number> },
    where: string,
  ): void {
    const start = this.#evidence.source.started[life]?.[part];
    if (life < walk.life) this.#wrong.push(`${where}: life ${life} after life ${walk.life}`);
    // A life continues its own numbers; a later one begins where its offset told it to.
    const expected = life === walk.life && walk.seen.size > 0 ? walk.next : start;
    if (seq !== expected) this.#wrong.push(`${where}: part ${part} has ${seq}, not ${expected}`);
    if (seq >= (this.#evidence.source.read[part] ?? 0))
      this.#wrong.push(`${where}: nobody read it`);
    if (walk.seen.has(seq)) count(this.#topicDoubles, life);
    walk.seen.add(seq);
    walk.next = seq + 1;
    walk.life = life;
  }

  checkSink(): void {
    const { values, lines, ends } = this.#evidence;
    for (const [partition, list] of lines.entries()) {
      const wanted = values[partition] ?? [];
      const seen = new Set<number>();
      let next = 0;
      for (const [at, line] of list.entries()) {
        const cut = line.split(' ', 2);
        const [offset, life] = [Number(cut[0]), Number(cut[1])];
        if (line !== `${offset} ${life} ${wanted[offset]}`) {
          this.#judgeOddLine(line, wanted, `line ${at} of partition ${partition}`);
          continue;
        }
        const committed = life === 0 ? 0 : (ends[life - 1]?.sinkCommitted[partition] ?? 0);
        if (offset < committed) {
          this.#wrong.push(`partition ${partition}: ${offset} came again, ${committed} was stored`);
        }
        if (offset > next)
          this.#wrong.push(`partition ${partition}: ${offset} came after ${next - 1}`);
        if (seen.has(offset)) count(this.#sinkDoubles, life);
        seen.add(offset);
        next = offset + 1;
      }
      this.#findMissing(`partition ${partition} in the sink`, seen, wanted.length);
    }
  }

  /** Part of a line, cut off by a death: the beginning of one that should stand there. */
  #judgeOddLine(line: string, wanted: readonly string[], where: string): void {
    const offset = Number(line.split(' ', 1)[0]);
    const rest = line.split(' ').slice(2).join(' ');
    const isBeginning =
      /^\d+( \d+)?( |$)/.test(line) && ((wanted[offset] ?? '').startsWith(rest) || rest === '');
    if (isBeginning) this.#torn += 1;
    else this.#wrong.push(`${where} was never written so: ${line.slice(0, 80)}`);
  }

  #findMissing(what: string, seen: ReadonlySet<number>, count: number): void {
    for (let i = 0; i < count; i++) if (!seen.has(i)) this.#lost.push(`${what}: ${i}`);
  }

  verdict(): LedgerVerdict {
    const { ends } = this.#evidence;
    if (this.#torn > ends.length) this.#wrong.push(`${this.#torn} torn lines`);
    const sum = (of: readonly number[]): number => of.reduce((a, b) => a + (b ?? 0), 0);
    return {
      lost: this.#lost.slice(0, NAMED_MAX),
      wrong: this.#wrong.slice(0, NAMED_MAX),
      doubledInTopic: sum(this.#topicDoubles),
      doubledInSink: sum(this.#sinkDoubles),
      doubledInTopicMax: Math.max(0, ...Object.values(this.#topicDoubles)),
      doubledInSinkMax: Math.max(0, ...Object.values(this.#sinkDoubles)),
      torn: this.#torn,
    };
  }
}

function count(counts: number[], life: number): void {
  while (counts.length <= life) counts.push(0);
  counts[life] = (counts[life] ?? 0) + 1;
}
