import { setTimeout as sleep } from 'node:timers/promises';

/** Bounds of a wait. */
export interface WaitOptions {
  /** How long to wait in all. Default 30,000. */
  readonly timeoutMs?: number;
  /** Pause between two tries. Default 50. */
  readonly intervalMs?: number;
  /** Called when the time is up; its answer is added to the error (a server's last output, say). */
  readonly onTimeout?: () => string;
  readonly signal?: AbortSignal;
}

/** Thrown by a probe to end the wait at once: what is waited for can't happen any more. */
export class HopelessError extends Error {
  override readonly name = 'HopelessError';
}

const TIMEOUT_MS_DEFAULT = 30_000;
const INTERVAL_MS_DEFAULT = 50;

/**
 * Asks again and again until `probe` gives something other than `false`, `null` or `undefined`, and
 * resolves to that. A probe that throws counts as "not yet"; its last error is the cause when time
 * runs out. A {@link HopelessError} ends the wait at once.
 *
 * @param what - what is waited for, as it should stand in the error: `'the sink file to hold 3 lines'`
 * @throws Error when `timeoutMs` are over or the signal is aborted
 */
export async function waitUntil<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = TIMEOUT_MS_DEFAULT, intervalMs = INTERVAL_MS_DEFAULT } = options;
  const startedMs = performance.now();
  let lastError: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const answer = await probe();
      if (isThere(answer)) return answer;
      lastError = undefined;
    } catch (error) {
      if (error instanceof HopelessError) throw error;
      lastError = error;
    }
    if (performance.now() - startedMs >= timeoutMs) break;
    await sleep(intervalMs, undefined, options.signal ? { signal: options.signal } : {});
  }
  const reason = lastError instanceof Error ? ` The last try said: ${lastError.message}` : '';
  const more = options.onTimeout === undefined ? '' : `\n${options.onTimeout()}`;
  throw new Error(`Waited ${timeoutMs} ms for ${what}, in vain.${reason}${more}`, {
    cause: lastError,
  });
}

function isThere<T>(answer: T): answer is Exclude<T, false | null | undefined> {
  return answer !== false && answer !== null && answer !== undefined;
}
