import {
  DATE_LOGICAL_NAME,
  Decimal,
  decimalPlainText,
  getOwn,
  isPlainObject,
  jsonDouble,
  jsonFloat,
  quoteJson,
  stringifyJson,
  TIME_LOGICAL_NAME,
  type Schema,
} from '@sluice/api';

/**
 * A record's value as one line of JSON, with or without a schema. Numbers keep all of their digits
 * (INT64, Decimal), bytes are base64, dates and times are ISO 8601 text, a map whose keys are no
 * strings is a list of pairs.
 *
 * @throws DataError for what is no Connect value
 */
export function renderValue(value: unknown, schema: Schema | null): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return quoteJson(value);
    case 'number':
      return renderNumber(value, schema);
    case 'object':
      return renderObject(value, schema);
    default:
      return stringifyJson(value);
  }
}

function renderNumber(value: number, schema: Schema | null): string {
  if (schema?.type === 'FLOAT64') return jsonDouble(value);
  if (schema?.type === 'FLOAT32') return jsonFloat(value);
  return stringifyJson(value);
}

function renderObject(value: object, schema: Schema | null): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => renderValue(item, schema?.valueSchema ?? null)).join(',')}]`;
  }
  if (value instanceof Date) return quoteJson(dateText(value, schema));
  if (value instanceof Decimal) return decimalPlainText(value);
  if (value instanceof Map) return renderMap(value, schema);
  if (schema?.type === 'STRUCT') {
    const members = schema.fields.map((field) => {
      return `${quoteJson(field.name)}:${renderValue(getOwn(value, field.name), field.schema)}`;
    });
    return `{${members.join(',')}}`;
  }
  // Boxed floats and bytes, which need no look inside.
  if (!isPlainObject(value)) return stringifyJson(value);
  const members = Object.entries(value).map(([key, member]) => {
    return `${quoteJson(key)}:${renderValue(member, schema?.valueSchema ?? null)}`;
  });
  return `{${members.join(',')}}`;
}

function renderMap(map: ReadonlyMap<unknown, unknown>, schema: Schema | null): string {
  const keySchema = schema?.keySchema ?? null;
  const valueSchema = schema?.valueSchema ?? null;
  const entries = [...map];
  const isObject = entries.every(([key]) => typeof key === 'string');
  const texts = entries.map(([key, value]) => {
    const pair = [renderValue(key, keySchema), renderValue(value, valueSchema)];
    return isObject ? pair.join(':') : `[${pair.join(',')}]`;
  });
  return isObject ? `{${texts.join(',')}}` : `[${texts.join(',')}]`;
}

/** `2012-01-01`, `12:30:00.000` or `2012-01-01T12:30:00.000Z`, by the schema's logical name. */
function dateText(value: Date, schema: Schema | null): string {
  const [day = '', time = ''] = value.toISOString().split('T');
  if (schema?.name === DATE_LOGICAL_NAME) return day;
  if (schema?.name === TIME_LOGICAL_NAME) return time.replace('Z', '');
  return `${day}T${time}`;
}
