import assert from 'node:assert/strict';
import type {
  Props,
  SourceConnector,
  SourceConnectorPlugin,
  SourceRecord,
  SourceTask,
} from '@sluice/api';
import { connectorContext } from './connector-checks.ts';
import { OffsetStore } from './offset-store.ts';
import { SILENT_LOGGER } from './silent-logger.ts';
import { within } from './within.ts';

/** How a source is run. */
export interface SourceRunOptions {
  readonly plugin: SourceConnectorPlugin;
  readonly props: Props;
  /** Default 1. */
  readonly maxTasks?: number;
  /** What was committed before. Default: nothing. */
  readonly offsets?: OffsetStore;
  /** How long records may take to come. */
  readonly timeoutMs: number;
  /** How long the end of a poll or of the task may take. */
  readonly stopTimeoutMs: number;
}

/** How long one poll may wait for data before it is asked to end. */
const POLL_MS = 500;
const COMMIT_METADATA = { topic: 't', partition: 0, offset: 0, timestamp: null } as const;

/** A connector and its tasks, driven as a worker drives them. */
export class SourceRun implements AsyncDisposable {
  readonly tasks: readonly SourceTask[];
  readonly #options: SourceRunOptions;
  readonly #connector: SourceConnector;
  #isStopped = false;

  private constructor(
    options: SourceRunOptions,
    connector: SourceConnector,
    tasks: readonly SourceTask[],
  ) {
    this.#options = options;
    this.#connector = connector;
    this.tasks = tasks;
  }

  static async start(options: SourceRunOptions): Promise<SourceRun> {
    const offsets = options.offsets ?? new OffsetStore();
    const connector = options.plugin.create();
    connector.initialize(connectorContext(offsets));
    await connector.start(Object.freeze({ ...options.props }));
    const configs = await connector.taskConfigs(options.maxTasks ?? 1);
    const tasks: SourceTask[] = [];
    for (const config of configs) {
      const task = connector.newTask();
      const configs = Object.freeze({ ...config });
      task.initialize({ configs, offsetStorageReader: offsets, logger: SILENT_LOGGER });
      await task.start(configs);
      tasks.push(task);
    }
    return new SourceRun(options, connector, tasks);
  }

  /** The next records of all tasks: at least one, unless nothing comes within `timeoutMs`. */
  async next(timeoutMs = this.#options.timeoutMs): Promise<readonly SourceRecord[]> {
    const deadline = performance.now() + timeoutMs;
    const found: SourceRecord[] = [];
    while (found.length === 0 && performance.now() < deadline) {
      for (const task of this.tasks) {
        const waitMs = Math.min(POLL_MS, Math.max(1, deadline - performance.now()));
        found.push(...(await this.poll(task, waitMs)));
      }
    }
    return found;
  }

  /** One poll, asked to end after `waitMs`. @throws AssertionError when it then does not */
  async poll(task: SourceTask, waitMs: number): Promise<readonly SourceRecord[]> {
    const signal = AbortSignal.timeout(Math.ceil(waitMs));
    const { stopTimeoutMs } = this.#options;
    const polled = within(waitMs + stopTimeoutMs, 'poll() after its signal was aborted', () =>
      task.poll(signal),
    );
    return (await polled) ?? [];
  }

  /** Reads until at least `count` records came. @throws AssertionError when they do not */
  async read(count: number): Promise<readonly SourceRecord[]> {
    const records = await this.readUpTo(count);
    const { timeoutMs } = this.#options;
    assert.ok(
      records.length >= count,
      `${count} records were to come, ${records.length} came, then none for ${timeoutMs} ms`,
    );
    return records;
  }

  /** Reads until at least `count` records came, or none comes any more. */
  async readUpTo(count: number): Promise<readonly SourceRecord[]> {
    const records: SourceRecord[] = [];
    while (records.length < count) {
      const more = await this.next();
      if (more.length === 0) break;
      records.push(...more);
    }
    return records;
  }

  /** All that comes until nothing has come for `quietMs`. */
  async drain(quietMs: number): Promise<readonly SourceRecord[]> {
    const records: SourceRecord[] = [];
    for (;;) {
      const more = await this.next(quietMs);
      if (more.length === 0) return records;
      records.push(...more);
    }
  }

  /** Tells the task of a record that Kafka has it, and that offsets were committed. */
  async acknowledge(records: readonly SourceRecord[]): Promise<void> {
    for (const task of this.tasks) {
      for (const record of records) task.commitRecord?.(record, COMMIT_METADATA);
      await task.commit?.();
    }
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { stopTimeoutMs } = this.#options;
    for (const task of this.tasks)
      await within(stopTimeoutMs, "the task's stop()", () => task.stop());
    await within(stopTimeoutMs, "the connector's stop()", () => this.#connector.stop());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
