import { type Logger, type Props, ConfigError } from '@sluice/api';
import type { ConnectorState, ErrorCount, StalledTask } from '@sluice/rest';
import { RESTART_CONFIG, type RestartValues } from '../../config/restart-config-def.ts';
import type { StandaloneValues } from '../../config/worker-config-def.ts';
import type { TaskHost, TaskReport } from '../../task-host/contract.ts';
import type { FamilySet } from '../metrics/family-set.ts';
import { StartupCounter } from '../metrics/startup-counter.ts';
import type { Failure, RunnerObserver } from '../worker/runner-observer.ts';
import { AutoRestart, type Restartable } from './auto-restart.ts';
import { ErrorLog } from './error-log.ts';
import { StallWatchdog } from './stall-watchdog.ts';

export interface SupervisionOptions {
  readonly host: Pick<TaskHost, 'taskReports'>;
  /** The worker's properties; connectors override `sluice.restart.*` of them. */
  readonly workerProps: Props;
  readonly values: StandaloneValues;
  /** A connector's config as it is now; `null` when it is gone. */
  readonly configOf: (connector: string) => Props | null;
  /** Restarts it if it is still FAILED. */
  readonly restart: (what: Restartable) => Promise<void>;
  readonly logger: Logger;
  /** Milliseconds since the epoch, for what is shown. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets, for how long something lasts. */
  readonly steadyNow: () => number;
  readonly random: () => number;
}

const RESTART_PREFIX = 'sluice.restart.';

/**
 * Keeps an eye on connectors and tasks: counts their starts, remembers their errors, restarts what
 * has failed (if it may) and notices what stands still.
 */
export class Supervision implements RunnerObserver {
  readonly connectorStarts: StartupCounter;
  readonly taskStarts: StartupCounter;
  readonly #options: SupervisionOptions;
  readonly #errors: ErrorLog;
  readonly #restarts: AutoRestart;
  readonly #watchdog: StallWatchdog;

  constructor(options: SupervisionOptions) {
    const { host, values, restart, logger, now, steadyNow, random } = options;
    this.#options = options;
    const window = {
      windowMs: values['metrics.sample.window.ms'],
      samples: values['metrics.num.samples'],
    };
    this.connectorStarts = new StartupCounter(window, now);
    this.taskStarts = new StartupCounter(window, now);
    this.#errors = new ErrorLog(now);
    const policyOf = (connector: string): RestartValues | null => this.#policyOf(connector);
    this.#restarts = new AutoRestart({ policyOf, restart, logger, steadyNow, random });
    const limitMs = values['sluice.watchdog.stall.ms'];
    this.#watchdog = new StallWatchdog({ host, limitMs, logger, now });
    this.#watchdog.start();
  }

  onConnectorStart(isSuccess: boolean): void {
    if (isSuccess) this.connectorStarts.success();
    else this.connectorStarts.failure();
  }

  onConnectorState(connector: string, state: ConnectorState, failure: Failure | null): void {
    this.#onState({ connector, task: null }, state, failure);
  }

  onTaskStart(isSuccess: boolean): void {
    if (isSuccess) this.taskStarts.success();
    else this.taskStarts.failure();
  }

  onTaskState(
    connector: string,
    task: number,
    state: ConnectorState,
    failure: Failure | null,
  ): void {
    this.#onState({ connector, task }, state, failure);
  }

  onNewLife(connector: string): void {
    this.#restarts.forget(connector);
    if (this.#options.configOf(connector) === null) this.#errors.forget(connector);
  }

  stalledTasks(): readonly StalledTask[] {
    return this.#watchdog.stalled();
  }

  /** @param connector `null` for all */
  errors(connector: string | null, reports: readonly TaskReport[]): readonly ErrorCount[] {
    const ofRecords = reports.map(({ id, errors }) => ({ ...id, errors }));
    return this.#errors.merged(connector, ofRecords);
  }

  addMetrics(families: FamilySet): void {
    families.add(
      'sluice_worker_restarts_total',
      'Restarts made by the policy of sluice.restart.*.',
      'counter',
      {},
      this.#restarts.restarts,
    );
    for (const { connector, task, stage } of this.stalledTasks()) {
      families.addInfo(
        'sluice_task_stalled',
        'Tasks that have work and make no progress, with the stage they stand in.',
        { connector, task: String(task), stage },
      );
    }
  }

  close(): void {
    this.#watchdog.stop();
    this.#restarts.close();
  }

  #onState(what: Restartable, state: ConnectorState, failure: Failure | null): void {
    if (state === 'RUNNING') this.#restarts.onRunning(what);
    if (state !== 'FAILED' || failure === null) return;
    this.#errors.add(what.connector, what.task, failure.code, failure.trace);
    this.#restarts.onFailed(what, failure.code);
  }

  #policyOf(connector: string): RestartValues | null {
    const { configOf, workerProps, logger } = this.#options;
    const config = configOf(connector);
    if (config === null) return null;
    const given = Object.entries({ ...workerProps, ...config }).filter(([key]) =>
      key.startsWith(RESTART_PREFIX),
    );
    try {
      return RESTART_CONFIG.parse(Object.fromEntries(given));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      logger.warn(`Connector ${connector} is not restarted by itself: ${error.message}`);
      return null;
    }
  }
}
