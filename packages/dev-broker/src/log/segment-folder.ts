import { readdir } from 'node:fs/promises';
import { LogSegment } from './log-segment.ts';
import type { PartitionLogSpec } from './partition-log-spec.ts';

/** The segment of a partition that begins at `baseOffset`. */
export function segmentAt(spec: PartitionLogSpec, baseOffset: number): LogSegment {
  return new LogSegment({
    directory: spec.directory,
    baseOffset,
    indexIntervalBytes: spec.settings().indexIntervalBytes,
    openFile: spec.openFile,
  });
}

/** Base offsets of the segments in a folder, in order. */
export async function segmentBases(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => /^\d{20}\.log$/.test(name))
    .map((name) => Number(name.slice(0, -'.log'.length)))
    .sort((a, b) => a - b);
}

/** Whether all records of the segment are older than `timeMs`. */
export function isOlder(segment: LogSegment, timeMs: number): boolean {
  return segment.sizeInBytes > 0 && segment.maxTimestamp < timeMs;
}
