import type { JdbcType } from './jdbc-type.ts';

/** Where a table is. What a database does not know (MySQL has no schemas) is `null`. */
export interface TableId {
  readonly catalog: string | null;
  readonly schema: string | null;
  readonly name: string;
}

/** What both a table's column and a query's column are described by. */
export interface ResultColumn {
  readonly name: string;
  readonly jdbcType: JdbcType;
  /** The database's own name of the type: `int4`, `BIGINT UNSIGNED`. */
  readonly typeName: string;
  /** Digits, characters or bits, whichever the type counts; 0 when it has no bound. */
  readonly precision: number;
  readonly scale: number;
  readonly isSigned: boolean;
  /** `null`: the database does not say (columns that are expressions). */
  readonly isNullable: boolean | null;
  readonly isAutoIncrement: boolean;
}

/** A column of a table. */
export interface TableColumn extends ResultColumn {
  /** What a value of the column's type is cast to in SQL, ready to be used; `''` where no cast is. */
  readonly castType: string;
  /** Whether an INSERT may leave it out. */
  readonly hasDefault: boolean;
  /** Computed by the database: it can't be written. */
  readonly isGenerated: boolean;
  /** Place in the primary key, from 1; 0 when it is no part of it. */
  readonly keyPosition: number;
}

/** A table with its columns in their order. */
export interface TableDescription {
  readonly id: TableId;
  /** `TABLE`, `VIEW`, `PARTITIONED TABLE`, as the JDBC driver of the database says. */
  readonly type: string;
  readonly columns: readonly TableColumn[];
}

/** The columns of the primary key, in its order. */
export function keyColumnsOf(table: TableDescription): readonly TableColumn[] {
  return table.columns
    .filter((column) => column.keyPosition > 0)
    .sort((a, b) => a.keyPosition - b.keyPosition);
}
