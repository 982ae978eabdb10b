import { readFileSync } from 'node:fs';

/** What a process has used so far, as the kernel counts it. */
export interface ProcessCost {
  /** User and system time of all threads, in seconds. */
  readonly cpuSeconds: number;
  /** The most memory it ever had resident, in megabytes (10^6 bytes). */
  readonly peakRssMb: number;
  readonly rssMb: number;
}

/** The kernel counts time in ticks of 10 ms on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Reads a live process's cost; Linux only. */
export function costOf(pid: number): ProcessCost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything; what follows it starts with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    peakRssMb: kilobytes(status, 'VmHWM') / 1000,
    rssMb: kilobytes(status, 'VmRSS') / 1000,
  };
}

function kilobytes(status: string, key: string): number {
  const match = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status);
  return Number(match?.[1] ?? 0) * 1.024;
}

/** Follows a process until it ends; its last reading is at most `everyMs` old then. */
export async function costUntilExit(
  pid: number,
  exited: Promise<unknown>,
  everyMs = 10,
): Promise<ProcessCost> {
  let last: ProcessCost = { cpuSeconds: 0, peakRssMb: 0, rssMb: 0 };
  const timer = setInterval(() => {
    try {
      const now = costOf(pid);
      // A process that has ended and was not yet reaped has time, but no memory any more.
      last = now.peakRssMb > 0 ? now : { ...last, cpuSeconds: now.cpuSeconds };
    } catch {
      // Already gone: the reading before stands.
    }
  }, everyMs);
  await exited.finally(() => clearInterval(timer));
  return last;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted[sorted.length - 1 - middle] ?? Number.NaN;
  return (upper + lower) / 2;
}
