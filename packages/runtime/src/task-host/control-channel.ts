import { ConnectError } from '@sluice/api';
import { ForeignThreadError, type ThrownMessage, toThrownMessage } from './thrown-message.ts';

/** The end of a message port: a Worker here, `parentPort` there. */
export interface ChannelPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

interface AnyCall {
  readonly args: unknown;
  readonly answer: unknown;
}

/** One function per call that the other side may make. */
export type CallHandlers<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends AnyCall
    ? (args: Calls[Name]['args']) => Calls[Name]['answer'] | Promise<Calls[Name]['answer']>
    : never;
};

type ArgsOf<Call> = Call extends AnyCall ? Call['args'] : never;
type AnswerOf<Call> = Call extends AnyCall ? Call['answer'] : never;

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'thrown'; readonly id: number; readonly thrown: ThrownMessage }
  | { readonly kind: 'event'; readonly event: unknown };

interface Waiting {
  readonly name: string;
  readonly timer: NodeJS.Timeout | null;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export interface ControlChannelOptions<Served, Heard> {
  readonly port: ChannelPort;
  readonly handlers: CallHandlers<Served>;
  readonly onEvent: (event: Heard) => void;
}

/**
 * Typed calls and events over a message port, both ways. `Asked` are the calls that this end makes,
 * `Served` those it answers, `Told` and `Heard` its events out and in.
 */
export class ControlChannel<Asked, Served, Told, Heard> {
  readonly #options: ControlChannelOptions<Served, Heard>;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #closed: Error | null = null;

  constructor(options: ControlChannelOptions<Served, Heard>) {
    this.#options = options;
  }

  /** Begins to take messages; calls may be made before. */
  open(): void {
    this.#options.port.on('message', (message) => this.#receive(decodeMessage(message)));
  }

  /**
   * Calls the other end.
   *
   * @param timeoutMs `null` waits as long as the other end lives
   * @throws ForeignThreadError what the other end threw
   * @throws ConnectError `CONNECT_LANE_TIMEOUT` when no answer came in time, `CONNECT_LANE_ENDED`
   *   when the other end is gone
   */
  call<Name extends keyof Asked & string>(
    name: Name,
    args: ArgsOf<Asked[Name]>,
    timeoutMs: number | null,
  ): Promise<AnswerOf<Asked[Name]>> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const timer =
        timeoutMs === null ? null : setTimeout(() => this.#expire(id, timeoutMs), timeoutMs);
      this.#waiting.set(id, {
        name,
        timer,
        resolve: (answer) => resolve(decodeAnswer<AnswerOf<Asked[Name]>>(answer)),
        reject,
      });
      this.#post({ kind: 'call', id, name, args });
    });
  }

  tell(event: Told): void {
    if (this.#closed === null) this.#post({ kind: 'event', event });
  }

  /** The other end is gone: every call that waits, and every later one, fails with `reason`. */
  close(reason: Error): void {
    this.#closed ??= reason;
    for (const waiting of this.#waiting.values()) {
      if (waiting.timer !== null) clearTimeout(waiting.timer);
      waiting.reject(reason);
    }
    this.#waiting.clear();
  }

  #post(message: Message): void {
    this.#options.port.postMessage(message);
  }

  #receive(message: Message): void {
    switch (message.kind) {
      case 'call':
        void this.#serve(message.id, message.name, message.args);
        return;
      case 'event':
        this.#options.onEvent(decodeAnswer<Heard>(message.event));
        return;
      case 'answer':
        this.#settle(message.id)?.resolve(message.answer);
        return;
      case 'thrown':
        this.#settle(message.id)?.reject(new ForeignThreadError(message.thrown));
        return;
      default:
        return assertNever(message);
    }
  }

  async #serve(id: number, name: string, args: unknown): Promise<void> {
    try {
      const answer: unknown = await this.#handler(name)(args);
      this.#post({ kind: 'answer', id, answer });
    } catch (thrown) {
      // An answer that can't be cloned ends here too; the caller learns of it all the same.
      this.#post({ kind: 'thrown', id, thrown: toThrownMessage(thrown) });
    }
  }

  #handler(name: string): (args: unknown) => unknown {
    const handler: unknown = Reflect.get(this.#options.handlers, name);
    if (typeof handler !== 'function') throw new ConnectError(`no such call: ${name}`);
    return (args) => Reflect.apply(handler, undefined, [args]);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined && waiting.timer !== null) clearTimeout(waiting.timer);
    return waiting;
  }

  #expire(id: number, timeoutMs: number): void {
    const waiting = this.#settle(id);
    waiting?.reject(
      new ConnectError(`The thread did not answer '${waiting.name}' within ${timeoutMs} ms`, {
        code: 'CONNECT_LANE_TIMEOUT',
      }),
    );
  }
}

// Both ends are built from one lane-protocol.ts and live in one process: what arrives is what the
// other end's types let it send. These are the only two places that rely on it.
function decodeMessage(message: unknown): Message {
  return message as Message;
}

function decodeAnswer<T>(answer: unknown): T {
  return answer as T;
}

function assertNever(message: never): never {
  throw new Error(`unknown message ${JSON.stringify(message)}`);
}
