import type { KafkaError } from '../errors/kafka-error.ts';
import type { OutgoingBatch } from './outgoing-batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerIdentity } from './partition-sequences.ts';

/**
 * Where batches get their producer id and epoch from, and who is told when their sequence breaks:
 * `ProducerId` for an idempotent producer, `TransactionManager` for a transactional one.
 */
export interface IdentitySource {
  readonly isTransactional: boolean;
  /** `null` as long as there is none; nothing can be sent then. */
  readonly identity: ProducerIdentity | null;
  /** Set when nothing can be sent any more. */
  readonly fatal: KafkaError | null;
  /** Set while batches that were never sent have to be given up, with this error. */
  readonly unsentFail: KafkaError | null;
  /** Produce requests must not be newer. */
  readonly produceVersionMax: number;
  /** Asks for an id unless there is one. */
  request(): void;
  /** Whether this batch, the next of its partition, may be sent as far as it goes. */
  maySend(queue: PartitionQueue, batch: OutgoingBatch): boolean;
  /** The partition's sequences can't go on under this epoch. */
  restart(queue: PartitionQueue): void;
  /** Raises the epoch if that is needed and possible now. */
  settle(): void;
  /** A batch was given up. */
  gaveUp(batch: OutgoingBatch, error: KafkaError): void;
}
