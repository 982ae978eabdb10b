import {
  DataError,
  dateBuilder,
  Decimal,
  decimalBuilder,
  int64,
  MILLIS_PER_DAY,
  parseDecimal,
  SchemaBuilder,
  timeBuilder,
  type Schema,
} from '@sluice/api';
import type { Cell } from '../database/cell.ts';
import type { ResultColumn } from '../database/table.ts';
import type { DatabaseFamily } from '../url/parsed-url.ts';
import { instantNanosOf, type Calendar } from '../values/temporal-text.ts';
import { TimeZone } from '../values/time-zone.ts';
import { millisOf, nanosOf } from './cursor-offset.ts';
import { numericForm, type NumericForm, type NumericMapping } from './numeric-mapping.ts';
import { timestampForm, type TimestampGranularity } from './timestamp-form.ts';

/** How a connector's config wants columns. */
export interface ColumnOptions {
  readonly family: DatabaseFamily;
  readonly numericMapping: NumericMapping;
  readonly granularity: TimestampGranularity;
  readonly calendar: Calendar;
  /** `db.timezone` */
  readonly zone: TimeZone;
}

/** A column as a field. */
export interface ColumnReader {
  readonly name: string;
  readonly schema: Schema;
  /** @throws DataError when the cell has no place in the schema; it names the column */
  readonly read: (cell: Cell) => unknown;
}

interface Form {
  readonly schema: () => SchemaBuilder;
  /** Never called with null. */
  readonly read: (cell: Exclude<Cell, null>) => unknown;
}

const UTC = new TimeZone('UTC');
const DECIMAL_PRECISION = 'connect.decimal.precision';
/** The scale of numbers whose column has none, as in Java's connector. */
const UNDEFINED_SCALE = 127;
/** Types beside the standard ones that are read as text. */
const TEXT_TYPE_NAMES: ReadonlySet<string> = new Set(['json', 'jsonb', 'uuid']);

/** The field of a column, or `null` for types that have none (arrays, intervals, geometry). */
export function columnReader(column: ResultColumn, options: ColumnOptions): ColumnReader | null {
  const form = formOf(column, options);
  if (form === null) return null;
  const isOptional = column.isNullable !== false;
  const schema = (isOptional ? form.schema().optional() : form.schema()).build();
  const read = (cell: Cell): unknown => {
    if (cell === null) return null;
    const value = form.read(cell);
    if (value === undefined) throw unreadable(column, cell);
    return value;
  };
  return { name: column.name, schema, read };
}

function unreadable(column: ResultColumn, cell: Cell): DataError {
  const type = column.typeName === '' ? column.jdbcType : column.typeName;
  return new DataError(
    `The column "${column.name}" of type ${type} holds ${JSON.stringify(String(cell))}, which ` +
      'has no place in its field. Leave the row out with a query, or cast the column there.',
  );
}

function formOf(column: ResultColumn, options: ColumnOptions): Form | null {
  switch (column.jdbcType) {
    case 'BOOLEAN':
      return BOOLEAN;
    case 'BIT':
      return bitForm(column, options);
    case 'TINYINT':
      return integer(column.isSigned ? 'INT8' : 'INT16');
    case 'SMALLINT':
      return integer(column.isSigned ? 'INT16' : 'INT32');
    case 'INTEGER':
      return integer(column.isSigned ? 'INT32' : 'INT64');
    case 'BIGINT':
      return integer('INT64');
    case 'REAL':
      return { schema: () => SchemaBuilder.float32(), read: (cell) => float(cell, Math.fround) };
    case 'FLOAT':
    case 'DOUBLE': {
      const isMoney = column.typeName === 'money';
      return {
        schema: () => SchemaBuilder.float64(),
        read: (cell) => float(isMoney ? amountOf(cell) : cell, Number),
      };
    }
    case 'NUMERIC':
      return number(numericForm(options.numericMapping, column), column);
    case 'DECIMAL':
      return decimal(column);
    case 'CHAR':
    case 'VARCHAR':
    case 'LONGVARCHAR':
    case 'NCHAR':
    case 'NVARCHAR':
    case 'LONGNVARCHAR':
    case 'CLOB':
    case 'NCLOB':
    case 'DATALINK':
    case 'SQLXML':
      return TEXT;
    case 'BINARY':
    case 'VARBINARY':
    case 'LONGVARBINARY':
    case 'BLOB':
      return BYTES;
    case 'DATE':
      return { schema: dateBuilder, read: (cell) => day(cell, options.calendar) };
    case 'TIME':
    case 'TIME_WITH_TIMEZONE':
      return { schema: timeBuilder, read: (cell) => timeOfDay(cell, options.zone) };
    case 'TIMESTAMP':
    case 'TIMESTAMP_WITH_TIMEZONE': {
      const { schema, valueOf } = timestampForm(options.granularity, options.zone);
      const read = instantReader(column, options);
      return {
        schema,
        read: (cell) => {
          const nanos = read(cell);
          return nanos === null ? undefined : valueOf(nanos);
        },
      };
    }
    case 'OTHER':
      return TEXT_TYPE_NAMES.has(column.typeName.toLowerCase()) ? TEXT : null;
    default:
      return null;
  }
}

/** How a timestamp column's cells are read: nanoseconds since 1970, `null` for what is no time. */
export function instantReader(
  column: ResultColumn,
  { zone, calendar }: Pick<ColumnOptions, 'zone' | 'calendar'>,
): (cell: Cell) => bigint | null {
  const wallZone = column.jdbcType === 'TIMESTAMP_WITH_TIMEZONE' ? UTC : zone;
  return (cell) => {
    // SQLite keeps times as numbers: milliseconds since 1970.
    if (typeof cell === 'number') return nanosOf(Math.trunc(cell));
    if (typeof cell === 'bigint') return nanosOf(Number(cell));
    if (typeof cell !== 'string') return null;
    return /^-?\d+$/.test(cell) ? nanosOf(Number(cell)) : instantNanosOf(cell, wallZone, calendar);
  };
}

const TRUE_CELLS: ReadonlySet<Cell> = new Set<Cell>(['t', 'true', '1', 1, 1n]);
const FALSE_CELLS: ReadonlySet<Cell> = new Set<Cell>(['f', 'false', '0', 0, 0n]);

const BOOLEAN: Form = {
  schema: () => SchemaBuilder.bool(),
  read: (cell) => {
    if (TRUE_CELLS.has(cell)) return true;
    return FALSE_CELLS.has(cell) ? false : undefined;
  },
};

const TEXT: Form = {
  schema: () => SchemaBuilder.string(),
  read: (cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString() : String(cell)),
};

const BYTES: Form = {
  schema: () => SchemaBuilder.bytes(),
  read: (cell) => (cell instanceof Uint8Array ? cell : Buffer.from(String(cell))),
};

const BITS_MAX = 8;

/** PostgreSQL's single bit is a truth value; bits that fit a byte are a number; more are bytes. */
function bitForm(column: ResultColumn, { family }: ColumnOptions): Form {
  if (family === 'postgres' && column.precision <= 1) return BOOLEAN;
  if (column.precision > BITS_MAX) return BYTES;
  return {
    schema: () => SchemaBuilder.int8(),
    read: (cell) => {
      if (cell === 't') return 1;
      if (cell === 'f') return 0;
      return typeof cell === 'string' && /^[01]+$/.test(cell)
        ? (Number.parseInt(cell, 2) << 24) >> 24
        : whole(cell, INTEGER_RANGES.INT8);
    },
  };
}

interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}
type IntegerForm = 'INT8' | 'INT16' | 'INT32' | 'INT64';

const INTEGER_RANGES: Readonly<Record<IntegerForm, IntegerRange>> = {
  INT8: { min: -(2n ** 7n), max: 2n ** 7n - 1n },
  INT16: { min: -(2n ** 15n), max: 2n ** 15n - 1n },
  INT32: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
  INT64: { min: -(2n ** 63n), max: 2n ** 63n - 1n },
};

const INTEGER_SCHEMAS: Readonly<Record<IntegerForm, () => SchemaBuilder>> = {
  INT8: () => SchemaBuilder.int8(),
  INT16: () => SchemaBuilder.int16(),
  INT32: () => SchemaBuilder.int32(),
  INT64: () => SchemaBuilder.int64(),
};

function integer(form: IntegerForm): Form {
  const range = INTEGER_RANGES[form];
  return { schema: INTEGER_SCHEMAS[form], read: (cell) => whole(cell, range) };
}

/** Text of so few characters is a safe integer, if it is one at all. */
const SAFE_DIGITS = 15;

function whole(cell: Cell, range: IntegerRange): unknown {
  if (typeof cell === 'string' && cell.length <= SAFE_DIGITS) {
    const value = Number(cell);
    if (!Number.isInteger(value) || cell === '') return undefined;
    return value >= range.min && value <= range.max ? value : undefined;
  }
  if (typeof cell === 'number' && !Number.isInteger(cell)) return undefined;
  if (typeof cell === 'string' && !/^-?\d+$/.test(cell)) return undefined;
  if (cell === null || cell instanceof Uint8Array) return undefined;
  const value = BigInt(cell);
  return value >= range.min && value <= range.max ? int64(value) : undefined;
}

function float(cell: Cell, round: (value: number) => number): unknown {
  if (cell instanceof Uint8Array || cell === '') return undefined;
  const value = round(Number(cell));
  return Number.isNaN(value) && cell !== 'NaN' ? undefined : value;
}

/** PostgreSQL writes money as `$1,234.50`, and `-$1,234.50` or `($1,234.50)` below zero. */
function amountOf(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  const sign = /^[-(]/.test(cell) ? '-' : '';
  return sign + cell.replaceAll(/[-$,()]/g, '');
}

function number(form: NumericForm, column: ResultColumn): Form {
  if (form === 'DECIMAL') return decimal(column);
  if (form === 'FLOAT64') {
    return { schema: () => SchemaBuilder.float64(), read: (cell) => float(cell, Number) };
  }
  const range = INTEGER_RANGES[form];
  return {
    schema: INTEGER_SCHEMAS[form],
    // A negative scale gives digits with zeros behind; "12.0" comes of databases without types.
    read: (cell) => whole(typeof cell === 'string' ? cell.replace(/\.0+$/, '') : cell, range),
  };
}

function decimal(column: ResultColumn): Form {
  const isUndefined = column.precision === 0 && column.jdbcType === 'NUMERIC';
  const scale = isUndefined ? UNDEFINED_SCALE : column.scale;
  return {
    schema: () => decimalBuilder(scale).parameter(DECIMAL_PRECISION, String(column.precision)),
    read: (cell) => {
      if (cell instanceof Uint8Array) return undefined;
      return decimalOf(String(cell), scale);
    },
  };
}

/** The decimal of a text with exactly `scale` digits after the point; undefined if it has more. */
function decimalOf(text: string, scale: number): Decimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return rescaled(text, scale);
  const [, sign = '', digits = '', fraction = ''] = match;
  if (fraction.length > scale) return rescaled(text, scale);
  return new Decimal(BigInt(sign + digits + fraction.padEnd(scale, '0')), scale);
}

function rescaled(text: string, scale: number): Decimal | undefined {
  const parsed = parseDecimal(text);
  if (parsed === null) return undefined;
  const excess = parsed.scale - scale;
  if (excess <= 0) return new Decimal(parsed.unscaled * 10n ** BigInt(-excess), scale);
  const unit = 10n ** BigInt(excess);
  return parsed.unscaled % unit === 0n ? new Decimal(parsed.unscaled / unit, scale) : undefined;
}

/** A day has no zone: midnight UTC. */
function day(cell: Cell, calendar: Calendar): Date | undefined {
  if (typeof cell !== 'string') return dayOfNumber(cell);
  const nanos = instantNanosOf(cell, UTC, calendar);
  if (nanos === null) return /^-?\d+$/.test(cell) ? dayOfNumber(Number(cell)) : undefined;
  return dayOfNumber(millisOf(nanos));
}

function dayOfNumber(cell: Cell): Date | undefined {
  if (typeof cell !== 'number' && typeof cell !== 'bigint') return undefined;
  return new Date(Math.floor(Number(cell) / MILLIS_PER_DAY) * MILLIS_PER_DAY);
}

/** The wall clock of `db.timezone` on 1 January 1970, as an instant within that day. */
function timeOfDay(cell: Cell, zone: TimeZone): Date | undefined {
  if (typeof cell === 'number' || typeof cell === 'bigint') return withinDay(Number(cell));
  if (typeof cell !== 'string') return undefined;
  if (/^-?\d+$/.test(cell)) return withinDay(Number(cell));
  const nanos = instantNanosOf(`1970-01-01 ${cell}`, zone);
  return nanos === null ? undefined : withinDay(millisOf(nanos));
}

function withinDay(ms: number): Date {
  return new Date(((ms % MILLIS_PER_DAY) + MILLIS_PER_DAY) % MILLIS_PER_DAY);
}
