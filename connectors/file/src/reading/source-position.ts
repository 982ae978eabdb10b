import { ConnectError, type SourceMap } from '@sluice/api';
import type { LineStart } from './line-reader.ts';

/** Keys of source partitions and offsets: Java's own, so that it continues where we stop. */
export const FILENAME_FIELD = 'filename';
export const POSITION_FIELD = 'position';
/** Ours: how many lines lie before the position, for messages that name a line. */
export const LINE_FIELD = 'line';

/**
 * Where an offset says to begin; at the start without one.
 *
 * @throws ConnectError when the offset is not of this connector's form
 */
export function startOf(offset: SourceMap | null, file: string): LineStart {
  const position = offset?.[POSITION_FIELD] ?? null;
  if (position === null) return { position: 0, lineNumber: 0 };
  if (!isCount(position)) {
    throw new ConnectError(
      `Offset position is the incorrect type: the offset of the file ${file} should hold a ` +
        `non-negative whole number as '${POSITION_FIELD}', but holds ${typeof position}. ` +
        'Alter or reset the offsets of this connector.',
    );
  }
  const line = offset?.[LINE_FIELD] ?? 0;
  return { position, lineNumber: isCount(line) ? line : 0 };
}

/** One offset as `alterOffsets` of a source connector gets it. */
export interface OffsetChange {
  readonly partition: SourceMap | null;
  readonly offset: SourceMap | null;
}

/**
 * Checks what a user wants to set as offsets: the file must be configured, a partition must name a
 * file, a position must be a whole number of bytes. Whether the file is that long is seen at start.
 *
 * @throws ConnectError with Java's words, which clients of its REST API know
 */
export function checkOffsetChanges(file: string | null, changes: readonly OffsetChange[]): void {
  if (isStdin(file)) {
    throw new ConnectError(
      "Offsets cannot be modified if the 'file' configuration is unspecified. " +
        'This is because stdin is used for input and offsets are not tracked.',
    );
  }
  for (const { partition, offset } of changes) {
    // A null offset deletes what is stored, of whatever partition: old ones must be removable.
    if (offset === null) continue;
    checkOffset(offset);
    if (partition === null) throw new ConnectError('Partition objects cannot be null');
    if (!Object.hasOwn(partition, FILENAME_FIELD)) {
      throw new ConnectError(`Partition objects should contain the key '${FILENAME_FIELD}'`);
    }
  }
}

/** Whether standard input is meant: no file, or an empty name. */
export function isStdin(file: string | null): file is null | '' {
  return file === null || file === '';
}

function checkOffset(offset: SourceMap): void {
  if (!Object.hasOwn(offset, POSITION_FIELD)) {
    throw new ConnectError(
      `Offset objects should either be null or contain the key '${POSITION_FIELD}'`,
    );
  }
  const position = offset[POSITION_FIELD];
  if (typeof position !== 'bigint' && !Number.isInteger(position)) {
    throw new ConnectError(
      `The value for the '${POSITION_FIELD}' key in the offset is expected to be a Long value`,
    );
  }
  if (Number(position) < 0) {
    throw new ConnectError(
      `The value for the '${POSITION_FIELD}' key in the offset should be a non-negative value`,
    );
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
