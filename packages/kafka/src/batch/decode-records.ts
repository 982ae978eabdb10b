import type { BatchHeader } from './batch-header.ts';
import type { Compressions } from './compression/compressions.ts';
import { RecordParser } from './record-parser.ts';
import { RecordTable } from './record-table.ts';
import { unpackBatch } from './unpacked-batch.ts';

/**
 * All records of one batch, control records included, as columns. Checks the checksum. For callers
 * that look at one batch at a time (a broker, a tool); the consumer walks many.
 */
export function decodeRecords(
  topic: string,
  partition: number,
  bytes: Buffer,
  header: BatchHeader,
  compressions: Compressions,
): RecordTable {
  const batch = unpackBatch(bytes, header, compressions);
  // A hostile count must not allocate: a record has at least seven bytes.
  const capacity = Math.min(header.recordCount, Math.ceil((batch.end - batch.start) / 7));
  const table = new RecordTable(topic, partition, capacity);
  const parser = new RecordParser(batch);
  table.add(batch, parser, header.baseOffset);
  // Reading on finds bytes or records that are left over.
  parser.next();
  return table;
}
