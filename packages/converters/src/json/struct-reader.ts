import { generateFunction, getOwn, propertyCode, type Schema, structTypeOf } from '@sluice/api';
import type { JsonObject, JsonReader } from './json-node.ts';

type StructReader = (json: JsonObject) => unknown;

/**
 * Structs of parsed JSON objects. Generated code, in which a member of the usual form costs a
 * comparison and no call; where the process forbids generating code, a loop.
 */
export function compileStructReader(schema: Schema, members: readonly JsonReader[]): StructReader {
  return generatedReader(schema, members) ?? assembledReader(schema, members);
}

/** For tests of what the generated code has to be equal to. */
export function assembledReader(schema: Schema, members: readonly JsonReader[]): StructReader {
  const type = structTypeOf(schema);
  const names = schema.fields.map((field) => field.name);
  return (json) => type.fromTrusted(names.map((name, i) => members[i]?.(getOwn(json, name))));
}

function generatedReader(schema: Schema, members: readonly JsonReader[]): StructReader | null {
  const code = schema.fields.map(
    (field, i) => `${propertyCode(field.name)}:${memberCode(field, i)}`,
  );
  const source = `let x;const {members,getOwn}=h;return (v)=>({${code.join(',')}})`;
  // All that gets into the code is indexes and names quoted as JSON.
  const make = generateFunction('h', source) as ((helpers: object) => StructReader) | null;
  return make === null ? null : make({ members, getOwn });
}

/** Adding 0 turns the -0 of `JSON.parse` into 0: Java's numbers in JSON have no negative zero. */
function memberCode({ name, schema }: Schema['fields'][number], index: number): string {
  const isInherited = name in Object.prototype;
  const read = isInherited ? `getOwn(v,${JSON.stringify(name)})` : `v[${JSON.stringify(name)}]`;
  const convert = `members[${index}](x)`;
  switch (schema.name === null ? schema.type : 'logical') {
    case 'STRING':
      return `(typeof(x=${read})==='string'?x:${convert})`;
    case 'BOOLEAN':
      return `(typeof(x=${read})==='boolean'?x:${convert})`;
    case 'INT32':
      return `(typeof(x=${read})==='number'&&(x|0)===x?x+0:${convert})`;
    case 'INT64':
      return `(Number.isSafeInteger(x=${read})?x+0:${convert})`;
    case 'FLOAT64':
      return `(typeof(x=${read})==='number'?x+0:${convert})`;
    default:
      return `members[${index}](${read})`;
  }
}
