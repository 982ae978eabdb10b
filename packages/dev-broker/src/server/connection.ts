import type { Socket } from 'node:net';
import { ProtocolError, type Writer } from '@sluice/protocol';
import type { BrokerServices } from '../handlers/broker-services.ts';
import { reasonOf } from '../storage/broker-log.ts';
import type { Dispatcher } from './dispatch.ts';
import { FrameError, FrameSplitter } from './frame-splitter.ts';

/** Beyond this, no more is read from a client until its requests are answered. */
const PENDING_BYTES_MAX = 4 * 1024 * 1024;

/**
 * One client. Requests are answered one at a time, in the order in which they came, as Kafka does:
 * a client may send the next before it has the answer to the last. Reading goes on meanwhile, so
 * that the end of a connection is noticed while a request waits.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #dispatcher: Dispatcher;
  readonly #services: BrokerServices;
  readonly #splitter: FrameSplitter;
  readonly #ended = new AbortController();
  readonly #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isServing = false;

  constructor(socket: Socket, dispatcher: Dispatcher, services: BrokerServices) {
    this.#socket = socket;
    this.#dispatcher = dispatcher;
    this.#services = services;
    this.#splitter = new FrameSplitter(services.config.number('socket.request.max.bytes'));
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A client that goes away without a word is no news; 'close' follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#ended.abort());
  }

  /** Ends the connection now; what waits for an answer gets none. */
  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) {
        this.#pending.push(frame);
        this.#pendingBytes += frame.length;
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#pendingBytes > PENDING_BYTES_MAX) this.#socket.pause();
    if (!this.#isServing) void this.#serve();
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    try {
      for (let frame = this.#pending.shift(); frame !== undefined; frame = this.#pending.shift()) {
        const response = await this.#dispatcher.answer(frame, {
          services: this.#services,
          clientHost: `/${this.#socket.remoteAddress ?? 'unknown'}`,
          signal: this.#ended.signal,
        });
        if (this.#socket.destroyed) return;
        if (response !== null) await this.#send(response);
        this.#pendingBytes -= frame.length;
        if (this.#pendingBytes <= PENDING_BYTES_MAX) this.#socket.resume();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isServing = false;
    }
  }

  /** One gathering write: record bytes go from the log's buffer to the socket without a copy. */
  async #send(response: Writer): Promise<void> {
    let isTaken = true;
    this.#socket.cork();
    for (const chunk of response.chunks()) isTaken = this.#socket.write(chunk);
    this.#socket.uncork();
    if (!isTaken) await drained(this.#socket);
  }

  /** Whatever went wrong is this connection's alone. */
  #fail(error: unknown): void {
    if (this.#socket.destroyed) return;
    const client = `${this.#socket.remoteAddress ?? 'unknown'}:${this.#socket.remotePort ?? 0}`;
    if (error instanceof FrameError || error instanceof ProtocolError) {
      this.#services.logger.warn(`Closing the connection of ${client}: ${error.message}`);
    } else {
      const stack = error instanceof Error ? error.stack : undefined;
      const text = `Closing the connection of ${client}, a request failed: ${reasonOf(error)}`;
      this.#services.logger.error(text, { stack });
    }
    this.#socket.destroy();
  }
}

/** Resolves when the socket takes more, or is gone. */
function drained(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    socket.off('drain', done);
    socket.off('close', done);
    resolve();
  };
  socket.once('drain', done);
  socket.once('close', done);
  return promise;
}
