import {
  DataError,
  SchemaBuilder,
  structTypeOf,
  type Logger,
  type Schema,
  type StructValues,
} from '@sluice/api';
import type { Cell, Row } from '../database/cell.ts';
import type { ResultColumn } from '../database/table.ts';
import { columnReader, type ColumnOptions } from './column-reader.ts';

/** Makes structs of the rows of one result. */
export class RowReader {
  readonly schema: Schema;
  readonly columns: readonly ResultColumn[];
  readonly #fields: readonly { readonly index: number; readonly read: (cell: Cell) => unknown }[];
  readonly #create: (members: readonly unknown[]) => StructValues;

  /**
   * @param name of the schema: the table; `null` for a query
   * @throws DataError when two columns of a query have the same name
   */
  constructor(
    name: string | null,
    columns: readonly ResultColumn[],
    options: ColumnOptions,
    logger: Logger,
  ) {
    const builder = SchemaBuilder.struct();
    if (name !== null) builder.name(name);
    const fields: { index: number; read: (cell: Cell) => unknown }[] = [];
    for (const [index, column] of columns.entries()) {
      const reader = columnReader(column, options);
      if (reader === null) {
        logger.warn(
          `The column "${column.name}" of type ${column.typeName || column.jdbcType} is left out: ` +
            'there is no Connect type for it. A query can cast it to text.',
        );
        continue;
      }
      addField(builder, reader.name, reader.schema);
      fields.push({ index, read: reader.read });
    }
    this.columns = columns;
    this.schema = builder.build();
    this.#fields = fields;
    const type = structTypeOf(this.schema);
    this.#create = (members) => type.fromTrusted(members);
  }

  /** @throws DataError that names the column whose cell can't be read */
  read(row: Row): StructValues {
    return this.#create(this.#fields.map(({ index, read }) => read(row[index] ?? null)));
  }

  /** Where a column stands in a row, by its name in any case when no name is equal; -1 for none. */
  indexOf(name: string): number {
    return indexOfColumn(this.columns, name);
  }
}

/** As {@link RowReader.indexOf}. */
export function indexOfColumn(columns: readonly ResultColumn[], name: string): number {
  const exact = columns.findIndex((column) => column.name === name);
  if (exact >= 0) return exact;
  const lower = name.toLowerCase();
  return columns.findIndex((column) => column.name.toLowerCase() === lower);
}

function addField(builder: SchemaBuilder, name: string, schema: Schema): void {
  try {
    builder.field(name, schema);
  } catch (cause) {
    throw new DataError(
      `The query gives two columns of the name "${name}". Give one of them another name with AS.`,
      { cause },
    );
  }
}
