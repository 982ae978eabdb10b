import type { OutgoingBatch } from './outgoing-batch.ts';

interface Waiter {
  readonly batches: Set<OutgoingBatch>;
  readonly resolve: () => void;
}

/** Flushes that wait, each for the batches that were there when it began. */
export class FlushWaiters {
  readonly #waiters: Waiter[] = [];

  /** Settles when all of these batches are reported. */
  wait(unreported: ReadonlySet<OutgoingBatch>): Promise<void> {
    if (unreported.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ batches: new Set(unreported), resolve });
    });
  }

  /** A batch was split: its parts are waited for in its place. */
  replaced(batch: OutgoingBatch, parts: readonly OutgoingBatch[]): void {
    for (const { batches } of this.#waiters) {
      if (!batches.delete(batch)) continue;
      for (const part of parts) batches.add(part);
    }
  }

  /** Something was reported. */
  reported(unreported: ReadonlySet<OutgoingBatch>): void {
    for (let i = this.#waiters.length - 1; i >= 0; i--) {
      const waiter = this.#waiters[i];
      if (waiter === undefined) continue;
      for (const batch of waiter.batches) {
        if (unreported.has(batch)) break;
        waiter.batches.delete(batch);
      }
      if (waiter.batches.size > 0) continue;
      this.#waiters.splice(i, 1);
      waiter.resolve();
    }
  }
}
