import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedProcess } from '@sluice/testing';
import { costOf } from '../measure/process-cost.ts';

/** What one run of one worker showed. */
export interface RunResult {
  /** Records per CPU-second of the whole process over the last part, warm-up cut off. */
  readonly recordsPerCpuSecond: number;
  /** Records per second of the clock over the same part. */
  readonly recordsPerSecond: number;
  readonly peakRssMb: number;
}

interface Sample {
  readonly count: number;
  readonly cpuSeconds: number;
  readonly atMs: number;
}

/** The first records warm both just-in-time compilers and are not counted. */
const WARM_UP_PART = 0.4;
const LOOK_EVERY_MS = 40;
const RUN_TIMEOUT_MS = 600_000;

/**
 * Follows a worker until all records are through.
 *
 * @param countNow how many records are where they belong
 * @throws Error when the worker ends before, or it takes too long
 */
export async function measuredRun(
  worker: OwnedProcess,
  records: number,
  countNow: () => Promise<number>,
): Promise<RunResult> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  let peakRssMb = 0;
  for (;;) {
    if (!worker.isRunning) throw new Error(`${worker.what} ended: ${worker.outputTail()}`);
    const { cpuSeconds, peakRssMb: peak } = costOf(worker.pid);
    const count = await countNow();
    const atMs = performance.now();
    peakRssMb = Math.max(peakRssMb, peak);
    samples.push({ count, cpuSeconds, atMs });
    if (count > records) throw new Error(`${worker.what}: ${count} records of ${records}: doubles`);
    if (count === records) break;
    if (atMs - startedMs > RUN_TIMEOUT_MS) {
      throw new Error(`${worker.what}: ${count} of ${records} after ${RUN_TIMEOUT_MS} ms`);
    }
    await sleep(LOOK_EVERY_MS);
  }
  const from = samples.find(({ count }) => count >= records * WARM_UP_PART);
  const to = samples.at(-1);
  if (from === undefined || to === undefined || from === to) {
    throw new Error(`${worker.what} was through before it was looked at twice: take more records`);
  }
  const done = to.count - from.count;
  return {
    recordsPerCpuSecond: done / (to.cpuSeconds - from.cpuSeconds),
    recordsPerSecond: done / ((to.atMs - from.atMs) / 1000),
    peakRssMb,
  };
}
