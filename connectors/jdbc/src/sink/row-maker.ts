import type { SinkRecord } from '@sluice/api';
import { TableError } from '../connection/sql-error.ts';
import type { Row } from '../database/cell.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import { keyColumnsOf, type TableColumn, type TableDescription } from '../database/table.ts';
import type { RowWriter } from '../dialect/dialect.ts';
import { binderFor } from '../values/bind-value.ts';
import type { Binder } from '../values/binding.ts';
import { planRecord, type PlannedField, type RecordPlan } from './record-plan.ts';
import type { TableWriter } from './row-batch.ts';
import type { SinkSettings } from './sink-settings.ts';
import { columnFor, type TableKeeper } from './table-keeper.ts';

/** Turns records of one shape into rows of one table. */
export interface RowMaker {
  readonly writer: TableWriter;
  /** @throws DataError when a value has no form that the column takes */
  rowOf(record: SinkRecord): Row;
}

/** Shapes that are kept; a topic has a few, a broken one may have as many as records. */
const MAKERS_MAX = 1000;

/** Finds the row maker of each record; plans, tables and SQL are worked out once per shape. */
export class RowMakers {
  readonly #settings: SinkSettings;
  readonly #tables: TableKeeper;
  /** By table, then by the identity of the schemas: converters give the same ones again. */
  readonly #makers = new Map<string, Map<unknown, Map<unknown, RowMaker>>>();
  #count = 0;

  constructor(settings: SinkSettings, tables: TableKeeper) {
    this.#settings = settings;
    this.#tables = tables;
  }

  /** Forgets tables and what was worked out from them. */
  forget(): void {
    this.#makers.clear();
    this.#count = 0;
    this.#tables.forget();
  }

  /** `null` when the record is a delete and its table is not there: nothing is to be done. */
  async makerFor(connection: DatabaseConnection, record: SinkRecord): Promise<RowMaker | null> {
    const table = this.#settings.tableFor(record);
    const known = this.known(record, table);
    if (known !== null) return known;
    const plan = planRecord(record, this.#settings);
    const description = await this.#tables.ensure(connection, table, plan);
    if (description === null) return null;
    const maker = rowMaker(table, description, plan, this.#settings);
    if (this.#count >= MAKERS_MAX) this.#makers.clear();
    this.#count = this.#count >= MAKERS_MAX ? 1 : this.#count + 1;
    const byKey = this.#makers.get(table) ?? new Map<unknown, Map<unknown, RowMaker>>();
    const byValue = byKey.get(this.#keyShape(record)) ?? new Map<unknown, RowMaker>();
    byValue.set(valueShape(record), maker);
    byKey.set(this.#keyShape(record), byValue);
    this.#makers.set(table, byKey);
    return maker;
  }

  /** The maker of a shape that was seen before. */
  known(record: SinkRecord, table: string = this.#settings.tableFor(record)): RowMaker | null {
    const byKey = this.#makers.get(table)?.get(this.#keyShape(record));
    return byKey?.get(valueShape(record)) ?? null;
  }

  #keyShape(record: SinkRecord): unknown {
    if (this.#settings.keyMode === 'record_header') {
      return record.headers.map(({ key, schema }) => `${key} ${schema?.toString()}`).join();
    }
    return this.#settings.keyMode === 'record_key' && record.key !== null ? record.keySchema : null;
  }
}

const DELETE_SHAPE = Symbol('a null value');

function valueShape({ value, valueSchema }: SinkRecord): unknown {
  return value === null ? DELETE_SHAPE : (valueSchema ?? typeof value);
}

function rowMaker(
  table: string,
  description: TableDescription,
  plan: RecordPlan,
  settings: SinkSettings,
): RowMaker {
  const { isDelete } = plan;
  const { database, identifiers, insertMode, bind } = settings;
  const columnOf = ({ name }: PlannedField): TableColumn =>
    requireColumn(description, name, settings);
  const keys = plan.keys.map(columnOf);
  const columns = plan.columns.map(columnOf);
  requireDistinct(table, [...keys, ...columns]);
  const kind = isDelete ? 'delete' : insertMode;
  if (kind === 'upsert' || kind === 'update') requireKey(table, description, keys, settings);
  const target = { kind, table: description.id, keys, columns } as const;
  const fields = [...plan.keys, ...plan.columns];
  const all = [...keys, ...columns];
  const binders: readonly Binder[] = fields.map((field, i) =>
    binderFor(field.name, field.schema, all[i] ?? columnOf(field), bind),
  );
  return {
    writer: {
      title: `${kind} ${kind === 'delete' ? 'from' : 'into'} ${identifiers.qualified(description.id)}`,
      writer:
        kind === 'update' && columns.length === 0
          ? NOTHING_TO_WRITE
          : database.dialect.rowWriter(target, identifiers),
      tableKey: identifiers.qualified(description.id),
      hasUniqueRows: !isDelete && insertMode !== 'insert' && settings.keyMode !== 'kafka',
      isDelete,
      keyCount: keys.length,
    },
    rowOf: (record) => fields.map((field, i) => binders[i]?.(field.valueOf(record)) ?? null),
  };
}

/** An update that has nothing to set: there is no such SQL, and nothing to do. */
const NOTHING_TO_WRITE: RowWriter = {
  rowsMax: Number.MAX_SAFE_INTEGER,
  sqlFor: () => '',
  write: () => Promise.resolve(),
};

function requireColumn(
  table: TableDescription,
  field: string,
  settings: SinkSettings,
): TableColumn {
  const column = columnFor(table, field, settings);
  if (column !== null) return column;
  throw new TableError(`The table "${table.id.name}" has no column for the field "${field}".`);
}

function requireDistinct(table: string, columns: readonly TableColumn[]): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new TableError(
    `Two fields of a record go into the column "${twice}" of the table "${table}": their names differ ` +
      'in case only, or beyond the length that the database takes. Rename one (ReplaceField).',
  );
}

/** Without a key of its own an upsert would insert, or fail with words that say little. */
function requireKey(
  table: string,
  description: TableDescription,
  keys: readonly TableColumn[],
  { insertMode }: SinkSettings,
): void {
  if (keys.length > 0) return;
  const own = keyColumnsOf(description).map(({ name }) => name);
  throw new TableError(
    `Write to table '${table}' in ${insertMode.toUpperCase()} mode requires key field names to be known, ` +
      `check the primary key configuration. The table's key is [${own.join(', ')}]: set pk.mode and pk.fields.`,
  );
}
