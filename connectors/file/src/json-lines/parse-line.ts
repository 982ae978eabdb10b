import { DataError, getOwn, isPlainObject, parseJson } from '@sluice/api';

/** Where a line stands, for messages. */
export interface LinePlace {
  readonly file: string;
  /** From 1. */
  readonly lineNumber: number;
  /** The byte at which the line begins. */
  readonly position: number;
}

/** The value of one line of JSON, numbers without loss; `undefined` for a blank line. */
export function parseLine(line: string, place: LinePlace): unknown {
  try {
    return parseJson(line);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    // The usual line is not blank, so blank ones are only looked for when parsing failed.
    if (line.trim() === '') return undefined;
    throw malformedLine(error, place);
  }
}

/** The key that a line's value holds. @throws DataError when there is none */
export function keyOf(value: unknown, field: string, place: LinePlace): unknown {
  const key = isPlainObject(value) ? getOwn(value, field) : undefined;
  if (key !== undefined) return key;
  throw new DataError(
    `Could not take the key of line ${place.lineNumber} of ${place.file} (byte ${place.position}): ` +
      `it has no field '${field}', which 'key.field' names. Correct the line, or 'key.field'.`,
  );
}

function malformedLine(cause: DataError, place: LinePlace): DataError {
  const column = columnOf(cause);
  return new DataError(
    `Could not read line ${place.lineNumber}${column} of ${place.file} (the line begins at byte ` +
      `${place.position}): ${cause.message}. Correct the line and restart the task, or set the ` +
      "connector's offset behind it.",
    { cause },
  );
}

/** The parser counts characters from 0; people count columns from 1. */
function columnOf({ context }: DataError): string {
  const offset = context['offset'];
  return typeof offset === 'number' ? `, column ${offset + 1},` : '';
}
