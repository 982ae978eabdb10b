import { ConnectError, type Logger } from '@sluice/api';
import { withinDeadline } from '../data-plane/within-deadline.ts';
import { renderTrace } from '../logging/render-trace.ts';
import type {
  ReportedTaskState,
  TaskHostListener,
  TaskId,
  TaskProgress,
  TaskReport,
  TaskSpec,
  TaskTarget,
} from './contract.ts';
import { type Lane, LANE_ENDED } from './lane.ts';
import type { LanePool } from './lane-pool.ts';
import type { Incarnation } from './lane-protocol.ts';

/** How long a lane may take to show that it is alive when one of its tasks does not stop. */
const PING_MS_MAX = 1_000;
const PROGRESS_MS_MAX = 2_000;
/** The code of tasks that ended with their thread. */
const THREAD_ENDED = 'CONNECT_THREAD_ENDED';

export interface HostedTasksOptions {
  readonly pool: LanePool;
  readonly listener: TaskHostListener;
  readonly logger: Logger;
}

/** One start of a task, as the main thread sees it. */
interface HostedTask {
  readonly incarnation: Incarnation;
  readonly spec: TaskSpec;
  readonly lane: Lane;
  target: TaskTarget;
  isStopping: boolean;
  /** Its lane has been ended under it once already: the next time it is the guilty one. */
  readonly isQuarantined: boolean;
  readonly ended: Promise<void>;
  end(): void;
}

/** The tasks of a worker: where each lives, and what is to become of it when its lane ends. */
export class HostedTasks {
  readonly #options: HostedTasksOptions;
  readonly #byName = new Map<string, HostedTask>();
  readonly #byIncarnation = new Map<Incarnation, HostedTask>();
  #nextIncarnation: Incarnation = 1;

  constructor(options: HostedTasksOptions) {
    this.#options = options;
  }

  async start(spec: TaskSpec): Promise<void> {
    if (this.#byName.has(taskName(spec.id))) {
      throw new ConnectError(`Task ${taskName(spec.id)} is running already`);
    }
    await this.#launch(spec, false);
  }

  async setTarget(id: TaskId, target: TaskTarget): Promise<void> {
    const task = this.#byName.get(taskName(id));
    if (task === undefined || task.isStopping) return;
    task.target = target;
    const call = target === 'PAUSED' ? 'pauseTask' : 'resumeTask';
    await task.lane.channel.call(call, { incarnation: task.incarnation }, null);
  }

  async stop(ids: readonly TaskId[], timeoutMs: number): Promise<void> {
    const tasks: HostedTask[] = [];
    for (const id of ids) {
      const task = this.#byName.get(taskName(id));
      if (task !== undefined) tasks.push(task);
    }
    for (const task of tasks) {
      task.isStopping = true;
      // When the lane is gone the task has ended; when it is stuck the deadline below counts.
      void task.lane.channel
        .call('stopTask', { incarnation: task.incarnation }, null)
        .catch(() => undefined);
    }
    await withinDeadline(Promise.all(tasks.map((task) => task.ended)), timeoutMs);
    await Promise.all(tasks.map((task) => this.#cancel(task, timeoutMs)));
  }

  async stopAll(timeoutMs: number): Promise<void> {
    await this.stop(
      [...this.#byName.values()].map((task) => task.spec.id),
      timeoutMs,
    );
  }

  async progress(id: TaskId): Promise<TaskProgress | null> {
    const task = this.#byName.get(taskName(id));
    if (task === undefined) return null;
    const { incarnation, lane } = task;
    try {
      const progress = await lane.channel.call('taskProgress', { incarnation }, PROGRESS_MS_MAX);
      return progress === null ? null : { id, ...progress };
    } catch (error) {
      // It ended while it was asked.
      if (error instanceof ConnectError && error.code === LANE_ENDED) return null;
      throw error;
    }
  }

  async reports(): Promise<readonly TaskReport[]> {
    const lanes = new Set([...this.#byIncarnation.values()].map(({ lane }) => lane));
    const answers = await Promise.all([...lanes].map((lane) => this.#reportsOf(lane)));
    return answers.flat();
  }

  async #reportsOf(lane: Lane): Promise<readonly TaskReport[]> {
    try {
      const reports = await lane.channel.call('taskReports', null, PROGRESS_MS_MAX);
      return reports.flatMap(({ incarnation, ...report }) => {
        const task = this.#byIncarnation.get(incarnation);
        return task === undefined ? [] : [{ id: task.spec.id, spec: task.spec, ...report }];
      });
    } catch {
      // Ended or blocked: others have to say so, and the other threads' tasks count all the same.
      return [];
    }
  }

  has(incarnation: Incarnation): boolean {
    return this.#byIncarnation.has(incarnation);
  }

  countIn(lane: Lane): number {
    return this.#in(lane).length;
  }

  onStatus(
    incarnation: Incarnation,
    state: ReportedTaskState,
    trace: string | null,
    code: string | null,
  ): void {
    const task = this.#byIncarnation.get(incarnation);
    if (task !== undefined) this.#report(task, state, trace, code);
  }

  onTopicUsed(incarnation: Incarnation, topic: string): void {
    const task = this.#byIncarnation.get(incarnation);
    if (task !== undefined) this.#options.listener.onTopicUsed(task.spec.id, topic);
  }

  onEnded(incarnation: Incarnation): void {
    const task = this.#byIncarnation.get(incarnation);
    if (task === undefined) return;
    this.#forget(task);
    void this.#options.pool.leave(task.lane, lodgerName(task));
  }

  /**
   * The lane is gone with everything in it. One that lived there alone did it, or was ended on
   * purpose: it has FAILED. Of several nobody knows which: each goes on in a thread of its own
   * (quarantine), and only one that ends its thread again has FAILED.
   */
  onLaneGone(lane: Lane, trace: string, isGuiltKnown: boolean): void {
    for (const task of this.#in(lane)) {
      this.#forget(task);
      if (task.isStopping) {
        this.#report(task, 'UNASSIGNED', null);
      } else if (isGuiltKnown || task.isQuarantined) {
        this.#report(task, 'FAILED', trace, THREAD_ENDED);
      } else {
        this.#report(task, 'RESTARTING', null);
        void this.#quarantine(task);
      }
    }
  }

  async #quarantine(task: HostedTask): Promise<void> {
    const { spec, target } = task;
    const own = { ...spec, target, isolation: 'task' } as const;
    try {
      await this.#launch(own, true);
    } catch (error) {
      this.#report(task, 'FAILED', renderTrace(error), THREAD_ENDED);
    }
  }

  async #launch(spec: TaskSpec, isQuarantined: boolean): Promise<void> {
    const incarnation = this.#nextIncarnation;
    this.#nextIncarnation += 1;
    const { id, isolation, maxHeapMb, target } = spec;
    const name = `${taskName(id)}#${incarnation}`;
    const lane = this.#options.pool.enter({ isolation, connector: id.connector, name, maxHeapMb });
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const task: HostedTask = {
      incarnation,
      spec,
      lane,
      target,
      isStopping: false,
      isQuarantined,
      ended,
      end,
    };
    this.#byName.set(taskName(id), task);
    this.#byIncarnation.set(incarnation, task);
    try {
      await lane.channel.call('startTask', { incarnation, spec }, null);
    } catch (error) {
      // A lane that ended under the call has been reported by its end.
      if (!this.#byIncarnation.has(incarnation)) return;
      this.#forget(task);
      await this.#options.pool.leave(lane, name);
      throw error;
    }
  }

  /** Its time to stop by itself is over. */
  async #cancel(task: HostedTask, timeoutMs: number): Promise<void> {
    if (!this.#byIncarnation.has(task.incarnation)) return;
    const { incarnation, lane, spec } = task;
    const name = taskName(spec.id);
    this.#options.logger.error(
      `Graceful stop of task ${name} failed: it did not end within ${timeoutMs} ms ` +
        '(task.shutdown.graceful.timeout.ms); it is given up',
    );
    const isAlone = this.#options.pool.isAlone(lane, lodgerName(task));
    // Whatever it still does is nobody's business: a new start of the task may follow at once.
    this.#forget(task);
    void lane.channel.call('cancelTask', { incarnation }, null).catch(() => undefined);
    if (isAlone) {
      this.#options.pool.remove(lane);
      await lane.end(`Task ${name} did not stop in time`);
    } else if (!(await lane.answers(PING_MS_MAX))) {
      await lane.end(`The thread '${lane.label}' was ended: task ${name} blocked it`);
    }
  }

  #report(
    task: HostedTask,
    state: ReportedTaskState,
    trace: string | null,
    code: string | null = null,
  ): void {
    const { listener } = this.#options;
    if (trace === null) listener.onTaskStatus(task.spec.id, state);
    else if (code === null) listener.onTaskStatus(task.spec.id, state, trace);
    else listener.onTaskStatus(task.spec.id, state, trace, code);
  }

  #forget(task: HostedTask): void {
    this.#byIncarnation.delete(task.incarnation);
    const name = taskName(task.spec.id);
    if (this.#byName.get(name) === task) this.#byName.delete(name);
    task.end();
  }

  #in(lane: Lane): readonly HostedTask[] {
    return [...this.#byIncarnation.values()].filter((task) => task.lane === lane);
  }
}

/** `connector-task`, as Java prints a task's id. */
function taskName(id: TaskId): string {
  return `${id.connector}-${id.task}`;
}

function lodgerName(task: HostedTask): string {
  return `${taskName(task.spec.id)}#${task.incarnation}`;
}
