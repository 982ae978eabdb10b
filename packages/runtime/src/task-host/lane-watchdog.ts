import type { BlockedLimits } from './blocked-limits.ts';
import type { Lane } from './lane.ts';

/** Between two looks at a lane. */
const LOOK_EVERY_MS = 2_000;
/**
 * A process that was paused as a whole (a debugger, a frozen virtual machine) finds its timers
 * expired before its lanes could answer: they get this much longer.
 */
const SECOND_CHANCE_MS = 2_000;

export interface LaneWatchdogOptions {
  readonly lanes: () => readonly Lane[];
  readonly isShared: (lane: Lane) => boolean;
  readonly limits: BlockedLimits;
  readonly onBlocked: (lane: Lane, blockedMs: number) => void;
}

/**
 * Notices a thread whose event loop stands still: a task that spins, or waits in a call that blocks.
 * An idle lane answers at once, however long nothing happens in it.
 */
export class LaneWatchdog {
  readonly #options: LaneWatchdogOptions;
  readonly #watched = new Set<Lane>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: LaneWatchdogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    // A watchdog alone must not hold up a worker that ends.
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const lane of this.#options.lanes()) {
      if (lane.hasStarted && !this.#watched.has(lane)) void this.#watch(lane);
    }
  }

  async #watch(lane: Lane): Promise<void> {
    const { isShared, limits, lanes, onBlocked } = this.#options;
    const limitMs = isShared(lane) ? limits.sharedMs : limits.ownMs;
    this.#watched.add(lane);
    const isAlive = (await lane.answers(limitMs)) || (await lane.answers(SECOND_CHANCE_MS));
    this.#watched.delete(lane);
    if (!isAlive && lanes().includes(lane)) onBlocked(lane, limitMs);
  }
}
