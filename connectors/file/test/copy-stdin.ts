/**
 * Copies lines from standard input to standard output through both connectors, in a worker thread as
 * the worker runs them, until a line says `end`; then all has to let go, so that the process ends.
 */
import { newSinkRecord } from '@sluice/api';
import { isMainThread, Worker } from 'node:worker_threads';
import { LineSinkTask } from '../src/writing/line-sink-task.ts';
import { FileStreamSourceTask } from '../src/stream/source-task.ts';
import { aSinkTaskContext, aSourceTaskContext } from './contexts.ts';

async function copyUntilEnd(): Promise<void> {
  const source = new FileStreamSourceTask();
  source.initialize(aSourceTaskContext());
  await source.start({ topic: 'lines' });
  const sink = new LineSinkTask(({ value }) => String(value));
  sink.initialize(aSinkTaskContext());
  await sink.start({});
  const never = new AbortController().signal;
  for (let isOver = false; !isOver; ) {
    const records = (await source.poll(never)) ?? [];
    isOver = records.some((record) => record.value === 'end');
    await sink.put(
      records.map((record, i) =>
        newSinkRecord({
          topic: 'lines',
          kafkaPartition: 0,
          kafkaOffset: i,
          value: `${JSON.stringify(record.sourceOffset)} ${String(record.value)}`,
        }),
      ),
    );
  }
  await source.stop();
  await sink.stop();
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('error', (error) => {
    throw error;
  });
} else {
  await copyUntilEnd();
}
