import { appendFileSync } from 'node:fs';

/** Where in a worker's work a process may be told to end itself. */
export const KILL_POINTS = [
  // Of a source: what it has read is not yet given to the worker; the batch stands before the socket;
  // it is with the kernel and nothing has been acknowledged; the first records are acknowledged.
  'polled',
  'produce',
  'produce-sent',
  'acknowledged',
  // Of the offsets file: written beside and not yet renamed; renamed; the task has been told.
  'offsets-written',
  'offsets-renamed',
  'committed',
  // Of a sink: given records, having kept them, before writing, with half of it written, with all of
  // it flushed, with the commit before the socket, and with it at the kernel.
  'put',
  'put-done',
  'flush',
  'flush-half',
  'flushed',
  'offset-commit',
  'offset-commit-sent',
] as const;

export type KillPointName = (typeof KILL_POINTS)[number];

/** `kill`: SIGKILL, as `kill -9`. `abort`: SIGABRT, what a failed assertion in native code raises. */
export type KillMode = 'kill' | 'abort';

/** Tells a worker's process in its environment where to end: `<mode>:<point>:<count>`. */
export const KILL_AT = 'SLUICE_TEST_KILL_AT';
/** The file to which a point that was reached is appended. */
export const KILL_LOG = 'SLUICE_TEST_KILL_LOG';

/** For how long requests to produce are held back in this life, in milliseconds. */
export const SLOW_MS = 'SLUICE_TEST_SLOW_MS';

/**
 * Ends its own process the moment a point is reached for the given time. That is a `kill -9` that
 * comes neither too early nor too late: after the system call nothing of the process runs any more.
 */
export class KillPoint {
  readonly #mode: string;
  readonly #name: string;
  readonly #log: string;
  #left: number;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const [mode = '', name = '', count = ''] = (env[KILL_AT] ?? '').split(':');
    this.#mode = mode;
    this.#name = name;
    this.#left = Number(count);
    this.#log = env[KILL_LOG] ?? '';
  }

  reached(name: KillPointName): void {
    if (name !== this.#name) return;
    this.#left -= 1;
    if (this.#left !== 0) return;
    appendFileSync(this.#log, `${name}\n`);
    process.kill(process.pid, this.#mode === 'abort' ? 'SIGABRT' : 'SIGKILL');
    // The signal has come by now; should it take a moment, this thread does nothing in it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}
