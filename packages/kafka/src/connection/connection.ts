import type { Socket } from 'node:net';
import {
  correlationIdOf,
  decodeResponseFrame,
  encodeRequestFrame,
  type MessageCodec,
} from '@sluice/protocol';
import { TIMER_MAX_MS } from '../clock.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { ConnectionMeters } from '../metrics/network-metrics.ts';
import { addressText, type Address } from './address.ts';
import { type ApiVersionTable, chooseVersion } from './api-version-table.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { tlsFailure } from './security/tls-failure.ts';
import { writeChunks } from './write-chunks.ts';

/** What a connection is made with. */
export interface ConnectionOptions {
  readonly address: Address;
  readonly socket: Socket;
  readonly clientId: string;
  /** A response of more bytes closes the connection. */
  readonly responseMaxBytes: number;
  /** Closed when nothing was sent or received for so long. */
  readonly idleMaxMs: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Told of what goes over it; `null`: nobody counts. */
  readonly meters: ConnectionMeters | null;
}

/**
 * Until the login is over, answers are small: a server that is not Kafka, or not ours, gets no more
 * memory than this.
 */
const LOGIN_RESPONSE_MAX_BYTES = 1024 * 1024;

/** A broker that takes nothing for so long does not get the rest of a closed connection. */
const FLUSH_MAX_MS = 5000;

/** How one request is sent. */
export interface RequestOptions {
  /** The answer must be there after so long; else the connection is closed, as Java does. */
  readonly timeoutMs: number;
  /** Never use a version above this one. */
  readonly versionMax?: number;
  /** Use this version, chosen before. */
  readonly version?: number;
}

interface Answer {
  readonly timeoutMs: number;
  readonly onFrame: (frame: Buffer) => void;
  readonly onError: (error: KafkaError) => void;
}

interface Pending {
  readonly correlationId: number;
  readonly name: string;
  readonly sentMs: number;
  readonly timer: NodeJS.Timeout;
  readonly onFrame: (frame: Buffer) => void;
  readonly onError: (error: KafkaError) => void;
}

/** A login that ends some time (KIP-368). */
interface Session {
  readonly dueMs: number;
  readonly renew: (slackMs: number) => Promise<void>;
  isRenewing: boolean;
}

/** A request that waits until the login is renewed. */
interface Held {
  readonly send: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * One socket to one broker: requests go out in order, answers come back in the same order (Kafka
 * promises that), each with a deadline of its own. Ends for good with its first error; whoever
 * needs another makes one.
 */
export class Connection {
  readonly address: Address;
  /** What the broker speaks; set once, right after connecting. */
  versions: ApiVersionTable | null = null;
  readonly #socket: Socket;
  readonly #clientId: string;
  readonly #pending: Pending[] = [];
  readonly #assembler: FrameAssembler;
  readonly #closeListeners: ((error: KafkaError) => void)[] = [];
  readonly #responseMaxBytes: number;
  readonly #now: () => number;
  readonly #meters: ConnectionMeters | null;
  readonly #held: Held[] = [];
  #session: Session | null = null;
  /** When the last of the pending answers has to be there; kept only for sessions. */
  #answeredByMs = 0;
  #correlationId = 0;
  #closedBy: KafkaError | null = null;
  #isLoggedIn = false;
  /** Whether a request after the login was answered. */
  #hasServed = false;

  constructor(options: ConnectionOptions) {
    this.address = options.address;
    this.#socket = options.socket;
    this.#clientId = options.clientId;
    this.#now = options.now;
    this.#meters = options.meters;
    this.#responseMaxBytes = options.responseMaxBytes;
    const loginMaxBytes = Math.min(LOGIN_RESPONSE_MAX_BYTES, options.responseMaxBytes);
    this.#assembler = new FrameAssembler(loginMaxBytes, (frame) => this.#onFrame(frame));
    this.#listen(options.idleMaxMs);
  }

  get isClosed(): boolean {
    return this.#closedBy !== null;
  }
  /** Requests without an answer yet. */
  get inFlight(): number {
    return this.#pending.length + this.#held.length;
  }
  /** Bytes written that the socket has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Called once, when the connection has ended, for whatever reason. */
  onClose(listener: (error: KafkaError) => void): void {
    if (this.#closedBy === null) this.#closeListeners.push(listener);
    else listener(this.#closedBy);
  }

  /** The version that both sides know, the newest. @throws KafkaError `UNSUPPORTED_VERSION` */
  versionOf<Q>(codec: MessageCodec<Q>, versionMax?: number): number {
    return chooseVersion(codec, this.versions, addressText(this.address), versionMax);
  }

  /**
   * Sends a request, built for the version that was agreed, and decodes its answer.
   *
   * @throws KafkaError `NETWORK_EXCEPTION` (retriable) when the connection ends first,
   *   `REQUEST_TIMED_OUT`
   *   (retriable), `UNSUPPORTED_VERSION`, `INVALID_RESPONSE`
   */
  request<Q, R>(
    codec: MessageCodec<Q>,
    responseCodec: MessageCodec<R>,
    message: (version: number) => Q,
    options: RequestOptions,
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      if (this.#mayAsk()) {
        this.#ask(codec, responseCodec, message, options, resolve, reject);
        return;
      }
      const send = (): void => this.#ask(codec, responseCodec, message, options, resolve, reject);
      this.#hold({ send, onError: reject });
    });
  }

  /** As {@link Connection.request}, for the requests of a login: they wait for none. */
  loginRequest<Q, R>(
    codec: MessageCodec<Q>,
    responseCodec: MessageCodec<R>,
    message: (version: number) => Q,
    options: RequestOptions,
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#ask(codec, responseCodec, message, options, resolve, reject);
    });
  }

  /**
   * As {@link Connection.loginRequest} in a version that is not agreed, with a decoding of the
   * caller's.
   */
  firstRequest<Q, R>(
    codec: MessageCodec<Q>,
    version: number,
    message: Q,
    decode: (frame: Buffer) => R,
    timeoutMs: number,
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const onFrame = (frame: Buffer): void => resolve(decode(frame));
      this.#expect(codec, version, message, { timeoutMs, onFrame, onError: reject });
    });
  }

  /** Sends a request that has no answer (Produce with acks=0). */
  send<Q>(codec: MessageCodec<Q>, message: (version: number) => Q, versionMax?: number): void {
    if (this.#closedBy !== null) throw this.#closedBy;
    const version = this.versionOf(codec, versionMax);
    const write = (): void => void this.#write(codec, version, message(version));
    if (this.#mayAsk()) write();
    // Whoever wants no answer gets no error either; who listens hears that the connection ended.
    else this.#hold({ send: write, onError: () => undefined });
  }

  /** The login is over: from now on answers may have any size that the client allows. */
  acceptData(): void {
    this.#isLoggedIn = true;
    this.#assembler.frameMaxBytes = this.#responseMaxBytes;
  }

  /**
   * The login holds up to `dueMs`: the first request after that time has it renewed on this
   * connection first, behind the requests that wait for answers, and before all others (KIP-368).
   * `renew` gets the milliseconds that those answers may still take.
   */
  renewLoginAt(dueMs: number, renew: (slackMs: number) => Promise<void>): void {
    this.#session = { dueMs, renew, isRenewing: false };
  }

  /**
   * Ends the connection. Waiting requests fail with `error`. Without an error, what was handed to the
   * socket still goes out: `acks=0` promises no more than that, and no less.
   */
  close(error?: KafkaError): void {
    if (this.#closedBy !== null) return;
    const reason = error ?? this.#lost('it was closed by this client');
    this.#closedBy = reason;
    this.#meters?.closed();
    if (error === undefined && this.#socket.writableLength > 0) {
      this.#socket.setTimeout(FLUSH_MAX_MS, () => this.#socket.destroy());
      this.#socket.destroySoon();
    } else {
      this.#socket.destroy();
    }
    for (const pending of this.#pending.splice(0)) {
      clearTimeout(pending.timer);
      pending.onError(reason);
    }
    for (const held of this.#held.splice(0)) held.onError(reason);
    for (const listener of this.#closeListeners.splice(0)) listener(reason);
  }

  #listen(idleMaxMs: number): void {
    const socket = this.#socket;
    socket.on('data', (piece: Buffer) => this.receive(piece));
    socket.on('error', (error) => this.close(this.#failure(error)));
    socket.on('close', () => this.close(this.#lost(`the broker closed it${this.#hint()}`)));
    if (idleMaxMs <= 0) return;
    socket.setTimeout(Math.min(idleMaxMs, TIMER_MAX_MS), () => {
      if (this.#pending.length === 0) this.close(this.#lost('it was idle for too long'));
    });
  }

  /** Takes bytes that arrived. */
  receive(piece: Uint8Array): void {
    if (this.#closedBy !== null) return;
    try {
      this.#assembler.push(piece);
    } catch (error) {
      this.close(this.#garbled(error));
    }
  }

  /** Whether a request may go out now, or has to wait for the login to be renewed. */
  #mayAsk(): boolean {
    const session = this.#session;
    return session === null || (!session.isRenewing && this.#now() < session.dueMs);
  }

  #hold(held: Held): void {
    if (this.#closedBy !== null) {
      held.onError(this.#closedBy);
      return;
    }
    this.#held.push(held);
    const session = this.#session;
    if (session === null || session.isRenewing) return;
    session.isRenewing = true;
    const slackMs = this.#pending.length === 0 ? 0 : Math.max(this.#answeredByMs - this.#now(), 0);
    session.renew(slackMs).then(
      () => this.#release(),
      (error: unknown) => this.close(asKafkaError(error)),
    );
  }

  #release(): void {
    // The new login may end some time, too, and then this is another session.
    if (this.#session?.isRenewing === true) this.#session = null;
    for (const { send, onError } of this.#held.splice(0)) {
      try {
        send();
      } catch (error) {
        onError(error);
      }
    }
  }

  #ask<Q, R>(
    codec: MessageCodec<Q>,
    responseCodec: MessageCodec<R>,
    message: (version: number) => Q,
    options: RequestOptions,
    resolve: (response: R) => void,
    reject: (error: unknown) => void,
  ): void {
    const version = options.version ?? this.versionOf(codec, options.versionMax);
    const onFrame = (frame: Buffer): void =>
      resolve(decodeResponseFrame(responseCodec, version, frame));
    const { timeoutMs } = options;
    this.#expect(codec, version, message(version), { timeoutMs, onFrame, onError: reject });
  }

  #expect<Q>(codec: MessageCodec<Q>, version: number, message: Q, answer: Answer): void {
    const correlationId = this.#write(codec, version, message);
    const { onFrame, onError } = answer;
    const timer = this.#deadline(codec.name, answer.timeoutMs);
    const sentMs = this.#now();
    this.#pending.push({ correlationId, name: codec.name, sentMs, timer, onFrame, onError });
    if (this.#session === null) return;
    this.#answeredByMs = Math.max(this.#answeredByMs, sentMs + answer.timeoutMs);
  }

  #write<Q>(codec: MessageCodec<Q>, apiVersion: number, message: Q): number {
    if (this.#closedBy !== null) throw this.#closedBy;
    this.#correlationId = (this.#correlationId + 1) & 0x7fff_ffff;
    const correlationId = this.#correlationId;
    const header = { apiVersion, correlationId, clientId: this.#clientId };
    const frame = encodeRequestFrame(codec, header, message);
    writeChunks(this.#socket, frame);
    this.#meters?.sent(frame.length);
    return correlationId;
  }

  #deadline(name: string, timeoutMs: number): NodeJS.Timeout {
    return setTimeout(
      () => {
        const text = `${name} to ${addressText(this.address)}: no answer within ${timeoutMs} ms`;
        this.close(new KafkaError('REQUEST_TIMED_OUT', text, { isRetriable: true }));
      },
      Math.min(timeoutMs, TIMER_MAX_MS),
    );
  }

  #onFrame(frame: Buffer): void {
    const pending = this.#pending.shift();
    if (pending === undefined) throw new Error('a response arrived that nobody asked for');
    const correlationId = correlationIdOf(frame);
    if (correlationId !== pending.correlationId) {
      this.#pending.unshift(pending);
      throw new Error(
        `the answer to ${pending.name} has the correlation id ${correlationId}, ` +
          `not ${pending.correlationId}`,
      );
    }
    clearTimeout(pending.timer);
    this.#meters?.answered(frame.length, this.#now() - pending.sentMs);
    this.#hasServed = this.#isLoggedIn;
    try {
      pending.onFrame(frame);
    } catch (error) {
      const garbled = this.#garbled(error);
      pending.onError(garbled);
      this.close(garbled);
    }
  }

  /** Before the first answer, an error of TLS is the broker's refusal (TLS 1.3 tells it that late). */
  #failure(error: Error): KafkaError {
    const refusal = this.versions === null ? tlsFailure(error, this.address) : null;
    return refusal ?? this.#lost(error.message, error);
  }

  /** A broker that wants a login says which versions it knows, and closes at whatever comes next. */
  #hint(): string {
    if (this.#hasServed || this.versions === null || this.#pending.length === 0) return '';
    return (
      ' before it answered the first request. Its port may want a login (see ' +
      '"security.protocol"), or the broker is just being stopped'
    );
  }

  #lost(what: string, cause?: unknown): KafkaError {
    const text = `The connection to ${addressText(this.address)} ended: ${what}`;
    return new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true, cause });
  }

  #garbled(cause: unknown): KafkaError {
    const what = cause instanceof Error ? cause.message : String(cause);
    const broker = addressText(this.address);
    const text = `The connection to ${broker} was closed because of what it sent: ${what}`;
    return new KafkaError('INVALID_RESPONSE', text, { isRetriable: true, cause });
  }
}
