import { isRetriable } from '@sluice/protocol';
import { CODE } from '../errors/error-codes.ts';
import type { OutgoingBatch } from './outgoing-batch.ts';

/** What a broker's answer means for a batch. */
export type Verdict =
  /** It is in the log. */
  | 'appended'
  /** It is in the log since an earlier attempt; where is not known. */
  | 'duplicate'
  /** It must be cut into smaller ones. */
  | 'split'
  | 'retry'
  /** To be retried under a new epoch: the broker's idea of the sequence can't be met any more. */
  | 'retry-with-new-epoch'
  /** An earlier attempt may have got through: the leader has to be asked before anything else. */
  | 'ask'
  | 'failed';

/** The parts of an answer that decide. */
export interface ProduceOutcome {
  readonly code: number;
  /** Where the partition's log begins, -1 when the answer does not say. */
  readonly logStartOffset: number;
}

/**
 * Decides by the rules of Java's idempotent producer (KIP-98, KIP-360), for each error that Kafka
 * names. Whether there are attempts and time left is for the caller to see.
 */
export function judge(batch: OutgoingBatch, outcome: ProduceOutcome): Verdict {
  const { code } = outcome;
  if (code === CODE.NONE) return 'appended';
  if (code === CODE.DUPLICATE_SEQUENCE_NUMBER) return 'duplicate';
  if (code === CODE.MESSAGE_TOO_LARGE && batch.count > 1) return 'split';
  if (batch.hasSequence) {
    if (code === CODE.UNKNOWN_PRODUCER_ID) return unknownProducer(batch, outcome);
    if (code === CODE.OUT_OF_ORDER_SEQUENCE_NUMBER) return outOfOrder(batch);
  }
  return isRetriable(code) ? 'retry' : 'failed';
}

/** The broker lost the producer's state, most likely because the log before it was deleted. */
function unknownProducer(batch: OutgoingBatch, outcome: ProduceOutcome): Verdict {
  if (outcome.logStartOffset === -1 || batch.wasRestamped) return 'retry';
  return 'retry-with-new-epoch';
}

/**
 * Either an earlier batch failed and this one only came too soon, or there is a gap that will never
 * be filled, or the batch is in the log already: a leader that was restarted remembers no batch but
 * the last, and takes a retry of those before it for a gap.
 */
function outOfOrder(batch: OutgoingBatch): Verdict {
  if (batch.isOutcomeOpen) return 'ask';
  const { sequences } = batch.queue;
  const isGap = sequences.isUnresolved
    ? sequences.isNextUnresolved(batch)
    : !batch.wasRestamped && sequences.isNext(batch);
  return isGap ? 'retry-with-new-epoch' : 'retry';
}

const UNKNOWN_OUTCOMES: ReadonlySet<number> = new Set([
  CODE.UNKNOWN_SERVER_ERROR,
  CODE.REQUEST_TIMED_OUT,
  CODE.NETWORK_EXCEPTION,
  CODE.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  CODE.KAFKA_STORAGE_ERROR,
]);

/** Whether a batch may be in the log although the answer was this error. */
export function isOutcomeUnknown(code: number): boolean {
  return UNKNOWN_OUTCOMES.has(code);
}
