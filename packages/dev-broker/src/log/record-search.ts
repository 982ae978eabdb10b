import { Compressions, decodeRecords, readBatchHeader } from '@sluice/kafka/batch';
import type { PartitionLog } from './partition-log.ts';

/** A record's place and time. */
export interface FoundRecord {
  readonly offset: number;
  readonly timestamp: number;
}

/** The first record that can be read and whose timestamp is `timestamp` or newer. */
export async function findRecordSince(
  log: PartitionLog,
  timestamp: number,
): Promise<FoundRecord | null> {
  const compressions = new Compressions();
  let minOffset = log.logStartOffset;
  for (;;) {
    const batch = await log.firstBatchSince(timestamp, minOffset);
    const header = batch === null ? null : readBatchHeader(batch);
    if (batch === null || header === null) return null;
    await compressions.load(header.compression);
    const records = decodeRecords('', 0, batch, header, compressions);
    for (let i = 0; i < records.count; i++) {
      const found = { offset: records.offset(i), timestamp: records.timestamp(i) };
      if (found.timestamp >= timestamp && found.offset >= minOffset) return found;
    }
    // All that is new enough in this batch was deleted, or the header promised too much.
    minOffset = header.lastOffset + 1;
  }
}
