/** Java's `ExponentialBackoff`: doubles from `initialMs` up to `maxMs`, give or take a fifth. */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
}

const FACTOR = 2;
const JITTER = 0.2;
/** 2^30 times any delay is beyond every maximum; larger exponents only lose precision. */
const EXPONENT_MAX = 30;

/**
 * The delay after `failures` failures in a row (0: the first). `random` gives numbers from 0 to 1.
 */
export function backoffMs(backoff: Backoff, failures: number, random: () => number): number {
  if (backoff.initialMs <= 0) return 0;
  const exponent = Math.min(failures, EXPONENT_MAX);
  const plain = Math.min(backoff.initialMs * FACTOR ** exponent, backoff.maxMs);
  const factor = 1 - JITTER + random() * 2 * JITTER;
  return Math.min(plain * factor, Math.max(backoff.maxMs, backoff.initialMs));
}
