import type { Logger, Props, SourceMap, SourceRecord, SourceTask } from '@sluice/api';
import { JdbcSourceConnector } from '../src/source/source-connector.ts';
import { quietLogger } from './quiet-logger.ts';

const POLL_TIMEOUT_MS = 60_000;
/** How long a poll that should find nothing is given. */
const QUIET_MS = 400;

/** Offsets as a worker keeps them, in the form that Java stores. */
export class StoredOffsets {
  readonly #offsets = new Map<string, SourceMap>();

  offset = (partition: SourceMap): Promise<SourceMap | null> =>
    Promise.resolve(this.#offsets.get(JSON.stringify(partition)) ?? null);
  offsets = (partitions: readonly SourceMap[]): Promise<readonly (SourceMap | null)[]> =>
    Promise.all(partitions.map((partition) => this.offset(partition)));

  set(partition: SourceMap, offset: SourceMap): void {
    this.#offsets.set(JSON.stringify(partition), offset);
  }
  commit(records: readonly SourceRecord[]): void {
    for (const { sourcePartition, sourceOffset } of records) {
      if (sourcePartition !== null && sourceOffset !== null)
        this.set(sourcePartition, sourceOffset);
    }
  }
}

/** A JDBC source with its tasks, driven by a test in place of a worker. */
export class SourceRun implements AsyncDisposable {
  readonly connector = new JdbcSourceConnector();
  reconfigurations = 0;
  raised: Error | null = null;
  readonly offsets: StoredOffsets;
  readonly #logger: Logger;
  #tasks: SourceTask[] = [];

  constructor(offsets = new StoredOffsets(), logger: Logger = quietLogger) {
    this.offsets = offsets;
    this.#logger = logger;
  }

  static async start(
    props: Props,
    offsets = new StoredOffsets(),
    tasksMax = 1,
    logger: Logger = quietLogger,
  ): Promise<SourceRun> {
    const run = new SourceRun(offsets, logger);
    run.connector.initialize({
      logger,
      offsetStorageReader: offsets,
      requestTaskReconfiguration: () => {
        run.reconfigurations += 1;
      },
      raiseError: (error) => {
        run.raised = error;
      },
    });
    try {
      await run.connector.start({ 'poll.interval.ms': '50', ...props });
      await run.startTasks(tasksMax);
    } catch (error) {
      await run[Symbol.asyncDispose]();
      throw error;
    }
    return run;
  }

  get tasks(): readonly SourceTask[] {
    return this.#tasks;
  }

  async startTasks(tasksMax: number): Promise<void> {
    await this.#stopTasks();
    for (const config of this.connector.taskConfigs(tasksMax)) {
      const task = this.connector.newTask();
      task.initialize({
        configs: config,
        logger: this.#logger,
        offsetStorageReader: this.offsets,
      });
      await task.start(config);
      this.#tasks.push(task);
    }
  }

  /** Polls the first task until there are at least so many records, and commits what came. */
  async poll(count: number, task = this.#tasks[0]): Promise<readonly SourceRecord[]> {
    if (task === undefined) throw new Error('The connector gave no task: it found no tables');
    const records: SourceRecord[] = [];
    const signal = AbortSignal.timeout(POLL_TIMEOUT_MS);
    while (records.length < count) {
      if (signal.aborted) throw new Error(`${records.length} of ${count} records came in time`);
      records.push(...((await task.poll(signal)) ?? []));
    }
    this.offsets.commit(records);
    return records;
  }

  /** What comes within a moment in which nothing should. */
  async pollNothing(task = this.#tasks[0]): Promise<readonly SourceRecord[]> {
    return (await task?.poll(AbortSignal.timeout(QUIET_MS))) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stopTasks();
    await this.connector.stop();
  }

  async #stopTasks(): Promise<void> {
    for (const task of this.#tasks) await task.stop();
    this.#tasks = [];
  }
}

/** One field of the values of records. */
export function column(records: readonly SourceRecord[], name: string): readonly unknown[] {
  return records.map(({ value }) => Reflect.get(Object(value), name));
}
