import type { Logger } from '@sluice/api';
import type { StalledTask } from '@sluice/rest';
import type { TaskHost, TaskReport } from '../../task-host/contract.ts';
import { stallOf } from './stall-rule.ts';

const LOOK_EVERY_MS_MAX = 15_000;
const LOOKS_PER_LIMIT = 4;

export interface StallWatchdogOptions {
  readonly host: Pick<TaskHost, 'taskReports'>;
  /** `sluice.watchdog.stall.ms`; 0 turns it off. */
  readonly limitMs: number;
  readonly logger: Logger;
  /** Milliseconds since the epoch: since when a task stands still is shown in them. */
  readonly now: () => number;
}

/**
 * Looks at the tasks now and then for those that have work and make no progress
 * (`sluice.watchdog.*`). Said in the log, in the metrics and under `/sluice/v1/`; the state of a
 * task never changes by it.
 */
export class StallWatchdog {
  readonly #options: StallWatchdogOptions;
  readonly #stalled = new Map<string, StalledTask>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: StallWatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    const { limitMs } = this.#options;
    if (limitMs === 0 || this.#timer !== null) return;
    const everyMs = Math.max(1, Math.min(LOOK_EVERY_MS_MAX, limitMs / LOOKS_PER_LIMIT));
    this.#timer = setInterval(() => void this.look(), everyMs);
    // A watchdog alone must not hold up a worker that ends.
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** As of the last look, by connector and task. */
  stalled(): readonly StalledTask[] {
    return [...this.#stalled.values()].sort(
      (a, b) => a.connector.localeCompare(b.connector) || a.task - b.task,
    );
  }

  /** Looks once. A thread that does not answer at all is the lane watchdog's business. */
  async look(): Promise<void> {
    const reports = await this.#options.host.taskReports();
    const seen = new Set<string>();
    for (const report of reports) {
      seen.add(nameOf(report));
      this.#judge(report);
    }
    for (const name of this.#stalled.keys()) if (!seen.has(name)) this.#stalled.delete(name);
  }

  #judge(report: TaskReport): void {
    const { limitMs, logger, now } = this.#options;
    const name = nameOf(report);
    const activity = report.progress?.activity ?? null;
    const stall = activity === null ? null : stallOf(activity, limitMs);
    const known = this.#stalled.get(name);
    if (stall === null) {
      if (this.#stalled.delete(name)) logger.info(`Task ${name} makes progress again`);
      return;
    }
    const { stage, forMs, reason } = stall;
    const { connector, task } = report.id;
    // Of the first look, while it is the same: it must not wander with the clock.
    const since = known?.reason === reason ? known.since_ms : Math.round(now() - forMs);
    this.#stalled.set(name, { connector, task, since_ms: since, stage, reason });
    if (known === undefined)
      logger.warn(
        `Task ${name} has made no progress for ${Math.round(forMs)} ms although it has work ` +
          `(stage ${stage}): ${reason}`,
      );
  }
}

function nameOf({ id }: TaskReport): string {
  return `${id.connector}-${id.task}`;
}
