import type { DeliveryReport, KafkaError, ColumnProducer } from '@sluice/kafka';

type OutgoingRecord = Parameters<ColumnProducer['append']>[0];
type OutgoingColumns = Parameters<ColumnProducer['appendColumns']>[0];

/** A record as the fake broker has it. */
export interface ProducedRecord extends OutgoingRecord {
  readonly keyText: string | null;
  readonly valueText: string | null;
}

/** A producer whose acknowledgements the test gives out by hand, or at once with `autoAck`. */
export class FakeProducer implements ColumnProducer {
  readonly config: Readonly<Record<string, string>>;
  readonly appended: ProducedRecord[] = [];
  readonly prepared: string[] = [];
  readonly #onDelivery: (report: DeliveryReport) => void;
  autoAck = true;
  hasRoom = true;
  isClosed = false;
  /** The time that each close was given. */
  readonly closeTimeouts: (number | undefined)[] = [];
  /** Called with each close: tests note in which order things end. */
  onClose: () => void = () => undefined;
  /** Thrown by the next appends, one each. */
  readonly appendErrors: Error[] = [];
  readonly prepareErrors: Error[] = [];
  #unacked: ProducedRecord[] = [];
  #nextOffset = 0;
  #roomWaiters: (() => void)[] = [];

  constructor(
    config: Readonly<Record<string, string>>,
    onDelivery: (report: DeliveryReport) => void,
  ) {
    this.config = config;
    this.#onDelivery = onDelivery;
  }

  async prepare(topics: Iterable<string>): Promise<void> {
    const error = this.prepareErrors.shift();
    if (error !== undefined) throw error;
    this.prepared.push(...topics);
  }

  append(record: OutgoingRecord): void {
    const error = this.appendErrors.shift();
    if (error !== undefined) throw error;
    const produced = { ...record, keyText: text(record.key), valueText: text(record.value) };
    this.appended.push(produced);
    this.#unacked.push(produced);
    if (this.autoAck) queueMicrotask(() => this.ack());
  }

  appendColumns(columns: OutgoingColumns, from = 0): number {
    for (let at = from; at < columns.count; at++) {
      // One at a time where there is no room: tests look at the state in between.
      if (!this.hasRoom) return at;
      if (this.appendErrors.length > 0 && at > from) return at;
      this.append(recordAt(columns, at));
    }
    return columns.count;
  }

  room(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#roomWaiters.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  giveRoom(): void {
    this.hasRoom = true;
    for (const waiter of this.#roomWaiters.splice(0)) waiter();
  }

  /** Acknowledges the oldest `count` records, all by default, as one batch. */
  ack(count = this.#unacked.length): void {
    this.#report(this.#unacked.splice(0, count), null);
  }

  /** Acknowledges just the records with these values, in another order than they were sent. */
  ackValues(values: readonly string[]): void {
    const isMeant = (each: ProducedRecord): boolean => values.includes(each.valueText ?? '');
    const meant = this.#unacked.filter(isMeant);
    this.#unacked = this.#unacked.filter((each) => !isMeant(each));
    this.#report(meant, null);
  }

  fail(error: KafkaError, count = this.#unacked.length): void {
    this.#report(this.#unacked.splice(0, count), error);
  }

  get values(): readonly (string | null)[] {
    return this.appended.map((each) => each.valueText);
  }

  async flush(): Promise<void> {
    if (this.autoAck) this.ack();
  }

  async close(options?: { readonly timeoutMs?: number }): Promise<void> {
    this.isClosed = true;
    this.closeTimeouts.push(options?.timeoutMs);
    this.onClose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #report(records: readonly ProducedRecord[], error: KafkaError | null): void {
    const first = records[0];
    if (first === undefined) return;
    const baseOffset = error === null ? this.#nextOffset : -1;
    if (error === null) this.#nextOffset += records.length;
    this.#onDelivery({
      topic: first.topic,
      partition: 0,
      tokens: records.map((each) => each.token),
      baseOffset,
      logAppendTimeMs: null,
      error,
    });
  }
}

function recordAt(columns: OutgoingColumns, at: number): OutgoingRecord {
  const value = columns.values[at] ?? null;
  return {
    topic: columns.topic,
    partition: columns.partitions?.[at] ?? null,
    key: columns.keys?.[at] ?? null,
    value: typeof value === 'string' ? Buffer.from(value, 'utf8') : value,
    headers: columns.headers?.[at] ?? [],
    timestamp: columns.timestamps?.[at] ?? null,
    token: columns.tokens[at] ?? -1,
  };
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}
