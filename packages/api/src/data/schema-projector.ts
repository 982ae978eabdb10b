import { SchemaProjectorError } from '../errors/schema-projector-error.ts';
import { Float32, Float64 } from './boxed-float.ts';
import type { Field, Schema, SchemaType } from './schema.ts';
import { getOwn, newStruct } from './struct.ts';

/** From the narrowest to the widest: each can be promoted to those behind it. */
const PROMOTION: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'];

/**
 * A value of one schema in the form of another, compatible one: numbers are widened, fields that
 * the target does not have are dropped, those that the source does not have get the target's
 * default. Mirrors `SchemaProjector.project`.
 *
 * @throws SchemaProjectorError when the schemas do not go together
 */
export function projectSchema(source: Schema, value: unknown, target: Schema): unknown {
  requireCompatible(source, target);
  const isNull = value === null || value === undefined;
  if (source.isOptional && !target.isOptional) {
    if (target.defaultValue === undefined) {
      throw new SchemaProjectorError(
        'Writer schema is optional, however, target schema does not provide a default value.',
      );
    }
    return isNull ? target.defaultValue : projectValue(source, value, target);
  }
  return isNull ? null : projectValue(source, value, target);
}

function requireCompatible(source: Schema, target: Schema): void {
  if (source.type !== target.type && !isPromotable(source.type, target.type)) {
    throw new SchemaProjectorError(
      `Schema type mismatch. source type: ${source.type} and target type: ${target.type}`,
    );
  }
  if (source.name !== target.name) {
    throw new SchemaProjectorError(
      `Schema name mismatch. source name: ${source.name} and target name: ${target.name}`,
    );
  }
  const [ours, theirs] = [parametersText(source), parametersText(target)];
  if (!parametersEqual(source, target)) {
    throw new SchemaProjectorError(
      `Schema parameters not equal. source parameters: ${ours} and target parameters: ${theirs}`,
    );
  }
}

function isPromotable(source: SchemaType, target: SchemaType): boolean {
  const from = PROMOTION.indexOf(source);
  return from >= 0 && PROMOTION.indexOf(target) >= from;
}

function parametersText({ parameters }: Schema): string {
  if (parameters === null) return 'null';
  return `{${Array.from(parameters, ([name, value]) => `${name}=${value}`).join(', ')}}`;
}

/** In any order. */
function parametersEqual(a: Schema, b: Schema): boolean {
  if (a.parameters === null || b.parameters === null) return a.parameters === b.parameters;
  const others = b.parameters;
  return (
    a.parameters.size === others.size &&
    [...a.parameters].every(([name, value]) => others.get(name) === value)
  );
}

function projectValue(source: Schema, value: unknown, target: Schema): unknown {
  if (target.type === 'STRUCT' && typeof value === 'object' && value !== null) {
    return projectStruct(source, value, target);
  }
  if (target.type === 'ARRAY' && Array.isArray(value)) {
    const [from, to] = [requireElement(source.valueSchema), requireElement(target.valueSchema)];
    return value.map((item) => projectSchema(from, item, to));
  }
  if (target.type === 'MAP' && value instanceof Map) {
    const [fromKey, toKey] = [requireElement(source.keySchema), requireElement(target.keySchema)];
    const [from, to] = [requireElement(source.valueSchema), requireElement(target.valueSchema)];
    return new Map(
      Array.from(value, ([key, member]) => [
        projectSchema(fromKey, key, toKey),
        projectSchema(from, member, to),
      ]),
    );
  }
  return projectPrimitive(value, target);
}

function requireElement(schema: Schema | null): Schema {
  if (schema === null) throw new SchemaProjectorError('Element schema is missing');
  return schema;
}

/** Logical values (dates, decimals) pass as they are. */
function projectPrimitive(value: unknown, target: Schema): unknown {
  const number = value instanceof Float32 || value instanceof Float64 ? value.value : value;
  const isNumber = typeof number === 'number' || typeof number === 'bigint';
  if (!isNumber) return value;
  if (target.type === 'FLOAT32') return Math.fround(Number(number));
  return target.type === 'FLOAT64' ? Number(number) : number;
}

function projectStruct(source: Schema, value: object, target: Schema): unknown {
  const values: [string, unknown][] = [];
  for (const field of target.fields) {
    const from = source.field(field.name);
    if (from !== null) values.push([field.name, projectField(from, value, field)]);
    else if (!field.schema.isOptional && field.schema.defaultValue === undefined) {
      throw new SchemaProjectorError(
        `Required field \`${field.name}\` is missing from source schema: ${String(source)}`,
      );
    }
  }
  return newStruct(target, Object.fromEntries(values));
}

function projectField(from: Field, value: object, to: Field): unknown {
  const member = getOwn(value, from.name) ?? from.schema.defaultValue ?? null;
  try {
    return projectSchema(from.schema, member, to.schema);
  } catch (cause) {
    if (!(cause instanceof SchemaProjectorError)) throw cause;
    throw new SchemaProjectorError(`Error projecting ${from.name}`, { cause });
  }
}
