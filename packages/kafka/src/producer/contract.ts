import type { RecordHeader } from '../batch/record-header.ts';
import type { ConsumerGroupMetadata } from '../consumer/consumer-group-metadata.ts';
import type { TopicPartitionOffset } from '../consumer/contract.ts';
import type { KafkaError } from '../errors/kafka-error.ts';

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
 * Encoded records of one topic on their way to Kafka, column by column: slot i of each belongs to
 * the same record. Nothing of it is kept: bytes and texts are copied into batches.
 */
export interface OutgoingColumns {
  readonly topic: string;
  readonly count: number;
  /** `null`, as a column or in it: the partitioner decides. */
  readonly partitions: ArrayLike<number | null> | null;
  /** `null` when no record has a key. */
  readonly keys: ArrayLike<Uint8Array | null> | null;
  /** A text is written as UTF-8 straight into its batch, without bytes of its own in between. */
  readonly values: ArrayLike<Uint8Array | string | null>;
  /** `null` when no record has any. */
  readonly headers: ArrayLike<readonly RecordHeader[]> | null;
  /** Milliseconds since the epoch; `null`, as a column or in it, means now. */
  readonly timestamps: ArrayLike<number | null> | null;
  /** The caller's own numbers, given back in the delivery reports. */
  readonly tokens: ArrayLike<number>;
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

/** A producer that takes many records in one call: no object per record. */
export interface ColumnProducer extends RecordProducer {
  /**
   * Copies records into their batches, from slot `from` on, and answers the slot behind the last
   * one taken. That is `count` when all of them were; less when `buffer.memory` is used up (await
   * `room`, then go on from there) or when that record can't be taken (go on, and its error is
   * thrown). The topic must be prepared.
   *
   * @throws KafkaError `RECORD_TOO_LARGE`, `UNKNOWN_TOPIC_OR_PARTITION` for the record at `from`;
   *   it and what follows was not taken
   */
  appendColumns(columns: OutgoingColumns, from?: number): number;
}

/**
 * A producer with `transactional.id`: what is appended between `beginTransaction` and
 * `commitTransaction` becomes visible to `read_committed` consumers together, or never.
 *
 * ```ts
 * await producer.initTransactions();
 * producer.beginTransaction();
 * try {
 *   producer.append(...);
 *   await producer.sendOffsetsToTransaction(offsets, groupMetadata);
 *   await producer.commitTransaction();
 * } catch (error) {
 *   if (!(error instanceof TransactionError) || error.remedy !== 'abort') throw error;
 *   await producer.abortTransaction();
 * }
 * ```
 *
 * A record that can't be delivered makes the commit fail, so delivery reports need not be watched.
 * Errors of a transaction are `TransactionError`s: their `remedy` says whether `abortTransaction`
 * and another transaction will do, or only another producer. `PRODUCER_FENCED` (`isFenced`): another
 * one with the same id has begun, or the transaction took longer than `transaction.timeout.ms`;
 * nothing of this one will be committed.
 *
 * Each call waits `max.block.ms` at most. What it asked for goes on behind that: after a `TIMEOUT`
 * the same call waits on, and all others are refused (`ILLEGAL_STATE`).
 *
 * @see org.apache.kafka.clients.producer.KafkaProducer
 * @see KIP-98, KIP-360, KIP-447, KIP-890
 */
export interface TransactionalProducer extends RecordProducer {
  /**
   * To be called once, first. Fences older producers of the same `transactional.id` and ends what
   * they left open.
   */
  initTransactions(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** From here on, records may be appended. */
  beginTransaction(): void;
  /**
   * Makes offsets part of the transaction: they become the group's committed ones when it commits.
   * With the metadata of the consumer that read them, a consumer that is no longer a member of the
   * group is refused (`ILLEGAL_GENERATION`, `UNKNOWN_MEMBER_ID`: abort).
   */
  sendOffsetsToTransaction(
    offsets: readonly TopicPartitionOffset[],
    group: ConsumerGroupMetadata,
    options?: { readonly signal?: AbortSignal },
  ): Promise<void>;
  /**
   * Sends what is left, waits until all of it is in Kafka, and commits.
   *
   * @throws TransactionError when any record could not be delivered, or the coordinator refuses
   */
  commitTransaction(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Drops what was not sent (reported with `TRANSACTION_ABORTED`, or with the error that came
   * before), waits for what is under way, and aborts.
   */
  abortTransaction(options?: { readonly signal?: AbortSignal }): Promise<void>;
}
