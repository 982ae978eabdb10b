import { DataError, getOwn, type Schema, SchemaBuilder, SchemaBuilderError } from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';
import { isJsonObject, type JsonObject } from './json-node.ts';
import { JsonNumber } from './json-number.ts';
import { compileJsonReader } from './json-reader.ts';

/**
 * The schema that an envelope's JSON describes, `null` for JSON null. All numbers in it must be
 * `JsonNumber`.
 *
 * @throws DataError with Java's texts
 */
export function readJsonSchema(json: unknown, format: JsonFormat): Schema | null {
  if (json === null) return null;
  const node = isJsonObject(json) ? json : {};
  const builder = builderOf(node, format);
  if (getOwn(node, 'optional') === true) builder.optional();
  const name = getOwn(node, 'name');
  if (typeof name === 'string') builder.name(name);
  const version = getOwn(node, 'version');
  if (version instanceof JsonNumber && version.isIntegral) builder.version(version.toInt(32));
  const doc = getOwn(node, 'doc');
  if (typeof doc === 'string') builder.doc(doc);
  const parameters = getOwn(node, 'parameters');
  if (isJsonObject(parameters)) addParameters(builder, parameters);
  if (Object.hasOwn(node, 'default')) {
    const read = compileJsonReader(builder.build(), format);
    builder.defaultValue(read(getOwn(node, 'default')));
  }
  return builder.build();
}

function builderOf(node: JsonObject, format: JsonFormat): SchemaBuilder {
  const type = getOwn(node, 'type');
  if (typeof type !== 'string') throw new DataError("Schema must contain 'type' field");
  switch (type) {
    case 'boolean':
      return SchemaBuilder.ofType('BOOLEAN');
    case 'int8':
      return SchemaBuilder.ofType('INT8');
    case 'int16':
      return SchemaBuilder.ofType('INT16');
    case 'int32':
      return SchemaBuilder.ofType('INT32');
    case 'int64':
      return SchemaBuilder.ofType('INT64');
    case 'float':
      return SchemaBuilder.ofType('FLOAT32');
    case 'double':
      return SchemaBuilder.ofType('FLOAT64');
    case 'bytes':
      return SchemaBuilder.ofType('BYTES');
    case 'string':
      return SchemaBuilder.ofType('STRING');
    case 'array':
      return arrayBuilder(node, format);
    case 'map':
      return mapBuilder(node, format);
    case 'struct':
      return structBuilder(node, format);
    default:
      throw new DataError(`Unknown schema type: ${type}`);
  }
}

function arrayBuilder(node: JsonObject, format: JsonFormat): SchemaBuilder {
  const items = readJsonSchema(getOwn(node, 'items') ?? null, format);
  if (items === null) throw new DataError('Array schema did not specify the element type');
  return SchemaBuilder.inferred('ARRAY', null, items);
}

function mapBuilder(node: JsonObject, format: JsonFormat): SchemaBuilder {
  if (!Object.hasOwn(node, 'keys')) throw new DataError('Map schema did not specify the key type');
  if (!Object.hasOwn(node, 'values')) {
    throw new DataError('Map schema did not specify the value type');
  }
  const keySchema = readJsonSchema(getOwn(node, 'keys'), format);
  const valueSchema = readJsonSchema(getOwn(node, 'values'), format);
  if (keySchema === null || valueSchema === null) {
    throw new SchemaBuilderError(
      `${keySchema === null ? 'keySchema' : 'valueSchema'} cannot be null.`,
    );
  }
  return SchemaBuilder.inferred('MAP', keySchema, valueSchema);
}

function structBuilder(node: JsonObject, format: JsonFormat): SchemaBuilder {
  const fields = getOwn(node, 'fields');
  if (!Array.isArray(fields)) {
    throw new DataError('Struct schema\'s "fields" argument is not an array.');
  }
  const builder = SchemaBuilder.ofType('STRUCT');
  for (const field of fields) {
    const name: unknown = isJsonObject(field) ? getOwn(field, 'field') : undefined;
    if (typeof name !== 'string') {
      throw new DataError("Struct schema's field name not specified properly");
    }
    const schema = readJsonSchema(field, format);
    if (schema !== null) builder.field(name, schema);
  }
  return builder;
}

function addParameters(builder: SchemaBuilder, parameters: JsonObject): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'string') {
      throw new DataError('Schema parameters must have string values.');
    }
    builder.parameter(name, value);
  }
}
