import type { Socket } from 'node:net';
import {
  correlationIdOf,
  decodeResponseFrame,
  encodeRequestFrame,
  type MessageCodec,
  type Writer,
} from '@sluice/protocol';
import { TIMER_MAX_MS } from '../clock.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { addressText, type Address } from './address.ts';
import { type ApiVersionTable, chooseVersion } from './api-version-table.ts';
import { FrameAssembler } from './frame-assembler.ts';

/** What a connection is made with. */
export interface ConnectionOptions {
  readonly address: Address;
  readonly socket: Socket;
  readonly clientId: string;
  /** A response of more bytes closes the connection. */
  readonly responseMaxBytes: number;
  /** Closed when nothing was sent or received for so long. */
  readonly idleMaxMs: number;
}

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
  readonly timer: NodeJS.Timeout;
  readonly onFrame: (frame: Buffer) => void;
  readonly onError: (error: KafkaError) => void;
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
  #correlationId = 0;
  #closedBy: KafkaError | null = null;

  constructor(options: ConnectionOptions) {
    this.address = options.address;
    this.#socket = options.socket;
    this.#clientId = options.clientId;
    this.#assembler = new FrameAssembler(options.responseMaxBytes, (frame) => this.#onFrame(frame));
    this.#listen(options.idleMaxMs);
  }

  get isClosed(): boolean {
    return this.#closedBy !== null;
  }
  /** Requests without an answer yet. */
  get inFlight(): number {
    return this.#pending.length;
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
      const version = options.version ?? this.versionOf(codec, options.versionMax);
      const onFrame = (frame: Buffer): void =>
        resolve(decodeResponseFrame(responseCodec, version, frame));
      this.#expect(codec, version, message(version), { ...options, onFrame, onError: reject });
    });
  }

  /**
   * As {@link Connection.request} in a version that is not agreed, and leaves decoding to the
   * caller.
   */
  requestFrame<Q>(
    codec: MessageCodec<Q>,
    version: number,
    message: Q,
    timeoutMs: number,
  ): Promise<Buffer> {
    return new Promise<Buffer>((resolve, reject) => {
      this.#expect(codec, version, message, { timeoutMs, onFrame: resolve, onError: reject });
    });
  }

  /** Sends a request that has no answer (Produce with acks=0). */
  send<Q>(codec: MessageCodec<Q>, message: (version: number) => Q, versionMax?: number): void {
    const version = this.versionOf(codec, versionMax);
    this.#write(codec, version, message(version));
  }

  /** Ends the connection. Waiting requests fail with `error`. */
  close(error: KafkaError = this.#lost('it was closed by this client')): void {
    if (this.#closedBy !== null) return;
    this.#closedBy = error;
    this.#socket.destroy();
    for (const pending of this.#pending.splice(0)) {
      clearTimeout(pending.timer);
      pending.onError(error);
    }
    for (const listener of this.#closeListeners.splice(0)) listener(error);
  }

  #listen(idleMaxMs: number): void {
    const socket = this.#socket;
    socket.on('data', (piece: Buffer) => this.receive(piece));
    socket.on('error', (error) => this.close(this.#lost(error.message, error)));
    socket.on('close', () => this.close(this.#lost('the broker closed it')));
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

  #expect<Q>(codec: MessageCodec<Q>, version: number, message: Q, answer: Answer): void {
    const correlationId = this.#write(codec, version, message);
    const { onFrame, onError } = answer;
    const timer = this.#deadline(codec.name, answer.timeoutMs);
    this.#pending.push({ correlationId, name: codec.name, timer, onFrame, onError });
  }

  #write<Q>(codec: MessageCodec<Q>, apiVersion: number, message: Q): number {
    if (this.#closedBy !== null) throw this.#closedBy;
    this.#correlationId = (this.#correlationId + 1) & 0x7fff_ffff;
    const correlationId = this.#correlationId;
    const header = { apiVersion, correlationId, clientId: this.#clientId };
    writeChunks(this.#socket, encodeRequestFrame(codec, header, message));
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
    try {
      pending.onFrame(frame);
    } catch (error) {
      const garbled = this.#garbled(error);
      pending.onError(garbled);
      this.close(garbled);
    }
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

/** One gathering write: large record sets go out without having been copied. */
function writeChunks(socket: Socket, writer: Writer): void {
  const chunks = writer.chunks();
  if (chunks.length === 1) {
    socket.write(writer.toBuffer());
    return;
  }
  socket.cork();
  for (const chunk of chunks) socket.write(chunk);
  socket.uncork();
}
