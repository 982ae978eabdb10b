import type { Cell, Row } from '../../database/cell.ts';
import type { JdbcType } from '../../database/jdbc-type.ts';
import type { ResultColumn } from '../../database/table.ts';

/** A type as `pg_type` describes it. */
interface PgType {
  readonly name: string;
  /** `b` base, `e` enum, `d` domain, `c` composite, `r` range. */
  readonly kind: string;
  readonly isArray: boolean;
}

/** A column of a result, as the protocol describes it. */
interface PgField {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
  readonly tableID: number;
  readonly columnID: number;
}

const TYPE_SQL =
  "SELECT oid::text, typname, typtype, typcategory = 'A' AND typelem <> 0 FROM pg_catalog.pg_type " +
  'WHERE oid = ANY ($1::oid[])';
const NULLABLE_SQL =
  "SELECT attrelid || '.' || attnum, attnotnull, " +
  "attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false) " +
  'FROM pg_catalog.pg_attribute a ' +
  'LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum ' +
  'WHERE attrelid = ANY ($1::oid[]) AND attnum > 0';

const JDBC_TYPES: ReadonlyMap<string, JdbcType> = new Map<string, JdbcType>([
  ['int2', 'SMALLINT'],
  ['int4', 'INTEGER'],
  ['int8', 'BIGINT'],
  ['oid', 'BIGINT'],
  ['float4', 'REAL'],
  ['float8', 'DOUBLE'],
  ['money', 'DOUBLE'],
  ['numeric', 'NUMERIC'],
  ['bpchar', 'CHAR'],
  ['char', 'CHAR'],
  ['varchar', 'VARCHAR'],
  ['text', 'VARCHAR'],
  ['name', 'VARCHAR'],
  ['bytea', 'BINARY'],
  ['bool', 'BIT'],
  ['bit', 'BIT'],
  ['date', 'DATE'],
  ['time', 'TIME'],
  ['timetz', 'TIME_WITH_TIMEZONE'],
  ['timestamp', 'TIMESTAMP'],
  ['timestamptz', 'TIMESTAMP_WITH_TIMEZONE'],
  ['xml', 'SQLXML'],
]);

/** The JDBC type that PostgreSQL's driver reports. */
export function postgresJdbcType(name: string, kind: string, isArray: boolean): JdbcType {
  if (isArray) return 'ARRAY';
  if (kind === 'e') return 'VARCHAR';
  if (kind === 'd') return 'DISTINCT';
  return kind === 'c' ? 'STRUCT' : (JDBC_TYPES.get(name) ?? 'OTHER');
}

/** Precision and scale out of a type's modifier (-1: none). */
export function postgresSize(
  name: string,
  modifier: number,
): { readonly precision: number; readonly scale: number } {
  if (name === 'bool') return { precision: 1, scale: 0 };
  if (modifier < 0) return { precision: 0, scale: 0 };
  if (name === 'numeric') {
    const packed = modifier - 4;
    // The scale has eleven bits with a sign, from PostgreSQL 15 on.
    const scale = ((packed & 0x7ff) ^ 1024) - 1024;
    return { precision: (packed >> 16) & 0xffff, scale };
  }
  if (name === 'bpchar' || name === 'varchar') return { precision: modifier - 4, scale: 0 };
  if (name.startsWith('time')) return { precision: 0, scale: modifier };
  return { precision: modifier, scale: 0 };
}

/** Describes the columns of results; what it looked up it keeps for the session. */
export class PostgresTypes {
  readonly #rows: (sql: string, binds: readonly Cell[]) => Promise<readonly Row[]>;
  readonly #types = new Map<number, PgType>();
  readonly #columns = new Map<string, { isNullable: boolean; isAutoIncrement: boolean }>();

  constructor(rows: (sql: string, binds: readonly Cell[]) => Promise<readonly Row[]>) {
    this.#rows = rows;
  }

  async columnsOf(fields: readonly PgField[]): Promise<readonly ResultColumn[]> {
    await this.#lookUp(fields);
    return fields.map((field) => {
      const type = this.#types.get(field.dataTypeID);
      const name = type?.name ?? 'unknown';
      const column = this.#columns.get(`${field.tableID}.${field.columnID}`);
      return {
        name: field.name,
        jdbcType: postgresJdbcType(name, type?.kind ?? 'b', type?.isArray ?? false),
        typeName: name,
        ...postgresSize(name, field.dataTypeModifier),
        isSigned: name !== 'oid',
        isNullable: column?.isNullable ?? null,
        isAutoIncrement: column?.isAutoIncrement ?? false,
      };
    });
  }

  /** Whether these can be described without a look into the catalogue. */
  knows(fields: readonly PgField[]): boolean {
    return fields.every(
      (field) =>
        this.#types.has(field.dataTypeID) &&
        (field.columnID <= 0 || this.#columns.has(`${field.tableID}.${field.columnID}`)),
    );
  }

  async #lookUp(fields: readonly PgField[]): Promise<void> {
    const types = new Set(fields.map((field) => field.dataTypeID));
    const newTypes = [...types].filter((oid) => !this.#types.has(oid));
    const tables = new Set(fields.filter((f) => f.columnID > 0).map((f) => f.tableID));
    const isNew = (f: PgField): boolean => !this.#columns.has(`${f.tableID}.${f.columnID}`);
    // Without these, a query on the catalogue would describe itself for ever.
    if (newTypes.length > 0) {
      for (const row of await this.#rows(TYPE_SQL, [`{${newTypes.join(',')}}`])) {
        const [oid, name, kind, isArray] = row.map(String);
        this.#types.set(Number(oid), {
          name: name ?? '',
          kind: kind ?? 'b',
          isArray: isArray === 't',
        });
      }
    }
    const newTables = [...tables].filter((id) => fields.some((f) => f.tableID === id && isNew(f)));
    if (newTables.length === 0) return;
    for (const row of await this.#rows(NULLABLE_SQL, [`{${newTables.join(',')}}`])) {
      const [key, notNull, isAuto] = row.map(String);
      const column = { isNullable: notNull !== 't', isAutoIncrement: isAuto === 't' };
      this.#columns.set(key ?? '', column);
    }
  }
}
