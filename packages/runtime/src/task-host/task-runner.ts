import type { Logger } from '@sluice/api';
import { errorCode, type SeenError } from '../data-plane/errors/seen-errors.ts';
import { TaskControl } from '../data-plane/task-control.ts';
import type { WorkerTask, WorkerTaskEvents } from '../data-plane/worker-task.ts';
import { renderTrace } from '../logging/render-trace.ts';
import type { ClientValue } from '../metrics/client-value.ts';
import type { MetricGroups } from '../metrics/metric-values.ts';
import type { PluginMetricsRegistry } from '../metrics/plugin-metrics-registry.ts';
import type { PluginValue } from '../metrics/plugin-value.ts';
import { StateShares } from './state-shares.ts';
import type { ReportedTaskState, TaskProgress, TaskSpec } from './contract.ts';
import { type TaskEffect, type TaskEvent, type TaskState, transition } from './task-lifecycle.ts';

/** What a runner tells its lane. */
interface TaskRunnerEvents {
  onStatus(state: ReportedTaskState, trace: string | null, code: string | null): void;
  onTopicUsed(topic: string): void;
  /** The task is gone and everything it held is closed. */
  onEnded(): void;
}

export interface TaskRunnerOptions {
  readonly spec: TaskSpec;
  readonly build: (control: TaskControl, events: WorkerTaskEvents) => Promise<WorkerTask>;
  readonly events: TaskRunnerEvents;
  readonly logger: Logger;
  /** Of the task's plug-ins; closed with the task. */
  readonly pluginMetrics: PluginMetricsRegistry;
}

/** Carries out what the task's life cycle asks for. One per start of a task. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #control: TaskControl;
  #state: TaskState = 'created';
  #task: WorkerTask | null = null;
  #failure: unknown = null;
  readonly #shares = new StateShares(Date.now);

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    // A task that is held back runs at once when it is resumed; it never starts out paused.
    this.#control = new TaskControl(false);
  }

  get connector(): string {
    return this.#options.spec.id.connector;
  }

  forgetTopics(): void {
    this.#task?.forgetTopics();
  }

  begin(): void {
    this.#feed(this.#options.spec.target === 'PAUSED' ? 'beginPaused' : 'begin');
  }

  pause(): void {
    this.#feed('pause');
  }

  resume(): void {
    this.#feed('resume');
  }

  stop(): void {
    this.#feed('stop');
  }

  cancel(): void {
    this.#feed('cancel');
  }

  /** What the task counts, and the shares of its life that it ran or was paused. */
  metrics(): MetricGroups {
    const counted = this.#task?.metrics() ?? {};
    const shares = this.#shares.values();
    return {
      ...counted,
      'connector-task-metrics': { ...counted['connector-task-metrics'], ...shares },
    };
  }

  clientMetrics(): readonly ClientValue[] {
    return this.#task?.clientMetrics() ?? [];
  }

  pluginValues(): readonly PluginValue[] {
    return this.#options.pluginMetrics.values();
  }

  seenErrors(): readonly SeenError[] {
    return this.#task?.seenErrors() ?? [];
  }

  progress(): Omit<TaskProgress, 'id'> | null {
    return this.#task?.progress() ?? null;
  }

  #feed(event: TaskEvent): void {
    const { state, effects } = transition(this.#state, event);
    this.#state = state;
    this.#shares.enter(state);
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: TaskEffect): void {
    const { events, logger } = this.#options;
    switch (effect) {
      case 'start':
        void this.#live();
        return;
      case 'tellPause':
        return this.#control.pause();
      case 'tellResume':
        return this.#control.resume();
      case 'tellStop':
        return this.#control.stop();
      case 'tellCancel':
        this.#task?.cancel();
        return;
      case 'reportRunning':
        return events.onStatus('RUNNING', null, null);
      case 'reportPaused':
        return events.onStatus('PAUSED', null, null);
      case 'reportUnassigned':
        return events.onStatus('UNASSIGNED', null, null);
      case 'reportFailed':
        logger.error(
          'Task threw an uncaught and unrecoverable exception. Task is being killed and will not ' +
            'recover until manually restarted',
          { error: this.#failure },
        );
        return events.onStatus('FAILED', renderTrace(this.#failure), errorCode(this.#failure));
      case 'logLateFailure':
        logger.warn('After being scheduled for shutdown, task threw an uncaught exception.', {
          error: this.#failure,
        });
        return;
      case 'release':
        return events.onEnded();
      default:
        return assertNever(effect);
    }
  }

  /** The whole life of the task, from its parts being made to everything being closed. Never rejects. */
  async #live(): Promise<void> {
    let hasFailed = false;
    try {
      const task = await this.#options.build(this.#control, {
        onPaused: () => this.#feed('paused'),
        onResumed: () => this.#feed('resumed'),
        onTopicUsed: (topic) => this.#options.events.onTopicUsed(topic),
      });
      this.#task = task;
      if (this.#state === 'cancelled') task.cancel();
      if (!this.#control.isStopping) {
        await task.start();
        this.#feed('started');
        await task.run();
      }
    } catch (error) {
      hasFailed = true;
      this.#failure = error;
    }
    try {
      await this.#task?.close();
    } catch (error) {
      if (!hasFailed) this.#failure = error;
      hasFailed = true;
    }
    this.#options.pluginMetrics.close();
    this.#feed(hasFailed ? 'failed' : 'finished');
  }
}

function assertNever(effect: never): never {
  throw new Error(`unknown effect ${String(effect)}`);
}
