/** A source task under test, and what to do with it. */
import {
  newSourceRecord,
  type RecordMetadata,
  type SourceRecord,
  type SourceTask,
} from '@sluice/api';
import type { WorkerSourceTask } from '../../src/data-plane/worker-source-task.ts';
import type { SourceTaskSpec } from '../../src/task-host/contract.ts';
import { type TaskFixture, until } from './task-fixture.ts';

/** A task that gives the queued polls one by one, then waits until it is to stop. */
export class QueueTask implements SourceTask {
  readonly calls: string[] = [];
  readonly committed: (string | null)[] = [];
  readonly polls: (readonly SourceRecord[] | null | Error)[];
  isIdle = false;
  startError: Error | null = null;
  readonly metadata: (RecordMetadata | null)[] = [];

  constructor(...polls: readonly (readonly SourceRecord[] | null | Error)[]) {
    this.polls = [...polls];
  }

  initialize(): void {
    this.calls.push('initialize');
  }

  start(): void {
    this.calls.push('start');
    if (this.startError !== null) throw this.startError;
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    const next = this.polls.shift();
    if (next instanceof Error) throw next;
    if (next !== undefined) return next;
    this.isIdle = true;
    if (!signal.aborted) {
      await new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => resolve(), { once: true }),
      );
    }
    return null;
  }

  commit(): void {
    this.calls.push('commit');
  }

  commitRecord(record: SourceRecord, metadata: RecordMetadata | null): void {
    this.committed.push(String(record.value));
    this.metadata.push(metadata);
  }

  stop(): void {
    this.calls.push('stop');
  }
}

export function lines(...values: readonly string[]): SourceRecord[] {
  return values.map((value, position) => aRecord(value, position));
}

export function aRecord(value: string, position: number, file = 'a.txt'): SourceRecord {
  return newSourceRecord({
    topic: 'lines',
    value,
    sourcePartition: { file },
    sourceOffset: { position },
  });
}

/** A source task that runs. */
export interface RunningSource {
  readonly worker: WorkerSourceTask;
  /** What it failed with; `null` when it ended as it was told to. */
  readonly outcome: Promise<unknown>;
  /** Stops and closes it; answers the outcome. */
  readonly stop: () => Promise<unknown>;
}

export async function runUntilIdle(
  fixture: TaskFixture,
  task: QueueTask,
  spec: Partial<SourceTaskSpec> = {},
): Promise<RunningSource> {
  const worker = fixture.source(task, spec);
  await worker.start();
  const running = worker.run();
  const outcome = running.then(
    () => null,
    (error: unknown) => error,
  );
  await Promise.race([until('the task is idle', () => task.isIdle), outcome]);
  return {
    worker,
    outcome,
    stop: async () => {
      fixture.control.stop();
      const error = await outcome;
      await worker.close();
      return error;
    },
  };
}
