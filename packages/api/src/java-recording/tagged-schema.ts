import { ConnectSchema } from '../data/connect-schema.ts';
import { getOwn } from '../data/struct.ts';
import type { Schema, SchemaType } from '../data/schema.ts';
import { taggedValue } from './tagged-value.ts';

const TYPES: readonly SchemaType[] = [
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FLOAT32',
  'FLOAT64',
  'BOOLEAN',
  'STRING',
  'BYTES',
  'ARRAY',
  'MAP',
  'STRUCT',
];

/** The schema of a Java recording (`tools/java-parity/data`); `null` where there is none. */
export function taggedSchema(node: unknown): Schema | null {
  if (typeof node !== 'object' || node === null) return null;
  const base = {
    type: typeOf(getOwn(node, 'type')),
    isOptional: getOwn(node, 'optional') === true,
    name: textOf(getOwn(node, 'name')),
    version: Number.isInteger(getOwn(node, 'version')) ? Number(getOwn(node, 'version')) : null,
    doc: textOf(getOwn(node, 'doc')),
    parameters: parametersOf(getOwn(node, 'parameters')),
    fields: fieldsOf(getOwn(node, 'fields')),
    keySchema: taggedSchema(getOwn(node, 'keys')),
    valueSchema: taggedSchema(getOwn(node, 'values')),
  };
  const schema = new ConnectSchema(base);
  const defaultNode = getOwn(node, 'default');
  if (defaultNode === undefined) return schema;
  return new ConnectSchema({ ...base, defaultValue: taggedValue(defaultNode, schema) });
}

function typeOf(node: unknown): SchemaType {
  const type = TYPES.find((each) => each === node);
  if (type === undefined) throw new TypeError(`No schema type: ${String(node)}`);
  return type;
}

function textOf(node: unknown): string | null {
  return typeof node === 'string' ? node : null;
}

function parametersOf(node: unknown): ReadonlyMap<string, string> | null {
  if (typeof node !== 'object' || node === null) return null;
  return new Map(Object.entries(node).map(([name, value]) => [name, String(value)]));
}

function fieldsOf(node: unknown): ConnectSchema['fields'] {
  if (!Array.isArray(node)) return [];
  return node.map((pair: unknown, index) => {
    const [name, schema]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const own = taggedSchema(schema);
    if (own === null) throw new TypeError(`Field ${String(name)} has no schema`);
    return { name: String(name), index, schema: own };
  });
}
