import { type ConfigValue, ConnectError, type Props } from '@sluice/api';
import type {
  PluginRef,
  PreviewOutcome,
  PreviewSpec,
  SinkOffsetAlteration,
  SourceOffsetAlteration,
} from './contract.ts';
import type { Lane } from './lane.ts';

/** Just under the REST server's own limit of 90 s, so that the caller learns the reason. */
const CALL_MS_MAX = 80_000;
/** A user who creates one connector often creates more. */
const IDLE_MS_MAX = 10_000;
/** Beyond so many calls at once threads are shared; each costs some 10 MB. */
const LANES_MAX = 8;

/** A thread and the calls in it. */
interface Room {
  readonly lane: Lane;
  calls: number;
  idle: NodeJS.Timeout | null;
}

/**
 * Threads for what plug-ins are asked without being started: validation and offset changes. A
 * plug-in that blocks there disturbs no task and no other call, and is ended with its thread (R6.14).
 */
export class ValidationLanes {
  readonly #start: (label: string) => Lane;
  readonly #rooms = new Set<Room>();

  constructor(start: (label: string) => Lane) {
    this.#start = start;
  }

  get lanes(): readonly Lane[] {
    return [...this.#rooms].map(({ lane }) => lane);
  }

  validate(plugin: PluginRef, props: Props): Promise<readonly ConfigValue[]> {
    return this.#call(plugin, (lane) =>
      lane.channel.call('validate', { plugin, props }, CALL_MS_MAX),
    );
  }

  alterOffsets(
    plugin: PluginRef,
    props: Props,
    offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[],
  ): Promise<boolean | null> {
    return this.#call(plugin, (lane) =>
      lane.channel.call('alterOffsets', { plugin, props, offsets }, CALL_MS_MAX),
    );
  }

  preview(spec: PreviewSpec): Promise<PreviewOutcome> {
    return this.#call(spec.connector.plugin, (lane) =>
      lane.channel.call('preview', spec, CALL_MS_MAX),
    );
  }

  onGone(lane: Lane): void {
    for (const room of this.#rooms) if (room.lane === lane) this.#rooms.delete(room);
  }

  async #call<T>(plugin: PluginRef, call: (lane: Lane) => Promise<T>): Promise<T> {
    const room = this.#enter();
    try {
      return await call(room.lane);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      await room.lane.end(`${plugin.className} did not finish validating in time`);
      throw new ConnectError(
        `${plugin.className} did not finish validating within ${CALL_MS_MAX} ms; its thread was ` +
          'ended. The system it validates against may not answer',
        { cause: error, code: 'CONNECT_VALIDATION_TIMEOUT' },
      );
    } finally {
      this.#leave(room);
    }
  }

  /** One that has nothing to do, a new one, or else the one with the fewest calls. */
  #enter(): Room {
    const [quietest] = [...this.#rooms].sort((a, b) => a.calls - b.calls);
    const isUsable =
      quietest !== undefined && (quietest.calls === 0 || this.#rooms.size >= LANES_MAX);
    const room = isUsable ? quietest : this.#open();
    if (room.idle !== null) clearTimeout(room.idle);
    room.idle = null;
    room.calls += 1;
    return room;
  }

  #open(): Room {
    const room = { lane: this.#start('validation'), calls: 0, idle: null };
    this.#rooms.add(room);
    return room;
  }

  /** One that is idle is kept for a while, more than one is not. */
  #leave(room: Room): void {
    room.calls -= 1;
    if (room.calls > 0 || !this.#rooms.has(room)) return;
    const isSpare = [...this.#rooms].some((other) => other !== room && other.calls === 0);
    if (isSpare) this.#end(room);
    else {
      room.idle = setTimeout(() => this.#end(room), IDLE_MS_MAX);
      // An idle thread must not hold up a worker that ends.
      room.idle.unref();
    }
  }

  #end(room: Room): void {
    this.#rooms.delete(room);
    void room.lane.end('It had nothing to do');
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof ConnectError && error.code === 'CONNECT_LANE_TIMEOUT';
}
