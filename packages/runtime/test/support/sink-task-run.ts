/** A sink task under test, and what to do with it. */
import type {
  SinkRecord,
  SinkTask,
  SinkTaskContext,
  TopicPartition,
  TopicPartitionOffset,
} from '@sluice/api';
import type { SinkTaskSpec } from '../../src/task-host/contract.ts';
import type { WorkerSinkTask } from '../../src/data-plane/worker-sink-task.ts';
import type { FakeConsumer } from './fake-consumer.ts';
import type { TaskFixture } from './task-fixture.ts';

export const P0 = { topic: 'orders', partition: 0 };
export const P1 = { topic: 'orders', partition: 1 };

/** Notes every call; a test overrides what it is about. */
export class NotingTask implements SinkTask {
  readonly calls: string[] = [];
  readonly values: unknown[] = [];
  readonly records: SinkRecord[] = [];
  context: SinkTaskContext | null = null;
  onPut: (records: readonly SinkRecord[]) => void = () => undefined;
  emptyPuts = 0;

  initialize(context: SinkTaskContext): void {
    this.context = context;
    this.calls.push('initialize');
  }

  start(): void {
    this.calls.push('start');
  }

  open(partitions: readonly TopicPartition[]): void {
    this.calls.push(`open ${names(partitions)}`);
  }

  put(records: readonly SinkRecord[]): void {
    if (records.length === 0) this.emptyPuts += 1;
    else this.calls.push(`put ${records.map((each) => each.value).join(' ')}`);
    this.onPut(records);
    this.values.push(...records.map((each) => each.value));
    this.records.push(...records);
  }

  flush(offsets: readonly TopicPartitionOffset[]): void {
    this.calls.push(`flush ${positions(offsets)}`);
  }

  close(partitions: readonly TopicPartition[]): void {
    this.calls.push(`close ${names(partitions)}`);
  }

  stop(): void {
    this.calls.push('stop');
  }
}

function names(partitions: readonly TopicPartition[]): string {
  return partitions.map((each) => `${each.topic}-${each.partition}`).join(' ');
}

export function positions(offsets: readonly TopicPartitionOffset[]): string {
  return offsets.map((each) => `${each.topic}-${each.partition}@${each.offset}`).join(' ');
}

export function values(...texts: readonly string[]): { readonly value: string }[] {
  return texts.map((value) => ({ value }));
}

/** A sink task that runs. */
export interface RunningSink {
  readonly worker: WorkerSinkTask;
  readonly consumer: FakeConsumer;
  /** What it failed with; `null` when it ended as it was told to. */
  readonly outcome: Promise<unknown>;
  /** Stops and closes it; answers the outcome. */
  readonly stop: () => Promise<unknown>;
}

export async function start(
  fixture: TaskFixture,
  task: SinkTask,
  spec: Partial<SinkTaskSpec> = {},
): Promise<RunningSink> {
  const worker = fixture.sink(task, spec);
  const consumer = fixture.kafka.consumers[0];
  if (consumer === undefined) throw new Error('no consumer was made');
  await worker.start();
  const outcome = worker.run().then(
    () => null,
    (error: unknown) => error,
  );
  return {
    worker,
    consumer,
    outcome,
    stop: async () => {
      fixture.control.stop();
      const error = await outcome;
      await worker.close();
      return error;
    },
  };
}

/** Calls of the task and commits of the consumer, in the one order in which they happened. */
export function interleave(task: NotingTask, consumer: FakeConsumer): void {
  consumer.calls.push = (...calls: string[]) => task.calls.push(...calls);
}
