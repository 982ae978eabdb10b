import type { Cluster } from '../cluster/cluster.ts';
import type { Coordinators } from '../cluster/coordinators.ts';
import { withinDeadline } from '../cluster/retrying.ts';
import type { ConsumerGroupMetadata } from '../consumer/consumer-group-metadata.ts';
import type { TopicPartitionOffset } from '../consumer/contract.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { IdentitySource } from '../producer/identity-source.ts';
import type { OutgoingBatch } from '../producer/outgoing-batch.ts';
import type { PartitionQueue } from '../producer/partition-queue.ts';
import type { ProducerIdentity } from '../producer/partition-sequences.ts';
import {
  ABORTED,
  aborted,
  consequenceOf,
  illegal,
  TransactionError,
  transactionError,
  type TransactionStep,
} from './transaction-error.ts';
import { checkGroup, commitTransactionOffsets } from './transaction-offsets.ts';
import { TransactionPartitions } from './transaction-partitions.ts';
import { TransactionRequests } from './transaction-requests.ts';
import {
  type TransactionEvent,
  type TransactionState,
  transactionTransition,
} from './transaction-state.ts';

/** What a transaction manager works with. */
export interface TransactionManagerOptions {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
  /** The longest that a call waits; what it asked for goes on behind that. */
  readonly maxBlockMs: number;
  /** Called when batches may go on, or have to be given up. */
  readonly onChange: () => void;
  /** Settles when every batch appended so far is reported. */
  readonly flush: () => Promise<void>;
}

/** A call of the user's that the coordinator has to answer. */
interface Call {
  readonly name: string;
  readonly done: Promise<void>;
  isOver: boolean;
}

/**
 * The transactions of one producer, one after the other, in the first protocol (KIP-98) or the
 * second (KIP-890), whichever the cluster's feature `transaction.version` wants; it is looked at
 * when the producer starts and at the end of each transaction.
 *
 * Whatever fails inside of a transaction makes its commit impossible. What an abort can't cure,
 * ends the producer. After an error that may have left the broker with another idea of the sequence
 * numbers, the next transaction begins under a new epoch (KIP-360).
 *
 * @see org.apache.kafka.clients.producer.internals.TransactionManager
 */
export class TransactionManager implements IdentitySource, Disposable {
  readonly isTransactional = true;
  readonly #options: TransactionManagerOptions;
  readonly #requests: TransactionRequests;
  readonly #partitions: TransactionPartitions;
  readonly #closing = new AbortController();
  #state: TransactionState = { type: 'UNINITIALIZED' };
  #identity: ProducerIdentity | null = null;
  #isSecondProtocol = false;
  #canBump = false;
  #isBumpNeeded = false;
  /** Ends what belongs to the running transaction only. */
  #ending = new AbortController();
  #offsets: Promise<void> = Promise.resolve();
  #call: Call | null = null;

  constructor(options: TransactionManagerOptions) {
    this.#options = options;
    this.#requests = new TransactionRequests(options);
    this.#partitions = new TransactionPartitions(
      (queues) => this.#addPartitions(queues),
      options.onChange,
    );
  }

  get state(): TransactionState['type'] {
    return this.#state.type;
  }
  get identity(): ProducerIdentity | null {
    return this.#identity;
  }
  get fatal(): KafkaError | null {
    return this.#state.type === 'FATAL_ERROR' ? this.#state.error : null;
  }
  get unsentFail(): KafkaError | null {
    if (this.#state.type === 'ABORTABLE_ERROR') return this.#state.error;
    return this.#state.type === 'ABORTING_TRANSACTION' ? aborted() : null;
  }
  get produceVersionMax(): number {
    return this.#isSecondProtocol ? Number.POSITIVE_INFINITY : FIRST_PROTOCOL_PRODUCE_VERSION;
  }

  initTransactions(signal?: AbortSignal): Promise<void> {
    return this.#run('initTransactions', 'init', () => this.#initialize(), signal);
  }

  beginTransaction(): void {
    this.#checkCall('beginTransaction');
    this.#checkError();
    this.#ask('beginTransaction', 'begin');
    this.#partitions.clear();
    this.#offsets = Promise.resolve();
    this.#ending = new AbortController();
  }

  /** Refuses records outside of a transaction. */
  checkAppend(): void {
    if (this.#state.type === 'IN_TRANSACTION') return;
    this.#checkError();
    throw illegal(`Appending a record`, this.#state.type);
  }

  sendOffsets(
    offsets: readonly TopicPartitionOffset[],
    group: ConsumerGroupMetadata,
    signal?: AbortSignal,
  ): Promise<void> {
    const name = 'sendOffsetsToTransaction';
    this.#checkCall(name);
    this.#checkError();
    if (this.#state.type !== 'IN_TRANSACTION') throw illegal(name, this.#state.type);
    checkGroup(group);
    if (offsets.length === 0) return Promise.resolve();
    const done = this.#offsets.then(() => this.#sendOffsets(offsets, group));
    // The error is in the state, too: a commit that does not wait for this call meets it there.
    this.#offsets = done.catch(() => undefined);
    return this.#within(name, done, signal);
  }

  commitTransaction(signal?: AbortSignal): Promise<void> {
    return this.#run('commitTransaction', 'commit', () => this.#commit(), signal);
  }

  abortTransaction(signal?: AbortSignal): Promise<void> {
    return this.#run('abortTransaction', 'abort', () => this.#abort(), signal);
  }

  /** Ends what is open, before the producer is closed. */
  async finish(): Promise<void> {
    if (this.#state.type === 'COMMITTING_TRANSACTION') {
      await this.#call?.done.catch(() => undefined);
    }
    if (this.#state.type === 'ABORTING_TRANSACTION') await this.#call?.done;
    const { type } = this.#state;
    if (type === 'IN_TRANSACTION' || type === 'ABORTABLE_ERROR') await this.abortTransaction();
  }

  request(): void {
    // The user asks, by initTransactions.
  }
  settle(): void {
    // Epochs are raised at the end of the transaction.
  }
  restart(): void {
    this.#isBumpNeeded = true;
  }

  maySend(queue: PartitionQueue, batch: OutgoingBatch): boolean {
    if (batch.hasSequence) return true;
    const { type } = this.#state;
    if (type !== 'IN_TRANSACTION' && type !== 'COMMITTING_TRANSACTION') return false;
    if (!this.#isSecondProtocol) return this.#partitions.has(queue);
    this.#partitions.isStarted = true;
    return true;
  }

  gaveUp(batch: OutgoingBatch, error: KafkaError): void {
    if (batch.hasSequence) this.#isBumpNeeded = true;
    this.#fail(transactionError(consequenceOf('produce', error.code), error));
  }

  [Symbol.dispose](): void {
    const closed = new KafkaError('PRODUCER_CLOSED', 'The producer was closed.');
    this.#closing.abort(closed);
    this.#ending.abort(closed);
  }

  async #initialize(): Promise<void> {
    const { signal } = this.#closing;
    const answer = await this.#step('init', () => this.#requests.init(this.#identity, signal));
    this.#identity = answer.identity;
    this.#isSecondProtocol = answer.isSecondProtocol;
    this.#canBump = answer.canBump;
    this.#isBumpNeeded = false;
    this.#requests.isInDoubt = false;
    this.#ask('initTransactions', 'initialized');
  }

  async #commit(): Promise<void> {
    await this.#options.flush();
    await this.#offsets;
    // What was under way may have failed in the meantime.
    this.#checkError();
    if (this.#partitions.isStarted) await this.#end(true);
    await this.#ended();
  }

  async #abort(): Promise<void> {
    this.#ending.abort(aborted());
    // Batches that were sent have to be cleared up first: were they appended behind the marker,
    // they would be part of the next transaction.
    await this.#options.flush();
    await this.#offsets;
    await this.#partitions.idle();
    this.#checkError();
    if (this.#identity === null) this.#isBumpNeeded = true;
    else if (this.#partitions.mayBeStarted) await this.#end(false);
    await this.#ended();
  }

  async #end(isCommit: boolean): Promise<void> {
    const identity = this.#required();
    const { signal } = this.#closing;
    const isSurely = this.#partitions.isStarted;
    const answer = await this.#step('end', () =>
      this.#requests
        .end(identity, isCommit, this.#isSecondProtocol, signal)
        .catch((error: unknown) => {
          if (isCommit || !isOvercome(asKafkaError(error).code, isSurely)) throw error;
          this.#isBumpNeeded = true;
          return {
            identity: null,
            isSecondProtocol: this.#isSecondProtocol,
            canBump: this.#canBump,
          };
        }),
    );
    if (answer.identity !== null) {
      this.#identity = answer.identity;
      this.#isBumpNeeded = false;
    } else if (this.#requests.isInDoubt && this.#canBump) {
      // In the first protocol, a request that comes late would work on the next transaction: an
      // EndTxn would commit half of it. Java lives with that; the next epoch keeps it out.
      this.#isBumpNeeded = true;
    }
    // On the way up, a new epoch keeps what is left of the old protocol out of the new one.
    if (answer.isSecondProtocol && !this.#isSecondProtocol) this.#isBumpNeeded = true;
    this.#isSecondProtocol = answer.isSecondProtocol;
  }

  async #ended(): Promise<void> {
    this.#partitions.clear();
    if (!this.#isBumpNeeded) {
      this.#ask('endTransaction', 'ended');
      return;
    }
    this.#ask('endTransaction', 'ended-with-bump');
    await this.#initialize();
  }

  async #addPartitions(queues: readonly PartitionQueue[]): Promise<void> {
    const identity = this.#required();
    const { signal } = this.#ending;
    await this.#step('add-partitions', () =>
      this.#requests.addPartitions(identity, queues, signal),
    );
  }

  async #sendOffsets(
    offsets: readonly TopicPartitionOffset[],
    group: ConsumerGroupMetadata,
  ): Promise<void> {
    this.#checkError();
    const { cluster, coordinators, transactionalId } = this.#options;
    const identity = this.#required();
    const { signal } = this.#ending;
    this.#partitions.mayBeStarted = true;
    if (!this.#isSecondProtocol) {
      await this.#step('add-offsets', () =>
        this.#requests.addOffsets(identity, group.groupId, signal),
      );
    }
    this.#partitions.isStarted = true;
    const isSecondProtocol = this.#isSecondProtocol;
    const commit = { transactionalId, identity, isSecondProtocol, group, offsets };
    const timeoutMs = cluster.config.requestTimeoutMs;
    const onAnswerLost = (): void => {
      this.#requests.isInDoubt = true;
    };
    await this.#step('commit-offsets', () =>
      commitTransactionOffsets(coordinators, commit, { timeoutMs, signal, onAnswerLost }),
    );
  }

  /** Makes a request; an error of it becomes the transaction's. */
  async #step<R>(step: TransactionStep, request: () => Promise<R>): Promise<R> {
    try {
      return await request();
    } catch (thrown) {
      const error = asKafkaError(thrown);
      // Ended from here, because something else had failed or an abort was asked for.
      if (error.code === ABORTED || error instanceof TransactionError) throw error;
      const consequence = consequenceOf(step, error.code);
      if (consequence === 'abort-and-bump' || step === 'init') this.#isBumpNeeded = true;
      throw this.#fail(transactionError(consequence, error));
    }
  }

  #fail(error: TransactionError): TransactionError {
    const before = this.#state;
    this.#state = transactionTransition(before, { type: 'failed', error }) ?? before;
    if (this.#state !== before) {
      this.#ending.abort(error);
      this.#options.onChange();
    }
    return error;
  }

  /** Makes a call, or waits on for the same one, which had taken too long. */
  async #run(
    name: string,
    event: 'init' | 'commit' | 'abort',
    work: () => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#checkCall(name);
    if (this.#call === null) {
      if (event !== 'abort' || this.#state.type === 'FATAL_ERROR') this.#checkError();
      this.#ask(name, event);
      const call: Call = { name, done: work(), isOver: false };
      call.done.catch(() => undefined).finally(() => (call.isOver = true));
      this.#call = call;
    }
    const call = this.#call;
    try {
      await this.#within(name, call.done, signal);
    } finally {
      if (call.isOver && this.#call === call) this.#call = null;
    }
  }

  async #within(name: string, done: Promise<void>, signal?: AbortSignal): Promise<void> {
    const { cluster, maxBlockMs, transactionalId } = this.#options;
    const { clock } = cluster;
    const what =
      `${name} of "${transactionalId}" (which goes on: the same call waits on; "max.block.ms" is ` +
      `${maxBlockMs})`;
    await withinDeadline({ clock, deadlineMs: clock.now() + maxBlockMs, signal, what }, done);
  }

  #checkCall(name: string): void {
    if (this.#call === null || this.#call.name === name) return;
    throw new KafkaError(
      'ILLEGAL_STATE',
      `Calling ${name}: ${this.#call.name} was called before and is not over. If it timed out, ` +
        'call it again.',
    );
  }

  #checkError(): void {
    if (this.#state.type === 'ABORTABLE_ERROR' || this.#state.type === 'FATAL_ERROR') {
      throw this.#state.error;
    }
  }

  #ask(name: string, type: Exclude<TransactionEvent['type'], 'failed'>): void {
    const next = transactionTransition(this.#state, { type });
    if (next === null) throw illegal(name, this.#state.type);
    this.#state = next;
    this.#options.onChange();
  }

  #required(): ProducerIdentity {
    if (this.#identity === null) throw illegal('A transaction', this.#state.type);
    return this.#identity;
  }
}

/**
 * Whether a new epoch does what an abort was refused. `INVALID_TXN_STATE`: nobody knew whether the
 * coordinator had begun the transaction, and it had not.
 */
function isOvercome(code: string, isSurelyStarted: boolean): boolean {
  if (code === 'INVALID_TXN_STATE') return !isSurelyStarted;
  return consequenceOf('end', code).startsWith('abort');
}

/** From the version behind this one on, Produce adds its partitions to the transaction. */
const FIRST_PROTOCOL_PRODUCE_VERSION = 11;
