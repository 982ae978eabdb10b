import { errorInfo } from '@sluice/protocol';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import { ProduceResponse } from '@sluice/protocol/gen/produce-response';
import type { ProduceAnswer } from './produce-request.ts';
import { TIMER_MAX_MS } from '../clock.ts';
import { backoffMs } from '../connection/backoff.ts';
import type { Connection } from '../connection/connection.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import type { KafkaError } from '../errors/kafka-error.ts';
import type { SentBatch } from '../metrics/producer-metrics.ts';
import { DrainPlan } from './drain-plan.ts';
import type { SenderParts } from './sender-parts.ts';
import type { OutgoingBatch } from './outgoing-batch.ts';
import { type EncodedBatch, ProduceCall } from './produce-request.ts';

/**
 * Sends what is ready: one Produce request per broker carrying one batch of every partition it
 * leads, up to `max.in.flight.requests.per.connection` at a time. Runs when it is woken, and by one
 * timer; never polls.
 */
export class Sender {
  readonly #parts: SenderParts;
  readonly #plan: DrainPlan;
  readonly #inFlight = new Map<number, number>();
  readonly #connecting = new Set<number>();
  #isWoken = false;
  #isRefreshing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;
  /** Sends everything without waiting for more, while above 0. */
  #flushing = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#plan = new DrainPlan(parts);
  }

  /** Requests without an answer. */
  get inFlight(): number {
    let sum = 0;
    for (const each of this.#inFlight.values()) sum += each;
    return sum;
  }

  /** Looks for work, once the caller's own turn is over. */
  readonly wake = (): void => {
    if (this.#isWoken || this.#isClosed) return;
    this.#isWoken = true;
    queueMicrotask(() => {
      this.#isWoken = false;
      if (!this.#isClosed) this.#drain();
    });
  };

  /** Looks for work after `linger.ms`, unless something earlier comes up. */
  wakeAfterLinger(): void {
    const { cluster, config } = this.#parts;
    if (config.lingerMs === 0) this.wake();
    else this.#wakeAt(cluster.clock.now() + config.lingerMs);
  }

  startFlush(): void {
    this.#flushing++;
    this.wake();
  }
  endFlush(): void {
    this.#flushing--;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #drain(): void {
    const { cluster, settler } = this.#parts;
    const now = cluster.clock.now();
    settler.expire(now);
    settler.settleSequences();
    let wakeAtMs = settler.nextExpiryMs;
    for (;;) {
      const round = this.#plan.next({
        now,
        isForced: this.#flushing > 0 || !this.#parts.accumulator.memory.hasRoom,
        canSendTo: (broker) => this.#canSendTo(broker),
      });
      wakeAtMs = Math.min(wakeAtMs, round.wakeAtMs);
      if (round.isLeaderMissing) this.#refreshSoon();
      let sent = 0;
      for (const [broker, batches] of round.batches) {
        const connection = cluster.readyConnection(broker);
        if (connection === null) throw new Error('A plan was made for a broker that is not there');
        this.#send(broker, connection, batches);
        sent++;
      }
      if (sent === 0) break;
    }
    if (Number.isFinite(wakeAtMs)) this.#wakeAt(wakeAtMs);
  }

  #canSendTo(broker: number): boolean {
    const { cluster, config } = this.#parts;
    if ((this.#inFlight.get(broker) ?? 0) >= config.maxInFlight) return false;
    if (cluster.readyConnection(broker) !== null) return true;
    this.#connect(broker);
    return false;
  }

  #send(broker: number, connection: Connection, batches: readonly OutgoingBatch[]): void {
    const { cluster, config, metrics, producerId } = this.#parts;
    const encoded = batches.flatMap((batch) => this.#encoded(batch));
    if (encoded.length === 0) return;
    const parts = { metadata: cluster.metadata, config, identities: producerId };
    const call = new ProduceCall(encoded, parts);
    for (const { batch } of encoded) {
      batch.attempts++;
      batch.isOnWire = true;
      batch.queue.onWire++;
    }
    const now = cluster.clock.now();
    metrics.sent(encoded.map((each) => sentBatch(each, now)));
    this.#inFlight.set(broker, (this.#inFlight.get(broker) ?? 0) + 1);
    const timeoutMs = config.client.requestTimeoutMs;
    const message = (version: number): ProduceRequest =>
      call.request(version, config.acks, timeoutMs);
    if (config.acks === 0) {
      this.#sendBlind(broker, connection, call, message);
      return;
    }
    connection
      .request(ProduceRequest, ProduceResponse, message, {
        timeoutMs,
        versionMax: call.versionMax,
      })
      .then(
        (response) => this.#answered(broker, call, response, now),
        (error: unknown) => this.#lost(broker, call, asKafkaError(error)),
      );
  }

  /** A codec that breaks costs its batch, not the process. */
  #encoded(batch: OutgoingBatch): readonly EncodedBatch[] {
    try {
      return [{ batch, bytes: this.#parts.accumulator.encode(batch) }];
    } catch (error) {
      this.#parts.settler.giveUp(batch, error);
      return [];
    }
  }

  /** acks=0: there is no answer, and handing it to the socket is all that is promised. */
  #sendBlind(
    broker: number,
    connection: Connection,
    call: ProduceCall,
    message: (version: number) => ProduceRequest,
  ): void {
    try {
      connection.send(ProduceRequest, message, call.versionMax);
    } catch (error) {
      this.#lost(broker, call, asKafkaError(error));
      return;
    }
    this.#landed(broker, call);
    for (const { batch } of call.batches) this.#parts.settler.succeeded(batch, -1, null);
    this.wake();
  }

  #answered(broker: number, call: ProduceCall, response: ProduceResponse, sentMs: number): void {
    const { cluster, metrics } = this.#parts;
    metrics.answered(cluster.clock.now() - sentMs, response.throttleTimeMs);
    this.#landed(broker, call);
    for (const [batch, answer] of call.answers(response)) {
      try {
        this.#settle(batch, answer);
      } catch (error) {
        this.#parts.settler.giveUp(batch, error);
      }
    }
    this.wake();
  }

  #settle(batch: OutgoingBatch, answer: ProduceAnswer | null): void {
    const { cluster, settler } = this.#parts;
    if (answer === null) {
      // A broker that leaves a partition out of its answer said nothing about it.
      settler.retryOrFail(batch, CODE.UNKNOWN_SERVER_ERROR, 'the broker did not answer for it');
      return;
    }
    const { currentLeader } = answer;
    if (currentLeader.leaderId >= 0) {
      const { topic, partition } = batch.queue;
      cluster.learnLeader(topic, partition, currentLeader.leaderId, currentLeader.leaderEpoch);
    }
    settler.settle(batch, answer);
    if (errorInfo(answer.errorCode).kind === 'REFRESH_RETRIABLE') this.#refreshSoon();
  }

  /** The whole request has no answer, and never will. */
  #lost(broker: number, call: ProduceCall, error: KafkaError): void {
    this.#landed(broker, call);
    for (const { batch } of call.batches) this.#parts.settler.lost(batch, error);
    this.#refreshSoon();
    this.wake();
  }

  #landed(broker: number, call: ProduceCall): void {
    this.#inFlight.set(broker, Math.max(0, (this.#inFlight.get(broker) ?? 0) - 1));
    for (const { batch } of call.batches) {
      batch.isOnWire = false;
      batch.queue.onWire--;
      // Reported while it was under way: only now nothing refers to its bytes any more.
      if (batch.isDone) this.#parts.accumulator.release(batch);
    }
  }

  #connect(broker: number): void {
    if (this.#connecting.has(broker)) return;
    this.#connecting.add(broker);
    this.#parts.cluster
      .connection(broker)
      .catch(() => this.#refreshSoon())
      .finally(() => {
        this.#connecting.delete(broker);
        this.wake();
      })
      // Nothing above rejects.
      .catch(() => undefined);
  }

  #refreshSoon(): void {
    if (this.#isRefreshing || this.#isClosed) return;
    this.#isRefreshing = true;
    const { cluster } = this.#parts;
    cluster
      .refresh()
      .catch((error: unknown) => {
        if (!cluster.isClosed) cluster.logger.debug(asKafkaError(error).message);
      })
      .finally(() => {
        const waitMs = backoffMs(cluster.config.retryBackoff, 0, cluster.random);
        this.#isRefreshing = false;
        this.#wakeAt(cluster.clock.now() + waitMs);
        this.wake();
      })
      .catch(() => undefined);
  }

  #wakeAt(atMs: number): void {
    if (this.#isClosed || (this.#timer !== null && this.#timerAtMs <= atMs)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    // A timer may fire up to a millisecond early: rounded up, so that it is late instead.
    const waitMs = Math.ceil(Math.max(0, atMs - this.#parts.cluster.clock.now()));
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.wake();
      },
      Math.min(waitMs, TIMER_MAX_MS),
    );
  }
}

function sentBatch({ batch, bytes }: EncodedBatch, now: number): SentBatch {
  const { queue, count, plainBytes, recordMaxBytes, createdMs } = batch;
  return {
    topic: queue.topic,
    recordCount: count,
    sizeInBytes: bytes.length,
    plainBytes,
    queuedMs: now - createdMs,
    recordMaxBytes,
  };
}
