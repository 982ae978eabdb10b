import type { ProduceAnswer } from './produce-request.ts';
import type { BatchStamp } from '../batch/record-batch-builder.ts';
import type { Compressions } from '../batch/compression/compressions.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { backoffMs } from '../connection/backoff.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { ProducerMetrics } from '../metrics/producer-metrics.ts';
import type { Accumulator } from './accumulator.ts';
import type { DeliveryReport } from './contract.ts';
import type { OutgoingBatch } from './outgoing-batch.ts';
import { isOutcomeUnknown, judge, type Verdict } from './produce-verdict.ts';
import type { ProducerConfig } from './producer-config.ts';
import type { IdentitySource } from './identity-source.ts';
import { isAccepted, lookUpProducer, type ProducerState } from './producer-state.ts';
import { refusalOf } from './refusal.ts';
import { splitBatch } from './split-batch.ts';

/** What the settler works with. */
export interface SettlerParts {
  readonly cluster: Cluster;
  readonly config: ProducerConfig;
  readonly accumulator: Accumulator;
  readonly compressions: Compressions;
  readonly producerId: IdentitySource | null;
  readonly metrics: ProducerMetrics;
  /** Called when something was found out that lets batches go on. */
  readonly onAnswered: () => void;
  /** Called once for every batch. */
  readonly onReport: (report: DeliveryReport) => void;
}

/**
 * Decides what becomes of batches: reports them, has them sent again, splits them, gives them up.
 */
export class BatchSettler {
  readonly #parts: SettlerParts;
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** No batch expires before this time. */
  get nextExpiryMs(): number {
    const [oldest] = this.#parts.accumulator.unreported;
    if (oldest === undefined) return Number.POSITIVE_INFINITY;
    return Math.min(this.#nextExpiryMs, oldest.createdMs + this.#parts.config.deliveryTimeoutMs);
  }

  /** Takes a broker's answer for a batch. */
  settle(batch: OutgoingBatch, answer: ProduceAnswer): void {
    const { errorCode: code, logStartOffset, baseOffset, logAppendTimeMs } = answer;
    const verdict = judge(batch, { code, logStartOffset });
    if (verdict === 'appended') {
      this.succeeded(batch, baseOffset, logAppendTimeMs < 0 ? null : logAppendTimeMs);
    } else if (verdict === 'duplicate') {
      this.succeeded(batch, -1, null);
    } else if (verdict === 'split') {
      this.#split(batch);
    } else if (verdict === 'ask') {
      this.#ask(batch, code, this.#errorOf(batch, answer));
    } else {
      this.#retryOrFail(batch, verdict, code, this.#errorOf(batch, answer));
    }
  }

  /** The batch is in the log. */
  succeeded(batch: OutgoingBatch, baseOffset: number, logAppendTimeMs: number | null): void {
    batch.queue.sequences.acknowledged(batch, baseOffset);
    this.#report(batch, baseOffset, logAppendTimeMs, null);
  }

  /** Has a batch sent again, or gives it up, after an answer that says nothing about it. */
  retryOrFail(batch: OutgoingBatch, code: number, detail: string): void {
    this.#retryOrFail(batch, 'retry', code, brokerError(code, this.#attempt(batch), detail));
  }

  /** No answer will come: it may or may not be in the log. */
  lost(batch: OutgoingBatch, error: KafkaError): void {
    const code =
      error.code === 'REQUEST_TIMED_OUT' ? CODE.REQUEST_TIMED_OUT : CODE.NETWORK_EXCEPTION;
    const text = `${this.#attempt(batch)} failed: ${error.message}`;
    const wrapped = new KafkaError(error.code, text, {
      isRetriable: error.isRetriable,
      cause: error,
    });
    batch.isOutcomeOpen = true;
    this.#retryOrFail(batch, error.isRetriable ? 'retry' : 'failed', code, wrapped);
  }

  /** Gives up a batch because of a fault of this client. */
  giveUp(batch: OutgoingBatch, thrown: unknown): void {
    const { code, message } = asKafkaError(thrown);
    const text = `${this.#attempt(batch)} failed in this client: ${message}`;
    this.#fail(batch, new KafkaError(code, text, { cause: thrown }), batch.attempts > 0);
  }

  /** Gives up what is older than `delivery.timeout.ms`. */
  expire(now: number): void {
    if (now < this.nextExpiryMs) return;
    const { accumulator, config } = this.#parts;
    let next = Number.POSITIVE_INFINITY;
    for (const batch of accumulator.unreported) {
      const expiresMs = batch.createdMs + config.deliveryTimeoutMs;
      if (expiresMs <= now) this.#expired(batch, now);
      else next = Math.min(next, expiresMs);
    }
    this.#nextExpiryMs = next;
  }

  /** Clears up open outcomes, and raises the epoch where that is not possible. */
  settleSequences(): void {
    const { accumulator, producerId } = this.#parts;
    if (producerId === null) return;
    for (const queue of accumulator.active) {
      if (queue.onWire === 0 && queue.sequences.resolve()) producerId.restart(queue);
    }
    producerId.settle();
    const { fatal, unsentFail } = producerId;
    if (fatal !== null) this.failAll((batch) => !batch.isOnWire, fatal);
    else if (unsentFail !== null) this.failAll((batch) => !batch.hasSequence, unsentFail);
  }

  /** Gives up all batches for which `isMeant` holds. */
  failAll(isMeant: (batch: OutgoingBatch) => boolean, error: KafkaError): void {
    for (const batch of this.#parts.accumulator.unreported) {
      if (isMeant(batch)) this.#fail(batch, error, batch.attempts > 0);
    }
  }

  #retryOrFail(batch: OutgoingBatch, verdict: Verdict, code: number, error: KafkaError): void {
    const { config, producerId, cluster } = this.#parts;
    const now = cluster.clock.now();
    const isTimeLeft = now < batch.createdMs + config.deliveryTimeoutMs;
    // The epoch of a transaction is raised behind its end only: this one can't go on.
    const isEnd = verdict === 'retry-with-new-epoch' && producerId?.isTransactional === true;
    const isRetriable = verdict !== 'failed' && !isEnd;
    const isRetried = isRetriable && batch.attempts <= config.retries && isTimeLeft;
    if (batch.isDone) return;
    if (isOutcomeUnknown(code)) batch.isOutcomeOpen = true;
    if (verdict === 'retry-with-new-epoch') producerId?.restart(batch.queue);
    if (!isRetried) {
      this.#fail(batch, error, batch.isOutcomeOpen);
      return;
    }
    cluster.logger.debug(`${error.message} It will be sent again.`);
    const { queue } = batch;
    this.#parts.metrics.retried(queue.topic, batch.count);
    queue.retryAtMs =
      now + backoffMs(cluster.config.retryBackoff, batch.attempts - 1, cluster.random);
    this.#parts.accumulator.putBack(queue, [batch]);
  }

  /** Finds out whether a batch that the leader finds out of order is in the log, and goes on. */
  #ask(batch: OutgoingBatch, code: number, error: KafkaError): void {
    const { cluster, onAnswered } = this.#parts;
    const { queue, stamp } = batch;
    queue.isAsking = true;
    lookUpProducer(cluster, queue.topic, queue.partition, stamp.producerId)
      .then(
        (state) => this.#told(batch, stamp, state, { code, error }),
        (thrown: unknown) => this.#notTold(batch, code, asKafkaError(thrown)),
      )
      .finally(() => {
        queue.isAsking = false;
        onAnswered();
      })
      .catch((fault: unknown) => cluster.logger.error(asKafkaError(fault).message));
  }

  #told(
    batch: OutgoingBatch,
    stamp: BatchStamp,
    state: ProducerState | null,
    refused: { readonly code: number; readonly error: KafkaError },
  ): void {
    if (batch.isDone) return;
    if (state !== null && isAccepted(stamp, batch.count, state)) {
      this.succeeded(batch, -1, null);
      return;
    }
    batch.isOutcomeOpen = false;
    this.#retryOrFail(batch, 'retry-with-new-epoch', refused.code, refused.error);
  }

  /** Nothing is risked where the leader's word may still come; else Java's way is taken. */
  #notTold(batch: OutgoingBatch, code: number, error: KafkaError): void {
    if (error.isRetriable) {
      this.#retryOrFail(batch, 'retry', code, error);
      return;
    }
    if (this.#parts.producerId?.isTransactional === true) {
      this.#retryOrFail(batch, 'failed', code, error);
      return;
    }
    this.#parts.cluster.logger.warn(
      `${error.message} So it can't be told whether ${batch.count} records for ` +
        `${batch.queue.topic}-${batch.queue.partition} are in the log: they are sent again, and ` +
        'may be doubled. With the right to read the topic that would not happen.',
    );
    this.#retryOrFail(batch, 'retry-with-new-epoch', code, error);
  }

  #split(batch: OutgoingBatch): void {
    const { accumulator, compressions, config, metrics } = this.#parts;
    if (batch.isDone) return;
    metrics.split();
    const parts = splitBatch(batch, config.batchSize, compressions);
    accumulator.topic(batch.queue.topic)?.forgetCompression();
    batch.queue.sequences.replace(batch, parts);
    batch.isDone = true;
    accumulator.unreported.delete(batch);
    accumulator.release(batch);
    accumulator.addParts(parts);
    accumulator.putBack(batch.queue, parts);
    this.#onSplit(batch, parts);
  }

  /** Told of splits, so that a flush that waits for the batch waits for its parts. */
  #onSplit: (batch: OutgoingBatch, parts: readonly OutgoingBatch[]) => void = () => undefined;
  set onSplit(listener: (batch: OutgoingBatch, parts: readonly OutgoingBatch[]) => void) {
    this.#onSplit = listener;
  }

  #expired(batch: OutgoingBatch, now: number): void {
    const age = Math.round(now - batch.createdMs);
    const error = new KafkaError(
      'TIMEOUT',
      `${this.#attempt(batch)} took longer than "delivery.timeout.ms": it was given up ` +
        `after ${age} ms and ${batch.attempts} attempts.`,
      { isRetriable: true },
    );
    this.#fail(batch, error, batch.attempts > 0);
  }

  #fail(batch: OutgoingBatch, error: KafkaError, isUnknown: boolean): void {
    if (batch.isDone) return;
    batch.queue.sequences.failed(batch, isUnknown);
    // Its sequence is lost: what follows can only go on under a new epoch.
    if (!isUnknown && batch.hasSequence) this.#parts.producerId?.restart(batch.queue);
    batch.queue.takeWhere((each) => each === batch);
    this.#parts.metrics.failed(batch.queue.topic, batch.count);
    this.#parts.producerId?.gaveUp(batch, error);
    this.#report(batch, -1, null, error);
  }

  #report(
    batch: OutgoingBatch,
    baseOffset: number,
    logAppendTimeMs: number | null,
    error: KafkaError | null,
  ): void {
    if (batch.isDone) return;
    const { accumulator, onReport } = this.#parts;
    batch.isDone = true;
    accumulator.unreported.delete(batch);
    if (!batch.isOnWire) accumulator.release(batch);
    const { topic, partition } = batch.queue;
    onReport({ topic, partition, tokens: batch.tokens, baseOffset, logAppendTimeMs, error });
  }

  #errorOf(batch: OutgoingBatch, answer: ProduceAnswer): KafkaError {
    return brokerError(answer.errorCode, this.#attempt(batch), refusalOf(answer));
  }

  #attempt(batch: OutgoingBatch): string {
    const { topic, partition } = batch.queue;
    return `Sending ${batch.count} records to ${topic}-${partition}`;
  }
}
