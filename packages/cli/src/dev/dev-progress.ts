import { setTimeout as sleep } from 'node:timers/promises';

/** How far the pipeline is. */
export interface Progress {
  /** Records that Kafka has taken from the source. */
  readonly recordsIn: number;
  /** Records that stand in the sink's file. */
  readonly recordsOut: number;
  /** Records that the table has taken. */
  readonly rows: number;
  /** Records that Kafka has taken from the table. */
  readonly recordsAgain: number;
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
 * Looks at the pipelines until as many records have come out of each as there are, something fails, time is
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
    const { recordsIn, recordsOut, rows, recordsAgain } = progress;
    const told = [recordsIn, recordsOut, rows, recordsAgain].join(' ');
    if (told !== last) options.onChange(progress);
    last = told;
    if (Math.min(recordsOut, rows, recordsAgain) >= options.expected) {
      return { type: 'through', progress };
    }
    if (clock() >= deadlineMs) return { type: 'late', progress };
    await sleep(LOOK_EVERY_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
