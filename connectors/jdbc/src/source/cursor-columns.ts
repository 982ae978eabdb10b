import { ConnectError } from '@sluice/api';
import type { ResultColumn, TableDescription } from '../database/table.ts';
import type { CursorColumns } from './criteria.ts';
import { indexOfColumn } from './row-reader.ts';
import { patternOf } from './table-selection.ts';

/** `mode`. */
export type SourceMode = 'bulk' | 'incrementing' | 'timestamp' | 'timestamp+incrementing';

/** What the config says of the columns by which new rows are found. */
export interface CursorConfig {
  readonly mode: SourceMode;
  /** Empty: the column that the database fills by itself. */
  readonly incrementing: string;
  readonly timestamps: readonly string[];
  /** `regex:column` */
  readonly incrementingMapping: readonly string[];
  /** `regex:[column|column]` */
  readonly timestampsMapping: readonly string[];
  /** `validate.non.null` */
  readonly isNullRefused: boolean;
}

/**
 * The cursor columns of a table, with the names as the table has them.
 *
 * @param plainName the table's qualified name, to which the mappings' patterns apply
 * @throws ConnectError for a column that is missing, or may be null where that is refused
 */
export function cursorColumnsOf(
  config: CursorConfig,
  table: TableDescription,
  plainName: string,
): CursorColumns {
  const { mode } = config;
  const wanted = wantedColumns(config, plainName);
  const incrementing = mode.includes('incrementing')
    ? incrementingColumn(wanted.incrementing, table, plainName)
    : null;
  const timestamps = mode.includes('timestamp')
    ? wanted.timestamps.map((name) => existing(table.columns, name, plainName))
    : [];
  if (mode.includes('timestamp') && timestamps.length === 0) throw noTimestamp(plainName);
  if (config.isNullRefused) rejectNulls(incrementing, timestamps, plainName);
  return {
    incrementing: incrementing?.name ?? null,
    timestamps: timestamps.map(({ name }) => name),
  };
}

/** The cursor columns of a query: there is no table that they could be looked up in. */
export function cursorColumnsOfQuery(config: CursorConfig): CursorColumns {
  const { mode, incrementing, timestamps } = config;
  if (mode.includes('incrementing') && incrementing === '') {
    throw new ConnectError(
      'A query needs incrementing.column.name in this mode: which column the database fills by ' +
        'itself is known of tables only.',
    );
  }
  if (mode.includes('timestamp') && timestamps.length === 0) throw noTimestamp('the query');
  return {
    incrementing: mode.includes('incrementing') ? incrementing : null,
    timestamps: mode.includes('timestamp') ? timestamps : [],
  };
}

function wantedColumns(
  config: CursorConfig,
  plainName: string,
): { readonly incrementing: string; readonly timestamps: readonly string[] } {
  const incrementing = mapped('incrementing.column.mapping', config.incrementingMapping, plainName);
  const timestamps = mapped('timestamp.columns.mapping', config.timestampsMapping, plainName);
  return {
    incrementing: incrementing ?? config.incrementing,
    timestamps:
      timestamps === null
        ? config.timestamps
        : timestamps
            .replace(/^\[|\]$/g, '')
            .split('|')
            .map((name) => name.trim()),
  };
}

function mapped(key: string, mapping: readonly string[], plainName: string): string | null {
  for (const entry of mapping) {
    const colon = entry.lastIndexOf(':');
    if (colon < 1) {
      throw new ConnectError(
        `${key} holds "${entry}", which is not regex:column. Write for instance .*orders:id.`,
      );
    }
    const regex = patternOf(key, entry.slice(0, colon));
    if (regex.matches(plainName)) return entry.slice(colon + 1).trim();
  }
  return null;
}

function incrementingColumn(
  name: string,
  { columns }: TableDescription,
  plainName: string,
): ResultColumn {
  if (name !== '') return existing(columns, name, plainName);
  const automatic = columns.filter((column) => column.isAutoIncrement);
  const [only] = automatic;
  if (only !== undefined && automatic.length === 1) return only;
  throw new ConnectError(
    `The table ${plainName} has ${automatic.length === 0 ? 'no column' : 'more than one column'} ` +
      'that the database fills by itself: name the incrementing one in incrementing.column.name.',
  );
}

function existing(columns: readonly ResultColumn[], name: string, plainName: string): ResultColumn {
  const column = columns[indexOfColumn(columns, name)];
  if (column !== undefined) return column;
  throw new ConnectError(
    `The table ${plainName} has no column "${name}": it has ` +
      `${columns.map((each) => each.name).join(', ')}.`,
  );
}

function rejectNulls(
  incrementing: ResultColumn | null,
  timestamps: readonly ResultColumn[],
  plainName: string,
): void {
  const advice =
    'Rows where it is null would never be read: declare it NOT NULL, or set ' +
    'validate.non.null=false if that is all right.';
  if (incrementing !== null && incrementing.isNullable !== false) {
    throw new ConnectError(
      'Cannot make incremental queries using incrementing column ' +
        `${incrementing.name} on ${plainName} because this column is nullable. ${advice}`,
    );
  }
  if (timestamps.length > 0 && timestamps.every((column) => column.isNullable !== false)) {
    throw new ConnectError(
      'Cannot make incremental queries using timestamp columns ' +
        `[${timestamps.map(({ name }) => name).join(', ')}] on ${plainName} because all of these ` +
        `columns nullable. ${advice}`,
    );
  }
}

function noTimestamp(where: string): ConnectError {
  return new ConnectError(
    `The mode asks for a timestamp column of ${where}: name it in timestamp.column.name.`,
  );
}
