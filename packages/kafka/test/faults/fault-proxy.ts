import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrameAssembler } from '../../src/connection/frame-assembler.ts';
import { API } from './fault-plan.ts';

/** A whole message on its way. */
export interface ProxiedFrame {
  readonly api: number;
  readonly moment: 'request' | 'response';
  /** With its length in front. */
  readonly bytes: Buffer;
}

/** What waits for a message, and then has to pass it on, or not. */
export interface Trap {
  readonly matches: (frame: ProxiedFrame) => boolean;
  /** Messages behind this one, of the same direction of the link, wait until it is done. */
  readonly spring: (link: ProxiedLink, frame: ProxiedFrame) => Promise<void>;
}

/** All clients of the tests call themselves so; the broker's own connections are told apart by it. */
export const CLIENT_ID = 'faults';

const FRAME_MAX_BYTES = 100 * 1024 * 1024;
const LENGTH_BYTES = 4;
const CLIENT_ID_AT = 10;

/**
 * Stands between clients and a broker, which has to advertise the proxy's port. It knows where
 * messages begin and end, so that a fault can hit a certain one.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #brokerPort: () => number;
  readonly #server: Server;
  readonly #links = new Set<ProxiedLink>();
  #trap: Trap | null = null;
  #frozen: PromiseWithResolvers<void> | null = null;
  #slow = { frames: 0, ms: 0, done: (): void => undefined };

  constructor(brokerPort: () => number) {
    this.#brokerPort = brokerPort;
    this.#server = createServer((client) => {
      const link = new ProxiedLink(client, connect(this.#brokerPort(), '127.0.0.1'), (frame) =>
        this.#pass(link, frame),
      );
      this.#links.add(link);
      void link.ended.then(() => this.#links.delete(link));
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  /** Settles when the trap has sprung and done its work. */
  set(trap: Trap): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const spring = async (link: ProxiedLink, frame: ProxiedFrame): Promise<void> => {
      try {
        await trap.spring(link, frame);
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    this.#trap = { matches: trap.matches, spring };
    return promise;
  }

  /** From now on nothing passes, in no direction, on no link; connections can be opened. */
  freeze(): void {
    this.#frozen ??= Promise.withResolvers();
  }

  /** What was held back goes on its way, late; even if its sender has given up by now. */
  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = null;
  }

  /** The next messages wait on their way. Settles when so many have. */
  slowDown(frames: number, ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#slow = { frames, ms, done: resolve };
    });
  }

  /** Everything passes again. */
  reset(): void {
    this.#trap = null;
    this.#slow.frames = 0;
    this.thaw();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.reset();
    for (const link of this.#links) link.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(link: ProxiedLink, frame: ProxiedFrame): Promise<void> {
    const trap = this.#trap;
    const isOurs = link.clientId.startsWith(CLIENT_ID) || frame.api === API.writeMarkers;
    // What a client that has given up sent or would have got is nobody's fault any more.
    if (trap !== null && isOurs && link.isOpen && trap.matches(frame)) {
      this.#trap = null;
      await trap.spring(link, frame);
      return;
    }
    if (this.#slow.frames > 0) {
      const { ms, done } = this.#slow;
      this.#slow.frames--;
      await sleep(ms);
      if (this.#slow.frames === 0) done();
    }
    while (this.#frozen !== null) await this.#frozen.promise;
    link.send(frame);
  }
}

/** One client's connection, and the one to the broker that it is continued by. */
export class ProxiedLink {
  /** Settles when the client has closed its connection. */
  readonly givenUp: Promise<void>;
  readonly ended: Promise<unknown>;
  clientId = '';
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #apis = new Map<number, number>();
  #isDeaf = false;

  constructor(client: Socket, broker: Socket, pass: (frame: ProxiedFrame) => Promise<void>) {
    this.#client = client;
    this.#broker = broker;
    this.givenUp = new Promise((resolve) => client.once('close', () => resolve()));
    this.ended = Promise.all([
      this.givenUp,
      new Promise((resolve) => broker.once('close', resolve)),
    ]);
    const there = new FrameLane(pass, () => broker.destroySoon());
    const back = new FrameLane(pass, () => client.destroySoon());
    const requests = new FrameAssembler(FRAME_MAX_BYTES, (frame) =>
      there.add(this.#request(frame)),
    );
    const answers = new FrameAssembler(FRAME_MAX_BYTES, (frame) => back.add(this.#answer(frame)));
    client.on('data', (piece) => requests.push(bytesOf(piece)));
    broker.on('data', (piece) => answers.push(bytesOf(piece)));
    // What came before the end still has its way to go.
    client.on('error', () => undefined).on('close', () => there.end());
    broker.on('error', () => undefined).on('close', () => back.end());
  }

  /** Whether the client still has its connection. */
  get isOpen(): boolean {
    return !this.#client.destroyed && this.#client.writable;
  }

  /** Passes the message on, or only its first bytes. */
  send(frame: ProxiedFrame, bytes = frame.bytes.length): void {
    if (this.#isDeaf && frame.moment === 'response') return;
    const target = frame.moment === 'request' ? this.#broker : this.#client;
    if (!target.destroyed && target.writable) target.write(frame.bytes.subarray(0, bytes));
  }

  /** From now on the client gets no answers. */
  deafen(): void {
    this.#isDeaf = true;
  }

  /** Passes the message on in pieces, with a pause behind each. */
  async drip(frame: ProxiedFrame, pieces: number, pauseMs: number): Promise<void> {
    const size = Math.ceil(frame.bytes.length / pieces);
    for (let at = 0; at < frame.bytes.length; at += size) {
      const bytes = frame.bytes.subarray(at, at + size);
      this.send({ ...frame, bytes });
      await sleep(pauseMs);
    }
  }

  /** Ends both connections; what was sent before arrives. */
  cut(): void {
    this.#client.destroySoon();
    this.#broker.destroySoon();
  }

  destroy(): void {
    this.#client.destroy();
    this.#broker.destroy();
  }

  #request(frame: Buffer): ProxiedFrame {
    const api = frame.readInt16BE(0);
    this.#apis.set(frame.readInt32BE(LENGTH_BYTES), api);
    if (this.clientId === '' && api !== API_VERSIONS) {
      const end = CLIENT_ID_AT + Math.max(0, frame.readInt16BE(CLIENT_ID_AT - 2));
      this.clientId = frame.toString('latin1', CLIENT_ID_AT, end);
    }
    return { api, moment: 'request', bytes: framed(frame) };
  }

  #answer(frame: Buffer): ProxiedFrame {
    const correlation = frame.readInt32BE(0);
    const api = this.#apis.get(correlation) ?? -1;
    this.#apis.delete(correlation);
    return { api, moment: 'response', bytes: framed(frame) };
  }
}

const API_VERSIONS = 18;

/** Messages of one direction, one after the other. */
class FrameLane {
  readonly #pass: (frame: ProxiedFrame) => Promise<void>;
  readonly #onEnd: () => void;
  readonly #waiting: ProxiedFrame[] = [];
  #isRunning = false;
  #isEnding = false;

  constructor(pass: (frame: ProxiedFrame) => Promise<void>, onEnd: () => void) {
    this.#pass = pass;
    this.#onEnd = onEnd;
  }

  add(frame: ProxiedFrame): void {
    this.#waiting.push(frame);
    if (!this.#isRunning) void this.#run();
  }

  end(): void {
    this.#isEnding = true;
    if (!this.#isRunning) this.#onEnd();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) {
      await this.#pass(frame);
    }
    this.#isRunning = false;
    if (this.#isEnding) this.#onEnd();
  }
}

function framed(frame: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

function bytesOf(piece: Buffer | string): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece) : piece;
}
