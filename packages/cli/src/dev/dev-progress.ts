import { setTimeout as sleep } from 'node:timers/promises';

/** How far the pipeline is. */
export interface Progress {
  /** Records that Kafka has taken from the source. */
  readonly recordsIn: number;
  /** Records that stand in the sink's file. */
  readonly recordsOut: number;
  /** The trace of what has failed; null while all runs. */
  readonly failure: string | null;
}

/** How watching ended. */
export type Outcome =
  | { readonly type: 'through'; readonly progress: Progress }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'late'; readonly progress: Progress }
  | { readonly type: 'stopped' };

const LOOK_EVERY_MS = 100;

/**
 * Looks at the pipeline until as many records have come out as there are, something fails, time is
 * up or the signal comes.
 */
export async function watchProgress(options: {
  readonly expected: number;
  readonly look: () => Promise<Progress>;
  readonly onChange: (progress: Progress) => void;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock?: () => number;
}): Promise<Outcome> {
  const clock = options.clock ?? Date.now;
  const deadlineMs = clock() + options.timeoutMs;
  let last = '';
  for (;;) {
    if (options.signal.aborted) return { type: 'stopped' };
    const progress = await options.look();
    if (progress.failure !== null) return { type: 'failed', reason: progress.failure };
    const told = `${progress.recordsIn} ${progress.recordsOut}`;
    if (told !== last) options.onChange(progress);
    last = told;
    if (progress.recordsOut >= options.expected) return { type: 'through', progress };
    if (clock() >= deadlineMs) return { type: 'late', progress };
    await sleep(LOOK_EVERY_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
