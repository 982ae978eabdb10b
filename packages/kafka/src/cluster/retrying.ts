import { type Clock, pause, TIMER_MAX_MS } from '../clock.ts';
import { type Backoff, backoffMs } from '../connection/backoff.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';

/** How a call is repeated. */
export interface Retrying {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  /** When to give up, on the clock's {@link Clock.now}. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is attempted, for the error: `Listing topics`. */
  readonly what: string;
}

/**
 * Repeats `attempt` while its errors are retriable, with growing pauses, up to the deadline.
 *
 * @throws KafkaError what `attempt` threw when that is not retriable; `TIMEOUT` (retriable) with the last error as its
 *   cause; the signal's reason when aborted
 */
export async function retrying<T>(options: Retrying, attempt: () => Promise<T>): Promise<T> {
  const { clock, deadlineMs, signal } = options;
  for (let failures = 0; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await withinDeadline(options, attempt());
    } catch (thrown) {
      const error = asKafkaError(thrown);
      if (!error.isRetriable || error.code === 'TIMEOUT') throw error;
      const waitMs = backoffMs(options.backoff, failures, options.random);
      if (clock.now() + waitMs >= deadlineMs) throw timeout(options.what, error);
      await pause(waitMs, signal);
    }
  }
}

/**
 * Waits for `work`, at most up to the deadline, or until the signal is aborted. The work itself goes on.
 *
 * Called for every request: a success costs one timer and one promise, and no error is made ahead.
 */
export function withinDeadline<T>(
  options: Pick<Retrying, 'clock' | 'deadlineMs' | 'signal' | 'what'>,
  work: Promise<T>,
): Promise<T> {
  const { clock, deadlineMs, signal, what } = options;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(signal?.reason);
    };
    const onExpiry = (): void => {
      end();
      reject(timeout(what, null));
    };
    const leftMs = deadlineMs - clock.now();
    // A deadline beyond what timers can do is none.
    const timer = leftMs > TIMER_MAX_MS ? undefined : setTimeout(onExpiry, Math.max(leftMs, 0));
    signal?.addEventListener('abort', onAbort, { once: true });
    const onSuccess = (value: T): void => {
      end();
      resolve(value);
    };
    const onFailure = (error: unknown): void => {
      end();
      reject(error);
    };
    work.then(onSuccess, onFailure);
    if (signal?.aborted === true) onAbort();
  });
}

function timeout(what: string, cause: KafkaError | null): KafkaError {
  const text = `${what} took longer than allowed`;
  const last = cause === null ? '.' : `; the last attempt: ${cause.message}`;
  return new KafkaError('TIMEOUT', text + last, { isRetriable: true, cause: cause ?? undefined });
}
