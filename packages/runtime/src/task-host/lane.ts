import { Worker } from 'node:worker_threads';
import { ConnectError } from '@sluice/api';
import { messageOf } from '../data-plane/errors/thrown.ts';
import { renderTrace } from '../logging/render-trace.ts';
import { type CallHandlers, ControlChannel } from './control-channel.ts';
import type { HostCalls, HostEvent, LaneCalls, LaneEvent, LaneOptions } from './lane-protocol.ts';

/** A thread that loads nothing but Sluice takes some 50 ms; a busy machine may take its time. */
const START_MS_MAX = 30_000;

/**
 * Records live for some milliseconds: Node's own limit lets the young generation grow to several
 * times of what that needs, which cost 30 MB at the peak of a String source and no less CPU.
 */
const YOUNG_GENERATION_MB = 16;

/** The code of errors of calls to a thread that is gone. */
export const LANE_ENDED = 'CONNECT_LANE_ENDED';

export interface LaneStartOptions {
  /** For the thread's name and in messages: `shared-1`, `connector orders`, `task orders-0`. */
  readonly label: string;
  readonly lane: LaneOptions;
  /** `null`: Node's own limit. */
  readonly maxHeapMb: number | null;
  readonly handlers: CallHandlers<HostCalls>;
  readonly onEvent: (event: LaneEvent) => void;
  readonly onGone: (end: LaneEnd) => void;
}

/** How a thread came to its end. */
export interface LaneEnd {
  /** Why, for the status of those who lived in it. */
  readonly trace: string;
  /** Whether one of those who lived in it is to blame; else the host had its own reason. */
  readonly isGuiltInside: boolean;
}

/** One thread and the control channel to it. */
export class Lane {
  readonly label: string;
  readonly #worker: Worker;
  readonly #maxHeapMb: number | null;
  readonly #onGone: (end: LaneEnd) => void;
  readonly channel: ControlChannel<LaneCalls, HostCalls, HostEvent, LaneEvent>;
  #uncaught: unknown = null;
  #endReason: string | null = null;
  #isGuiltInside = true;
  #hasStarted = false;
  readonly #exited: Promise<void>;

  constructor(options: LaneStartOptions) {
    this.label = options.label;
    this.#maxHeapMb = options.maxHeapMb;
    this.#onGone = options.onGone;
    this.#worker = new Worker(entryUrl(), {
      workerData: options.lane,
      name: `sluice ${options.label}`,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        ...(options.maxHeapMb === null ? {} : { maxOldGenerationSizeMb: options.maxHeapMb }),
      },
    });
    this.#worker.on('error', (error) => {
      this.#uncaught ??= error;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#onExit(code);
        resolve();
      });
    });
    this.channel = new ControlChannel({
      port: this.#worker,
      handlers: options.handlers,
      onEvent: (event) => {
        // What a dying thread still says is older than what its end says.
        if (this.#endReason === null) options.onEvent(event);
      },
    });
    this.channel.open();
    void this.#awaitStart();
  }

  /** Whether the thread has come so far as to answer. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Whether the thread's event loop goes round within the time given. */
  async answers(timeoutMs: number): Promise<boolean> {
    try {
      await this.channel.call('ping', null, timeoutMs);
      return true;
    } catch {
      // Late or gone: the same to the one who asks.
      return false;
    }
  }

  /**
   * Ends the thread, whatever it does. The reason is told to those who still live in it;
   * `isGuiltInside` says that one of them is it.
   */
  async end(reason: string, isGuiltInside = false): Promise<void> {
    if (this.#endReason === null) {
      this.#endReason = reason;
      this.#isGuiltInside = isGuiltInside;
      await this.#worker.terminate();
    }
    await this.#exited;
  }

  /** Asked before anything else, so that what a task does to the thread can't delay the answer. */
  async #awaitStart(): Promise<void> {
    this.#hasStarted = await this.answers(START_MS_MAX);
    if (!this.#hasStarted && this.#endReason === null) {
      await this.end(`The thread '${this.label}' did not start within ${START_MS_MAX} ms`, true);
    }
  }

  #onExit(code: number): void {
    const reason = this.#endReason;
    const why = reason === null ? this.#whyDied(code) : new ConnectError(reason);
    this.channel.close(
      new ConnectError(`The thread '${this.label}' has ended: ${why.message}`, {
        code: LANE_ENDED,
        cause: why,
      }),
    );
    this.#endReason ??= '';
    this.#onGone({ trace: renderTrace(why), isGuiltInside: this.#isGuiltInside });
  }

  /** The true reason, for the status of those who lived here. */
  #whyDied(code: number): ConnectError {
    const where = `the thread '${this.label}'`;
    const cause = this.#uncaught;
    if (cause === null) {
      return new ConnectError(`Plug-in code called process.exit(${code}), which ended ${where}`);
    }
    if (isOutOfMemory(cause)) {
      const limit = this.#maxHeapMb === null ? '' : ` of ${this.#maxHeapMb} MB`;
      return new ConnectError(
        `The heap limit${limit} was reached, which ended ${where}. Raise ` +
          'sluice.task.max.heap.mb, or let the task hold less at a time',
        { cause },
      );
    }
    return new ConnectError(`An error that nobody caught ended ${where}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** This file runs from the sources in tests and from the build in the product. */
function entryUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return isSource
    ? new URL('./lane-entry.ts', import.meta.url)
    : new URL('./lane-entry.js', import.meta.url);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
