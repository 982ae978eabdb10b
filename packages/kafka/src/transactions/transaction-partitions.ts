import type { PartitionQueue } from '../producer/partition-queue.ts';

/**
 * Which partitions the running transaction has written to. In the first protocol the coordinator is
 * told of each before anything is sent to it: those that come while it is being told, together.
 */
export class TransactionPartitions {
  /** The coordinator has begun the transaction. */
  isStarted = false;
  readonly #add: (queues: readonly PartitionQueue[]) => Promise<void>;
  readonly #onAdded: () => void;
  readonly #added = new Set<PartitionQueue>();
  readonly #wanted = new Set<PartitionQueue>();
  /** Those that the coordinator is being told of. */
  #told: readonly PartitionQueue[] = [];
  #adding: Promise<void> | null = null;
  #mayBeStarted = false;

  /** `add` tells the coordinator, `onAdded` is called when it knows of more. */
  constructor(add: (queues: readonly PartitionQueue[]) => Promise<void>, onAdded: () => void) {
    this.#add = add;
    this.#onAdded = onAdded;
  }

  /** It was asked to, at least. */
  get mayBeStarted(): boolean {
    return this.#mayBeStarted || this.isStarted;
  }
  set mayBeStarted(value: boolean) {
    this.#mayBeStarted = value;
  }

  /** Whether the coordinator knows of the partition; else it will be told. */
  has(queue: PartitionQueue): boolean {
    if (this.#added.has(queue)) return true;
    if (this.#told.includes(queue)) return false;
    this.#wanted.add(queue);
    this.#adding ??= this.#addAll().finally(() => {
      this.#adding = null;
    });
    return false;
  }

  /** Settles when the coordinator is not being told of any. */
  async idle(): Promise<void> {
    await this.#adding;
  }

  /** A new transaction begins. */
  clear(): void {
    this.#added.clear();
    this.#wanted.clear();
    this.#mayBeStarted = false;
    this.isStarted = false;
  }

  async #addAll(): Promise<void> {
    // Those that one turn brings go together.
    await Promise.resolve();
    while (this.#wanted.size > 0) {
      this.#told = [...this.#wanted];
      this.#wanted.clear();
      this.#mayBeStarted = true;
      try {
        await this.#add(this.#told);
        this.isStarted = true;
        for (const queue of this.#told) this.#added.add(queue);
      } catch {
        // The transaction has the error, and nothing more is added to it.
        this.#wanted.clear();
      }
      this.#told = [];
      this.#onAdded();
    }
  }
}
