import {
  DataError,
  generateFunction,
  getOwn,
  hasMembers,
  isPlainFraction,
  isPlainObject,
  propertyCode,
  type Schema,
} from '@sluice/api';
import { invalidType, type Jsonable } from './scalar-jsonable.ts';

/**
 * Structs as plain objects with the members in the order of the schema. Generated code, in which a
 * member of the usual form costs a comparison and no call; where the process forbids generating
 * code, a loop.
 */
export function structJsonable(schema: Schema, members: readonly Jsonable[]): Jsonable {
  const convert = generatedStruct(schema, members) ?? assembledStruct(schema, members);
  const names = schema.fields.map((field) => field.name);
  return (value) => {
    if (!isPlainObject(value)) return invalidType(schema, value);
    if (!hasMembers(value, names)) rejectUnknown(schema, value);
    return convert(value);
  };
}

/** What is no field would be lost without a word. */
export function rejectUnknown(schema: Schema, value: object): void {
  const unknown = Object.keys(value).find((name) => schema.field(name) === null);
  if (unknown !== undefined) throw new DataError(`${unknown} is not a valid field name`);
}

type StructJsonable = (value: Readonly<Record<string, unknown>>) => unknown;

/** For tests of what the generated code has to be equal to. */
export function assembledStruct(schema: Schema, members: readonly Jsonable[]): StructJsonable {
  const names = schema.fields.map((field) => field.name);
  return (value) => {
    const entries = names.map((name, i) => [name, members[i]?.(getOwn(value, name))]);
    return Object.fromEntries(entries);
  };
}

function generatedStruct(schema: Schema, members: readonly Jsonable[]): StructJsonable | null {
  const code = schema.fields.map(
    (field, i) => `${propertyCode(field.name)}:${memberCode(field, i)}`,
  );
  const source = `let x;const {members,getOwn,isPlainFraction}=h;return (v)=>({${code.join(',')}})`;
  // All that gets into the code is indexes and names quoted as JSON.
  const make = generateFunction('h', source) as ((helpers: object) => StructJsonable) | null;
  return make === null ? null : make({ members, getOwn, isPlainFraction });
}

/** The value of a member: itself if it has the usual form, else what its converter makes of it. */
function memberCode({ name, schema }: Schema['fields'][number], index: number): string {
  const isInherited = name in Object.prototype;
  const read = isInherited ? `getOwn(v,${JSON.stringify(name)})` : `v[${JSON.stringify(name)}]`;
  const convert = `members[${index}](x)`;
  // Only plain types: what a logical type looks like is not what is written.
  switch (schema.name === null ? schema.type : 'logical') {
    case 'STRING':
      return `(typeof(x=${read})==='string'?x:${convert})`;
    case 'BOOLEAN':
      return `(typeof(x=${read})==='boolean'?x:${convert})`;
    case 'INT32':
      return `(typeof(x=${read})==='number'&&(x|0)===x?x:${convert})`;
    case 'INT64':
      return `(Number.isSafeInteger(x=${read})?x:${convert})`;
    case 'FLOAT64':
      return `(isPlainFraction(x=${read})?x:${convert})`;
    default:
      return `members[${index}](${read})`;
  }
}
