import type { KafkaLogger } from '../logger.ts';
import type { DeliveryReport } from '../producer/contract.ts';
import { createProducer, type Producer } from '../producer/producer.ts';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** R3.56: what Java sets for the producers of its internal topics, and nobody can change. */
const FIXED = {
  acks: 'all',
  'max.in.flight.requests.per.connection': '1',
  'enable.idempotence': 'false',
  'delivery.timeout.ms': '2147483647',
} as const;

/** Writes single records to a log: a promise per record, for topics with few of them. */
export class LogWriter {
  readonly #topic: string;
  readonly #producer: Producer;
  readonly #waiting = new Map<number, Waiting>();
  #lastToken = 0;

  constructor(topic: string, properties: Readonly<Record<string, string>>, logger: KafkaLogger) {
    this.#topic = topic;
    const onDelivery = (report: DeliveryReport): void => this.#onDelivery(report);
    this.#producer = createProducer({ ...properties, ...FIXED }, { logger, onDelivery });
  }

  /** Settles when the record is in Kafka. Calls that come one after the other are written in that order. */
  async write(
    key: Uint8Array | null,
    value: Uint8Array | null,
    partition: number | null,
    signal?: AbortSignal,
  ): Promise<void> {
    const topic = this.#topic;
    await this.#producer.prepare([topic], signal);
    if (!this.#producer.hasRoom) await this.#producer.room(signal);
    const token = ++this.#lastToken;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(token, { resolve, reject });
      try {
        const record = { topic, partition, key, value, headers: [], timestamp: null, token };
        this.#producer.append(record);
      } catch (error) {
        this.#waiting.delete(token);
        throw error;
      }
    });
  }

  /** Writes the rest within `timeoutMs`; what is left then fails. */
  close(timeoutMs: number): Promise<void> {
    return this.#producer.close({ timeoutMs });
  }

  #onDelivery({ tokens, error }: DeliveryReport): void {
    for (const token of tokens) {
      const waiting = this.#waiting.get(token);
      this.#waiting.delete(token);
      if (error === null) waiting?.resolve();
      else waiting?.reject(error);
    }
  }
}
