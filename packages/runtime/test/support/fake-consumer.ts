import type { TopicPartition, TopicPartitionOffset } from '@sluice/api';
import type { RebalanceListener, RecordColumns, RecordConsumer, RecordHeader } from '@sluice/kafka';

/** One record in the fake log. */
export interface LoggedRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly headers?: readonly RecordHeader[];
  readonly timestamp?: number;
}

/**
 * A consumer over logs in memory. Rebalances happen when the test says so, inside the next poll, as
 * with the real one. Every call worth asserting is in `calls`, in order.
 */
export class FakeConsumer implements RecordConsumer {
  readonly calls: string[] = [];
  readonly committedOffsets = new Map<string, number>();
  readonly polled: number[] = [];
  readonly #logs = new Map<string, LoggedRecord[]>();
  readonly #positions = new Map<string, number>();
  readonly #paused = new Set<string>();
  #assigned: TopicPartition[] = [];
  #listener: RebalanceListener | null = null;
  #rebalances: (() => Promise<void>)[] = [];
  #wake: (() => void) | null = null;
  #isWoken = false;
  subscribed: readonly string[] | RegExp | null = null;
  maxPollRecords = 500;
  commitError: Error | null = null;
  /** Holds the answers of commits back until it settles. */
  commitGate: Promise<void> | null = null;
  isClosed = false;

  /** Appends to the log of a partition. */
  log(topic: string, partition: number, records: readonly LoggedRecord[]): void {
    const key = `${topic}-${partition}`;
    const log = this.#logs.get(key) ?? [];
    log.push(...records);
    this.#logs.set(key, log);
    this.#wake?.();
  }

  assignLater(partitions: readonly TopicPartition[]): void {
    this.#rebalance(async (listener) => {
      this.#assigned.push(...partitions);
      for (const each of partitions) {
        const key = name(each);
        this.#positions.set(key, this.committedOffsets.get(key) ?? 0);
      }
      await listener.onPartitionsAssigned(partitions);
    });
  }

  revokeLater(partitions: readonly TopicPartition[]): void {
    this.#rebalance(async (listener) => {
      await listener.onPartitionsRevoked(partitions);
      this.#unassign(partitions);
    });
  }

  loseLater(partitions: readonly TopicPartition[]): void {
    this.#rebalance(async (listener) => {
      this.#unassign(partitions);
      await listener.onPartitionsLost(partitions);
    });
  }

  subscribe(topics: readonly string[] | RegExp, listener: RebalanceListener): void {
    this.subscribed = topics;
    this.#listener = listener;
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#assigned = [...partitions];
  }

  async poll(timeoutMs: number): Promise<readonly RecordColumns[]> {
    this.polled.push(timeoutMs);
    for (const rebalance of this.#rebalances.splice(0)) await rebalance();
    if (this.#takeWake()) return [];
    const found = this.#fetch();
    if (found.length > 0) return found;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
    if (this.#takeWake()) return [];
    for (const rebalance of this.#rebalances.splice(0)) await rebalance();
    return this.#fetch();
  }

  wakeup(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  async commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    this.calls.push(`commit ${offsets.map((each) => `${name(each)}@${each.offset}`).join(' ')}`);
    if (this.commitGate !== null) await this.commitGate;
    if (this.commitError !== null) throw this.commitError;
    for (const each of offsets) this.committedOffsets.set(name(each), each.offset);
  }

  async committed(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartitionOffset | null)[]> {
    return partitions.map((each) => {
      const offset = this.committedOffsets.get(name(each));
      return offset === undefined ? null : { ...each, offset };
    });
  }

  seek(position: TopicPartitionOffset): void {
    this.calls.push(`seek ${name(position)}@${position.offset}`);
    this.#positions.set(name(position), position.offset);
  }

  async position(partition: TopicPartition): Promise<number> {
    return this.#positions.get(name(partition)) ?? 0;
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#paused.add(name(each));
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#paused.delete(name(each));
    this.#wake?.();
  }

  get paused(): readonly string[] {
    return [...this.#paused].sort();
  }

  assignment(): readonly TopicPartition[] {
    return this.#assigned;
  }

  async beginningOffsets(
    partitions: readonly TopicPartition[],
  ): Promise<readonly TopicPartitionOffset[]> {
    return partitions.map((each) => ({ ...each, offset: 0 }));
  }

  async endOffsets(
    partitions: readonly TopicPartition[],
  ): Promise<readonly TopicPartitionOffset[]> {
    return partitions.map((each) => ({ ...each, offset: this.#logs.get(name(each))?.length ?? 0 }));
  }

  async close(): Promise<void> {
    this.calls.push('close');
    this.isClosed = true;
    this.#wake?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #rebalance(run: (listener: RebalanceListener) => Promise<void>): void {
    this.#rebalances.push(async () => {
      if (this.#listener !== null) await run(this.#listener);
    });
    this.#wake?.();
  }

  #unassign(partitions: readonly TopicPartition[]): void {
    const gone = new Set(partitions.map(name));
    this.#assigned = this.#assigned.filter((each) => !gone.has(name(each)));
    for (const key of gone) this.#paused.delete(key);
  }

  #takeWake(): boolean {
    const isWoken = this.#isWoken;
    this.#isWoken = false;
    return isWoken;
  }

  #fetch(): RecordColumns[] {
    const found: RecordColumns[] = [];
    let left = this.maxPollRecords;
    for (const each of this.#assigned) {
      const key = name(each);
      if (this.#paused.has(key)) continue;
      const from = this.#positions.get(key) ?? 0;
      const records = (this.#logs.get(key) ?? []).slice(from, from + left);
      if (records.length === 0) continue;
      left -= records.length;
      this.#positions.set(key, from + records.length);
      found.push(columnsOf(each.topic, each.partition, from, records));
    }
    return found;
  }
}

/** The columns that a fetch of these records would give. */
export function columnsOf(
  topic: string,
  partition: number,
  firstOffset: number,
  records: readonly LoggedRecord[],
): RecordColumns {
  const at = (i: number): LoggedRecord => {
    const record = records[i];
    if (record === undefined) throw new RangeError(`row ${i} of ${records.length}`);
    return record;
  };
  return {
    topic,
    partition,
    count: records.length,
    offset: (i) => firstOffset + i,
    timestamp: (i) => at(i).timestamp ?? -1,
    timestampType: (i) => (at(i).timestamp === undefined ? 'NoTimestampType' : 'CreateTime'),
    key: (i) => bytes(at(i).key ?? null),
    value: (i) => bytes(at(i).value),
    headers: (i) => at(i).headers ?? [],
  };
}

function bytes(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'utf8');
}

function name(partition: TopicPartition): string {
  return `${partition.topic}-${partition.partition}`;
}
