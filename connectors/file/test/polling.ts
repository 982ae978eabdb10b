import type { SourceRecord, SourceTask } from '@sluice/api';

const POLLS_MAX = 100;

/** Polls until at least `count` records came; fails loudly when they don't. */
export async function pollRecords(task: SourceTask, count: number): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  for (let poll = 0; records.length < count; poll++) {
    if (poll === POLLS_MAX) {
      throw new Error(`${POLLS_MAX} polls gave ${records.length} records, ${count} were expected`);
    }
    records.push(...((await task.poll(AbortSignal.timeout(5_000))) ?? []));
  }
  return records;
}
