import type { DeliveryReport } from '../../src/producer/contract.ts';

/** One record that a run writes: the `number`th of its key, in one of several attempts perhaps. */
export interface RunRecord {
  readonly key: string;
  readonly number: number;
  /** Its value: `key/number/attempt`. No two records of a run have the same. */
  readonly text: string;
}

/** One record as somebody found it in the topic. */
export interface FoundRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** What is wrong with a topic: all have to be 0. */
export interface Verdict {
  /** Acknowledged (or committed), and not there. */
  readonly lost: number;
  readonly doubled: number;
  /** Before an older one of its key, or not in its key's partition. */
  readonly reordered: number;
  /** Seen by a `read_committed` consumer, though never committed. */
  readonly uninvited: number;
  /** Not at the offset that was reported to the producer. */
  readonly misplaced: number;
}

/** Knows what was written, what was acknowledged or committed, and judges what is found. */
export class DeliveryLedger {
  /** Batches that were reported as not delivered. */
  readonly failures: string[] = [];
  readonly #records: RunRecord[] = [];
  readonly #offsets = new Map<string, { readonly partition: number; readonly offset: number }>();
  readonly #promised = new Map<string, RunRecord>();
  readonly #taken = new Set<number>();
  readonly #reported = new Set<number>();
  #attempts = 0;
  #doubleReports = 0;

  /** Numbers this attempt's records; the answer has the token of the first. */
  attempt(records: readonly { readonly key: string; readonly number: number }[]): {
    readonly firstToken: number;
    readonly records: readonly RunRecord[];
  } {
    const firstToken = this.#records.length;
    this.#attempts++;
    const attempted = records.map(({ key, number }) => ({
      key,
      number,
      text: `${key}/${number}/${this.#attempts}`,
    }));
    this.#records.push(...attempted);
    return { firstToken, records: attempted };
  }

  /** To be called for every record that the producer took. */
  taken(token: number): void {
    this.#taken.add(token);
  }

  /** To be called with every report of the producer. */
  report({ tokens, partition, baseOffset, error }: DeliveryReport): void {
    if (error !== null) this.failures.push(`${error.code}: ${error.message}`);
    for (const [i, token] of tokens.entries()) {
      if (this.#reported.has(token)) this.#doubleReports++;
      this.#reported.add(token);
      const record = this.#records[token];
      if (error !== null || record === undefined) continue;
      const offset = baseOffset < 0 ? -1 : baseOffset + i;
      this.#offsets.set(record.text, { partition, offset });
    }
  }

  /** These have to be there: they were acknowledged, or their transaction was committed. */
  promise(records: readonly RunRecord[]): void {
    for (const record of records) this.#promised.set(record.text, record);
  }

  get promised(): number {
    return this.#promised.size;
  }

  /** Records with no report, with two, or that are promised without an acknowledgement. */
  get wrongReports(): number {
    const unacknowledged = [...this.#promised.keys()].filter((text) => !this.#offsets.has(text));
    const unreported = [...this.#taken].filter((token) => !this.#reported.has(token));
    return this.#doubleReports + unreported.length + unacknowledged.length;
  }

  /** @param isRaw - whether aborted transactions are to be found, too: they are overlooked */
  judge(found: readonly FoundRecord[], isRaw: boolean): Verdict {
    const verdict = { lost: 0, doubled: 0, reordered: 0, uninvited: 0, misplaced: 0 };
    const seen = new Set<string>();
    const lastOfKey = new Map<string, number>();
    for (const { partition, offset, key, value } of found) {
      const record = this.#promised.get(value ?? '');
      if (record === undefined || record.key !== key) {
        verdict.uninvited += isRaw ? 0 : 1;
        continue;
      }
      const name = `${record.key}/${record.number}`;
      const place = this.#offsets.get(record.text);
      if (place !== undefined && place.offset >= 0 && place.offset !== offset) verdict.misplaced++;
      if (seen.has(name)) verdict.doubled++;
      else if ((lastOfKey.get(record.key) ?? -1) > record.number) verdict.reordered++;
      else if (place?.partition !== partition) verdict.reordered++;
      seen.add(name);
      lastOfKey.set(record.key, Math.max(lastOfKey.get(record.key) ?? -1, record.number));
    }
    const names = new Set([...this.#promised.values()].map((each) => `${each.key}/${each.number}`));
    verdict.doubled += this.#promised.size - names.size;
    for (const name of names) if (!seen.has(name)) verdict.lost++;
    return verdict;
  }
}
