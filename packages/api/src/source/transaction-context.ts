import type { SourceRecord } from './source-record.ts';

/**
 * Lets a task say where its transactions end, when `transaction.boundary` is `connector`. What is
 * said of a record counts before what is said of its batch. The offsets of aborted records are
 * committed all the same. Mirrors `org.apache.kafka.connect.source.TransactionContext`.
 */
export interface TransactionContext {
  /** Ends the transaction behind the batch that `poll` gives next. */
  commitTransaction(): void;
  /** Ends it behind this record of that batch. */
  commitTransaction(record: SourceRecord): void;
  /** Discards what the transaction holds by the end of the next batch. */
  abortTransaction(): void;
  /** Discards what it holds up to this record, the record included. */
  abortTransaction(record: SourceRecord): void;
}
