import type { ConnectError, Schema } from '@sluice/api';
import { TableError, sqlError } from '../connection/sql-error.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { TableColumn, TableDescription, TableId } from '../database/table.ts';
import type { ColumnPlan } from '../dialect/dialect.ts';
import type { PlannedField, RecordPlan } from './record-plan.ts';
import type { SinkSettings } from './sink-settings.ts';

/** How often a table that another task makes or changes at the same time is looked at again. */
const DDL_TRIES = 3;

/**
 * Knows the tables and, where the config allows, makes them and adds columns. Works outside of
 * transactions: some databases commit at every change of a table.
 */
export class TableKeeper {
  readonly #settings: SinkSettings;
  readonly #tables = new Map<string, TableDescription>();

  constructor(settings: SinkSettings) {
    this.#settings = settings;
  }

  /** Forgets all tables: somebody may have changed them. */
  forget(): void {
    this.#tables.clear();
  }

  /**
   * The table as it is once these records can be written to it; `null` when there is none and the
   * records are deletes, which then have nothing to do.
   *
   * @throws TableError when it is missing, or lacks columns, and must not be changed
   */
  async ensure(
    connection: DatabaseConnection,
    name: string,
    plan: RecordPlan,
  ): Promise<TableDescription | null> {
    for (let tried = 1; ; tried += 1) {
      const known = this.#tables.get(name) ?? (await this.#describe(connection, name));
      if (known !== null && missingFields(known, plan, this.#settings).length === 0) {
        this.#tables.set(name, known);
        return known;
      }
      this.#tables.delete(name);
      const current = await this.#describe(connection, name);
      const missing = current === null ? [] : missingFields(current, plan, this.#settings);
      if (current !== null && missing.length === 0) continue;
      if (current === null && plan.isDelete && this.#settings.hasAutoCreate) return null;
      const statements =
        current === null ? this.#creation(name, plan) : this.#changes(name, current, missing);
      try {
        for (const sql of statements) await connection.execute(sql);
      } catch (error) {
        const problem = this.#settings.database.dialect.problemOf(error);
        // Another task may have done the same just now: look again before giving up.
        if (problem.kind === 'retriable') throw error;
        if (tried >= DDL_TRIES) throw this.#failed(name, statements, error);
      }
    }
  }

  async #describe(connection: DatabaseConnection, name: string): Promise<TableDescription | null> {
    const { database, identifiers, tableTypes } = this.#settings;
    const found = await database.dialect.describeTable(
      connection,
      identifiers.parse(name),
      identifiers,
    );
    if (found === null || tableTypes.includes(found.type)) return found;
    throw new TableError(
      `"${name}" is of type ${found.type}, and table.types allows ${tableTypes.join(', ')} only. ` +
        'Correct table.name.format, or add the type.',
    );
  }

  #creation(name: string, plan: RecordPlan): readonly string[] {
    const { hasAutoCreate, identifiers, database } = this.#settings;
    const id: TableId = identifiers.parse(name);
    if (!hasAutoCreate) {
      throw new TableError(
        `Table ${identifiers.qualified(id)} is missing and auto-creation is disabled. ` +
          'Create the table, or set auto.create=true.',
      );
    }
    const keys = plan.keys.map((key) => key.name);
    const columns = plan.inTableOrder.map((field) => this.#columnPlan(name, field, keys));
    return [database.dialect.createTable(id, columns, keys, identifiers)];
  }

  #changes(
    name: string,
    table: TableDescription,
    missing: readonly PlannedField[],
  ): readonly string[] {
    const { hasAutoEvolve, identifiers, database } = this.#settings;
    const names = missing.map((field) => field.name).join(', ');
    if (table.type === 'VIEW' || !hasAutoEvolve) {
      throw new TableError(
        `Table "${name}" is missing fields ([${names}]) and auto-evolution is disabled. ` +
          'Add the columns, set auto.evolve=true, or drop the fields (ReplaceField).',
      );
    }
    const needed = missing.filter(({ schema }) => !isOptional(schema));
    if (needed.length > 0) {
      throw new TableError(
        `Cannot ALTER "${name}" to add the missing fields [${names}], as the field ` +
          `"${needed[0]?.name}" is not optional and does not have a default value. ` +
          'Give the field a default, make it optional, or add the column.',
      );
    }
    const columns = missing.map((field) => this.#columnPlan(name, field, []));
    return database.dialect.addColumns(table.id, columns, identifiers);
  }

  #columnPlan(table: string, field: PlannedField, keys: readonly string[]): ColumnPlan {
    const { dialect } = this.#settings.database;
    const isKey = keys.includes(field.name);
    const type = dialect.columnType(field.schema, { isKey });
    if (type === null) {
      throw new TableError(
        `${dialect.title} has no column type for the field "${field.name}" of ` +
          `${field.schema.toString()} in table "${table}". Change or drop the field.`,
      );
    }
    return {
      name: field.name,
      type,
      isNullable: !isKey && isOptional(field.schema) && !hasDefault(field.schema),
      defaultLiteral: isKey ? null : dialect.defaultLiteral(field.schema),
    };
  }

  #failed(name: string, statements: readonly string[], error: unknown): ConnectError {
    const problem = this.#settings.database.dialect.problemOf(error);
    const what = `make or change the table "${name}" (${statements.join('; ')})`;
    return new TableError(sqlError(what, problem, error).message, { cause: error });
  }
}

function hasDefault(schema: Schema): boolean {
  return schema.defaultValue !== undefined && schema.defaultValue !== null;
}

function isOptional(schema: Schema): boolean {
  return schema.isOptional || hasDefault(schema);
}

/** A field's column: of the same name, or of the same but for its case. */
export function columnFor(
  table: TableDescription,
  field: string,
  settings: SinkSettings,
): TableColumn | null {
  const name = settings.identifiers.effective(field);
  const exact = table.columns.find((column) => column.name === name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === lower) ?? null;
}

function missingFields(
  table: TableDescription,
  plan: RecordPlan,
  settings: SinkSettings,
): readonly PlannedField[] {
  return plan.inTableOrder.filter(({ name }) => columnFor(table, name, settings) === null);
}
