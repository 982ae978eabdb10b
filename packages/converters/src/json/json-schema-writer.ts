import { quoteJson, type Schema, type SchemaType } from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';
import { compileJsonWriter } from './json-writer.ts';

/** The envelope's names of Connect's types. */
const JSON_TYPE_NAMES: Readonly<Record<SchemaType, string>> = {
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT32: 'float',
  FLOAT64: 'double',
  BOOLEAN: 'boolean',
  STRING: 'string',
  BYTES: 'bytes',
  ARRAY: 'array',
  MAP: 'map',
  STRUCT: 'struct',
};

/** A schema in the JSON form of the envelope; members stand in Java's order. */
export function jsonSchemaText(schema: Schema | null, format: JsonFormat, field?: string): string {
  if (schema === null) return 'null';
  const members = [`"type":"${JSON_TYPE_NAMES[schema.type]}"`, ...partsOf(schema, format)];
  members.push(`"optional":${schema.isOptional}`);
  if (schema.name !== null) members.push(`"name":${quoteJson(schema.name)}`);
  if (schema.version !== null) members.push(`"version":${schema.version}`);
  if (schema.doc !== null) members.push(`"doc":${quoteJson(schema.doc)}`);
  if (schema.parameters !== null) {
    const parameters = Array.from(schema.parameters, ([name, value]) => {
      return `${quoteJson(name)}:${quoteJson(value)}`;
    });
    members.push(`"parameters":{${parameters.join(',')}}`);
  }
  if (schema.defaultValue !== undefined) {
    members.push(`"default":${compileJsonWriter(schema, format)(schema.defaultValue)}`);
  }
  if (field !== undefined) members.push(`"field":${quoteJson(field)}`);
  return `{${members.join(',')}}`;
}

/** What an array, map or struct is made of. */
function partsOf(schema: Schema, format: JsonFormat): readonly string[] {
  switch (schema.type) {
    case 'ARRAY':
      return [`"items":${jsonSchemaText(schema.valueSchema, format)}`];
    case 'MAP':
      return [
        `"keys":${jsonSchemaText(schema.keySchema, format)}`,
        `"values":${jsonSchemaText(schema.valueSchema, format)}`,
      ];
    case 'STRUCT': {
      const fields = schema.fields.map(({ name, schema: own }) =>
        jsonSchemaText(own, format, name),
      );
      return [`"fields":[${fields.join(',')}]`];
    }
    default:
      return [];
  }
}
