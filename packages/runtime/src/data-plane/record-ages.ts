import type { ConnectRecord } from '@sluice/api';

/** How old the records of one batch were; those without a timestamp don't count. Milliseconds. */
export interface RecordAges {
  readonly sumMs: number;
  readonly maxMs: number;
  readonly count: number;
}

/** The ages of records that a sink has just taken. */
export function agesOf(records: readonly ConnectRecord[], nowMs: number): RecordAges {
  let sumMs = 0;
  let maxMs = 0;
  let count = 0;
  for (const { timestamp } of records) {
    if (timestamp === null) continue;
    // A record from a clock ahead of ours is not older than nothing.
    const ageMs = nowMs > timestamp ? nowMs - timestamp : 0;
    sumMs += ageMs;
    count += 1;
    if (ageMs > maxMs) maxMs = ageMs;
  }
  return { sumMs, maxMs, count };
}
