import type { Logger } from '@sluice/api';
import type { RestartValues } from '../../config/restart-config-def.ts';
import { decideRestart, NO_RESTARTS, type RestartHistory } from './restart-backoff.ts';

/** A connector (`task` null) or one of its tasks. */
export interface Restartable {
  readonly connector: string;
  readonly task: number | null;
}

export interface AutoRestartOptions {
  /** The policy of a connector as its config has it now; `null` when it is gone or has none. */
  readonly policyOf: (connector: string) => RestartValues | null;
  /** Restarts it if it is still FAILED. */
  readonly restart: (what: Restartable) => Promise<void>;
  readonly logger: Logger;
  /** Milliseconds of a clock that nobody sets: how long something has run is measured by it. */
  readonly steadyNow: () => number;
  readonly random: () => number;
}

interface Watched {
  history: RestartHistory;
  timer: NodeJS.Timeout | null;
}

/**
 * Starts FAILED connectors and tasks again, by the policy of `sluice.restart.*`. Nothing of it shows
 * in a status but what a restart by hand would show.
 */
export class AutoRestart {
  readonly #options: AutoRestartOptions;
  readonly #watched = new Map<string, Watched>();
  #restarts = 0;
  #isClosed = false;

  constructor(options: AutoRestartOptions) {
    this.#options = options;
  }

  /** How many restarts it has made. */
  get restarts(): number {
    return this.#restarts;
  }

  onRunning(what: Restartable): void {
    const watched = this.#watched.get(keyOf(what));
    if (watched === undefined) return;
    const { attempts } = watched.history;
    watched.history = { attempts, runningSinceMs: this.#options.steadyNow() };
  }

  /** @param code Sluice's code of the error, if it has one */
  onFailed(what: Restartable, code: string | null): void {
    const { policyOf, logger, steadyNow, random } = this.#options;
    const policy = policyOf(what.connector);
    if (this.#isClosed || policy?.['sluice.restart.enable'] !== true) return;
    const watched = this.#watch(what);
    if (watched.timer !== null) return;
    const decision = decideRestart(policy, watched.history, code, steadyNow(), random);
    if (decision.type === 'giveUp') {
      logger.warn(`${nameOf(what)} stays FAILED: ${decision.reason}`);
      return;
    }
    const { attempt, delayMs } = decision;
    logger.info(`${nameOf(what)} has failed: restart number ${attempt} follows in ${delayMs} ms`);
    watched.history = { attempts: attempt, runningSinceMs: null };
    watched.timer = setTimeout(() => {
      watched.timer = null;
      void this.#restart(what, attempt);
    }, delayMs);
    // A restart to come must not hold up a worker that ends.
    watched.timer.unref();
  }

  /** The connector is gone, or begins anew with another config. */
  forget(connector: string): void {
    for (const [key, { timer }] of this.#watched) {
      if (!key.startsWith(keyOf({ connector, task: null }))) continue;
      if (timer !== null) clearTimeout(timer);
      this.#watched.delete(key);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#watched.values()) if (timer !== null) clearTimeout(timer);
    this.#watched.clear();
  }

  async #restart(what: Restartable, attempt: number): Promise<void> {
    const { restart, logger } = this.#options;
    if (this.#isClosed) return;
    this.#restarts += 1;
    try {
      logger.info(`Restarting ${nameOf(what)} (attempt ${attempt}, sluice.restart.enable=true)`);
      await restart(what);
    } catch (error) {
      // Its status says FAILED again by now, which has led to the next attempt.
      logger.warn(`Restart number ${attempt} of ${nameOf(what)} failed`, { error });
    }
  }

  #watch(what: Restartable): Watched {
    const key = keyOf(what);
    let watched = this.#watched.get(key);
    if (watched === undefined) {
      watched = { history: NO_RESTARTS, timer: null };
      this.#watched.set(key, watched);
    }
    return watched;
  }
}

// Names may hold any character but control characters.
function keyOf({ connector, task }: Restartable): string {
  return `${connector}\0${task ?? ''}`;
}

function nameOf({ connector, task }: Restartable): string {
  return task === null ? `Connector ${connector}` : `Task ${connector}-${task}`;
}
