import type { KafkaError } from '../errors/kafka-error.ts';
import type { RecordHeader } from '../batch/record-header.ts';

/** One encoded record on its way to Kafka. */
export interface OutgoingRecord {
  readonly topic: string;
  /** `null`: the partitioner decides (Java's murmur2 by key, sticky without one). */
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** Milliseconds since the epoch; `null` means now. */
  readonly timestamp: number | null;
  /** The caller's own number for this record, given back in the delivery report. */
  readonly token: number;
}

/**
 * What became of one batch: one report for a whole range of records, never a promise per record.
 */
export interface DeliveryReport {
  readonly topic: string;
  readonly partition: number;
  /** Tokens of the records of this batch, in the order they were appended. */
  readonly tokens: readonly number[];
  /** The offset of the first record; record i has `baseOffset + i`. -1 with an error or acks=0. */
  readonly baseOffset: number;
  /** The broker's timestamp for LogAppendTime topics, else `null`. */
  readonly logAppendTimeMs: number | null;
  /** `null` when all of the batch is in Kafka. */
  readonly error: KafkaError | null;
}

/** What the data plane needs of a producer. `Producer` implements it. */
export interface RecordProducer extends AsyncDisposable {
  /** Makes sure that the partitions of these topics are known; waits at most `max.block.ms`. */
  prepare(topics: Iterable<string>, signal?: AbortSignal): Promise<void>;
  /** Copies the record into its batch. The topic must be prepared. Never waits; see `hasRoom`. */
  append(record: OutgoingRecord): void;
  /** False when `buffer.memory` is used up: stop appending and await `room`. */
  readonly hasRoom: boolean;
  room(signal?: AbortSignal): Promise<void>;
  /** Sends what is there and settles when every record appended before has been reported. */
  flush(): Promise<void>;
  /** Sends the rest within `timeoutMs`, then fails what is left. 0 drops at once. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}
