import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds at a moment. */
export interface WorkerSample {
  /** Since the first sample. */
  readonly atMs: number;
  readonly residentBytes: number;
  /** Of the main thread. */
  readonly heapBytes: number;
  readonly threads: number;
  readonly descriptors: number;
}

/** Reads what Linux tells of a process; the heap it does not know. */
export function readSample(pid: number, atMs: number, heapBytes: number): WorkerSample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  return {
    atMs,
    residentBytes: field('VmRSS') * 1024,
    heapBytes,
    threads: field('Threads'),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** Each of the things sampled: its middle value early, and at the end, and its slope per hour. */
export interface Trend {
  readonly early: number;
  readonly late: number;
  readonly perHour: number;
}

export type SampledName = Exclude<keyof WorkerSample, 'atMs'>;

const HOUR_MS = 3_600_000;

/**
 * Leaves out the warm-up, then compares the first third of the rest with the last one. The slope is
 * that of the line of least squares.
 */
export function trendOf(
  samples: readonly WorkerSample[],
  name: SampledName,
  warmUpMs: number,
): Trend {
  const warm = samples.filter(({ atMs }) => atMs >= warmUpMs);
  const third = Math.floor(warm.length / 3);
  if (third === 0) throw new Error(`${warm.length} samples after the warm-up are too few`);
  const values = warm.map((sample) => sample[name]);
  const times = warm.map(({ atMs }) => atMs);
  return {
    early: median(values.slice(0, third)),
    late: median(values.slice(-third)),
    perHour: slope(times, values) * HOUR_MS,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  let [above, below] = [0, 0];
  for (const [i, x] of xs.entries()) {
    above += (x - meanX) * ((ys[i] ?? meanY) - meanY);
    below += (x - meanX) ** 2;
  }
  return above / below;
}
