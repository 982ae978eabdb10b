import {
  Compressions,
  controlType,
  decodeRecords,
  readBatchHeader as readWholeBatch,
} from '@sluice/kafka/batch';
import { type AcceptedBatch, ProducerStates } from '../producers/producer-states.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { type BatchHeader, isControlBatch, isTransactional } from './batch-header.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import type { PartitionState } from './partition-state-file.ts';
import { PartitionTransactions } from './partition-transactions.ts';

/**
 * What follows from the batches of a partition: the sequences of its producers, its leader epochs and
 * its transactions. Rebuilt from a saved state and the batches that came after it.
 */
export class BatchLedger {
  readonly producers: ProducerStates;
  readonly epochs: LeaderEpochs;
  readonly transactions: PartitionTransactions;

  /** `null`: nothing is known. */
  constructor(state: PartitionState | null) {
    this.producers = new ProducerStates(state?.producers);
    this.epochs = new LeaderEpochs(state?.epochs);
    this.transactions = new PartitionTransactions(
      state?.openTransactions,
      state?.abortedTransactions,
    );
  }

  /**
   * Whether a producer's batch may be appended.
   *
   * @returns the same batch of before, when it came already
   * @throws BrokerError `INVALID_PRODUCER_EPOCH`, `OUT_OF_ORDER_SEQUENCE_NUMBER`, `INVALID_TXN_STATE`
   */
  check(header: BatchHeader): AcceptedBatch | null {
    const verdict = this.producers.check(header);
    if (verdict.type === 'refuse') throw new BrokerError(verdict.error, verdict.message);
    if (verdict.type === 'duplicate') return verdict.batch;
    const { producerId } = header;
    if (!isTransactional(header) && this.transactions.firstOffsetOf(producerId) !== -1) {
      const text = `Producer ${producerId} sent a batch outside of its transaction, which is open here`;
      throw new BrokerError('INVALID_TXN_STATE', text);
    }
    return null;
  }

  /** Notes a batch that stands in the log. `bytes` have to be whole for control batches. */
  note(header: BatchHeader, bytes: Buffer, nowMs: number): void {
    this.producers.note(header, nowMs);
    this.epochs.note(header.leaderEpoch, header.baseOffset);
    this.transactions.note(header, isControlBatch(header) && isAbortMarker(bytes));
  }

  /** Forgets idempotent producers that were silent since `timeMs`. */
  forgetProducersBefore(timeMs: number): void {
    this.producers.forgetBefore(timeMs, (id) => this.transactions.firstOffsetOf(id) !== -1);
  }

  toState(offset: number, logStartOffset: number): PartitionState {
    return {
      offset,
      logStartOffset,
      epochs: this.epochs.starts,
      producers: this.producers.list(),
      openTransactions: this.transactions.open,
      abortedTransactions: this.transactions.aborted,
    };
  }
}

function isAbortMarker(bytes: Buffer): boolean {
  const header = readWholeBatch(bytes);
  if (header === null) throw new Error('a control batch was not read whole');
  const records = decodeRecords('', 0, bytes, header, new Compressions());
  return records.count > 0 && controlType(records.key(0)) === 'abort';
}
