import type { Producer } from '../../src/producer/producer.ts';
import type { DeliveryLedger, RunRecord } from './delivery-ledger.ts';
import type { FaultInjector } from './fault-injector.ts';
import { SeededRandom } from './seeded-random.ts';

/** A record to be written, whatever attempt it takes. */
export type KeyedNumber = Pick<RunRecord, 'key' | 'number'>;

/** Makes records: each key counts on its own. */
export class RecordFeed {
  readonly #random: SeededRandom;
  readonly #keys: number;
  readonly #next = new Map<string, number>();

  constructor(seed: number, keys: number) {
    this.#random = new SeededRandom(seed + 1_000_000);
    this.#keys = keys;
  }

  take(count: number): readonly KeyedNumber[] {
    return Array.from({ length: count }, () => {
      const key = `k${this.#random.between(1, this.#keys)}`;
      const number = this.#next.get(key) ?? 0;
      this.#next.set(key, number + 1);
      return { key, number };
    });
  }
}

/** Where {@link appendAll} writes, and who takes notes. */
export interface Outlet {
  readonly producer: Producer;
  readonly topic: string;
  readonly ledger: DeliveryLedger;
  readonly injector: FaultInjector;
  /** Whether a full buffer is a planned fault here. */
  readonly isFilling: boolean;
}

/** Appends, waiting for room whenever there is none. */
export async function appendAll(
  records: readonly RunRecord[],
  firstToken: number,
  outlet: Outlet,
): Promise<void> {
  const { producer, topic, ledger, injector, isFilling } = outlet;
  let isCounted = !isFilling;
  for (const [i, { key, text }] of records.entries()) {
    while (!producer.hasRoom) {
      if (!isCounted) injector.count('full buffer');
      isCounted = true;
      await producer.room();
    }
    const [token, value] = [firstToken + i, Buffer.from(text)];
    const rest = { partition: null, headers: [], timestamp: null };
    producer.append({ topic, key: Buffer.from(key), value, token, ...rest });
    ledger.taken(token);
  }
}
