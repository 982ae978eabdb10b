import type { Cell } from '../database/cell.ts';
import type { CursorOffset } from './cursor-offset.ts';

/** The columns by which new rows are found; none in bulk mode. */
export interface CursorColumns {
  readonly incrementing: string | null;
  /** The first one that is not null counts. Empty: no timestamps. */
  readonly timestamps: readonly string[];
}

/** What the SQL of a criterion needs of a dialect. */
export interface CriteriaSyntax {
  /** A column's name, quoted. */
  column(name: string): string;
  /** The n-th parameter, from 1: `$1` or `?`. */
  placeholder(position: number): string;
  /** Nanoseconds since 1970 as the timestamp columns hold them. */
  timestampCell(nanos: bigint): Cell;
}

/** The end of a SELECT, and what stands for its placeholders. */
export interface Criteria {
  readonly sql: string;
  readonly binds: readonly Cell[];
}

/** Without an offset negative ids are not read, and -1 neither: so it is in Java. */
const BEFORE_FIRST_ID = -1n;
/** Without an offset times up to 1970 are not read: so it is in Java. */
const BEFORE_FIRST_TIME = 0n;

/**
 * WHERE and ORDER BY that give the rows after `from`, and with timestamps those before `until`.
 * With both kinds of columns, rows of the same time with a higher id count as later.
 */
export function criteriaOf(
  columns: CursorColumns,
  from: CursorOffset,
  until: bigint,
  syntax: CriteriaSyntax,
): Criteria {
  const id = columns.incrementing === null ? null : syntax.column(columns.incrementing);
  const time = timeExpression(columns.timestamps, syntax);
  const mark = (position: number): string => syntax.placeholder(position);
  const lastId = from.incrementing === null ? BEFORE_FIRST_ID : BigInt(from.incrementing);
  if (time === null) {
    if (id === null) return { sql: '', binds: [] };
    return { sql: ` WHERE ${id} > ${mark(1)} ORDER BY ${id} ASC`, binds: [lastId] };
  }
  const begin = syntax.timestampCell(from.timestamp ?? BEFORE_FIRST_TIME);
  const end = syntax.timestampCell(until);
  if (id === null) {
    return {
      sql: ` WHERE ${time} > ${mark(1)} AND ${time} < ${mark(2)} ORDER BY ${time} ASC`,
      binds: [begin, end],
    };
  }
  return {
    sql:
      ` WHERE ${time} < ${mark(1)} AND ((${time} = ${mark(2)} AND ${id} > ${mark(3)}) ` +
      `OR ${time} > ${mark(4)}) ORDER BY ${time},${id} ASC`,
    binds: [end, begin, lastId, begin],
  };
}

function timeExpression(names: readonly string[], syntax: CriteriaSyntax): string | null {
  const [first, ...others] = names.map((name) => syntax.column(name));
  if (first === undefined) return null;
  return others.length === 0 ? first : `COALESCE(${[first, ...others].join(',')})`;
}
