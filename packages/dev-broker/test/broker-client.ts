import { connect, type Socket } from 'node:net';
import { decodeResponseFrame, encodeRequestFrame, type MessageCodec } from '@sluice/protocol';

/** A request and its response belong together by their API key. */
export interface Api<Q, A> {
  readonly request: MessageCodec<Q>;
  readonly response: MessageCodec<A>;
}

interface Waiting {
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** One connection to a broker, for tests: typed requests, raw bytes, answers in order. */
export class BrokerClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #closed: Promise<void>;
  #bytes = Buffer.alloc(0);
  #correlationId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error('connection closed'));
      resolve();
    });
  }

  static async connect(port: number): Promise<BrokerClient> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect({ host: '127.0.0.1', port }, resolve);
    socket.once('error', reject);
    await promise;
    return new BrokerClient(socket);
  }

  /** Resolves when the broker has closed the connection. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Sends a request and waits for its answer. Default version: the newest that is stable. */
  async ask<Q, A>(
    api: Api<Q, A>,
    request: Q,
    version = api.request.latestStableVersion,
  ): Promise<A> {
    const frame = await this.send(api.request, request, version);
    return decodeResponseFrame(api.response, version, frame);
  }

  /** Sends a request; the answer's frame comes later. */
  send<Q>(codec: MessageCodec<Q>, request: Q, version: number): Promise<Buffer> {
    const correlationId = ++this.#correlationId;
    const header = { apiVersion: version, correlationId, clientId: 'test' };
    this.write(encodeRequestFrame(codec, header, request).toBuffer());
    return this.nextFrame();
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next frame that comes, without its length. */
  nextFrame(): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#waiting.push({ resolve, reject });
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.#closed;
  }

  #receive(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 4) {
      const end = 4 + this.#bytes.readInt32BE(0);
      if (this.#bytes.length < end) return;
      this.#waiting.shift()?.resolve(this.#bytes.subarray(4, end));
      this.#bytes = this.#bytes.subarray(end);
    }
  }
}
