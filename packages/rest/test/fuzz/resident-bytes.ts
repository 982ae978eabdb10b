import { readFileSync } from 'node:fs';

/** What a process holds of the machine's memory, in bytes; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}
