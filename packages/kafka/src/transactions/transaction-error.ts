import { KafkaError } from '../errors/kafka-error.ts';

/**
 * What helps after an error in a transaction: `abort` this one and begin another, or close this
 * producer and make a `new producer` (it was fenced, or may not do what it asked for).
 */
export type TransactionRemedy = 'abort' | 'new producer';

/**
 * An error that ends a transaction. `code` is Kafka's name of the cause: `PRODUCER_FENCED` when
 * another producer took over the transactional id (or the broker gave this one up), whichever of
 * its two names the broker used.
 *
 * @see KIP-1050 for the kinds of Java's exceptions
 */
export class TransactionError extends KafkaError {
  readonly remedy: TransactionRemedy;

  constructor(remedy: TransactionRemedy, cause: KafkaError, code: string = cause.code) {
    super(code, `${cause.message} ${ADVICE[remedy]}`, { cause });
    this.name = 'TransactionError';
    this.remedy = remedy;
  }

  /** Whether another producer has taken over. */
  get isFenced(): boolean {
    return this.code === FENCED;
  }
}

/** What a transactional producer does, as far as errors mean different things in it. */
export type TransactionStep =
  | 'init'
  | 'add-partitions'
  | 'add-offsets'
  | 'commit-offsets'
  | 'end'
  | 'produce';

/** What an error means for the transaction and for the producer. */
export type Consequence =
  /** The transaction is lost; its abort clears everything up. */
  | 'abort'
  /** As `abort`, and the producer needs a new epoch: the broker's idea of it is not ours. */
  | 'abort-and-bump'
  /** Another producer has taken over. */
  | 'fenced'
  | 'fatal';

const FENCED = 'PRODUCER_FENCED';
const ADVICE: Readonly<Record<TransactionRemedy, string>> = {
  abort: 'The transaction can only be aborted now.',
  'new producer': 'This producer can only be closed now.',
};

/** Per step: errors that an abort cures. What is not here, nor fenced, is fatal. */
const ABORTABLE: Readonly<Record<TransactionStep, readonly string[]>> = {
  init: ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'],
  'add-partitions': [],
  'add-offsets': ['GROUP_AUTHORIZATION_FAILED'],
  'commit-offsets': [
    'GROUP_AUTHORIZATION_FAILED',
    'FENCED_INSTANCE_ID',
    'UNKNOWN_MEMBER_ID',
    'ILLEGAL_GENERATION',
    'STALE_MEMBER_EPOCH',
  ],
  end: [],
  produce: [],
};

/** Per step: errors that are fatal where all others are not. */
const FATAL: Readonly<Partial<Record<TransactionStep, readonly string[]>>> = {
  'add-partitions': [
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    'INVALID_TXN_STATE',
    'INVALID_PRODUCER_ID_MAPPING',
    'UNSUPPORTED_VERSION',
    'CLIENT_CLOSED',
  ],
  produce: [
    'CLUSTER_AUTHORIZATION_FAILED',
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    'PRODUCER_FENCED',
    'INVALID_PRODUCER_ID_MAPPING',
    'UNSUPPORTED_VERSION',
  ],
};

/**
 * Decides by the rules of Java's transactional producer, for errors that trying again does not
 * help.
 *
 * @see org.apache.kafka.clients.producer.internals.TransactionManager
 */
export function consequenceOf(step: TransactionStep, code: string): Consequence {
  if (code === FENCED) return 'fenced';
  // From a leader this one only says that the epoch is old, which a timeout makes it, too.
  if (code === 'INVALID_PRODUCER_EPOCH') return step === 'produce' ? 'abort-and-bump' : 'fenced';
  if (code === 'TRANSACTION_ABORTABLE') return 'abort';
  if (code === 'UNKNOWN_PRODUCER_ID' && step !== 'init') return 'abort-and-bump';
  if (ABORTABLE[step].includes(code)) return 'abort';
  const fatal = FATAL[step];
  if (fatal === undefined || fatal.includes(code)) return 'fatal';
  return step === 'produce' ? 'abort-and-bump' : 'abort';
}

/** The error that the transaction ends with. */
export function transactionError(consequence: Consequence, cause: KafkaError): TransactionError {
  if (cause instanceof TransactionError) return cause;
  switch (consequence) {
    case 'abort':
    case 'abort-and-bump':
      return new TransactionError('abort', cause);
    case 'fenced':
      return new TransactionError('new producer', cause, FENCED);
    case 'fatal':
      return new TransactionError('new producer', cause);
    default:
      return consequence satisfies never;
  }
}

/** Code of {@link aborted}. */
export const ABORTED = 'TRANSACTION_ABORTED';

/** What becomes of records that were not sent when their transaction was aborted. */
export function aborted(): KafkaError {
  return new KafkaError(ABORTED, 'The transaction was aborted before the records were sent.');
}

/** The error for a call that the state does not allow. */
export function illegal(what: string, state: string): KafkaError {
  return new KafkaError('ILLEGAL_STATE', `${what} is not possible in the state ${state}.`);
}
