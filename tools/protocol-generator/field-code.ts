import type { Field, FieldType, PrimitiveName, Struct } from './model.ts';
import { isEmpty, type VersionRange } from './version-range.ts';

/** What the emitters share: how a field's type, default and comparison read in TypeScript. */

const LONG_MAX = 0x7fff_ffff_ffff_ffffn;

export function typeText(field: Field): string {
  const text = plainType(field.type);
  return isEmpty(field.nullable) ? text : `${text} | null`;
}

function plainType(type: FieldType): string {
  if (type.kind === 'struct') return type.struct.typeName;
  if (type.kind === 'array') return `readonly ${plainType(type.element)}[]`;
  return primitiveType(type.name);
}

function primitiveType(name: PrimitiveName): string {
  switch (name) {
    case 'bool':
      return 'boolean';
    case 'string':
    case 'uuid':
      return 'string';
    case 'bytes':
    case 'records':
      return 'Buffer';
    default:
      return 'number';
  }
}

/** The default as an expression. */
export function defaultText(field: Field): string {
  const value = field.defaultValue;
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'text':
      return quoted(value.value);
    case 'number':
      return numberText(value.value);
    case 'empty':
      return emptyText(field.type);
    default:
      return unknownDefault(value);
  }
}

function emptyText(type: FieldType): string {
  if (type.kind === 'struct') return defaultName(type.struct);
  return type.kind === 'array' ? '[]' : 'EMPTY_BYTES';
}

function unknownDefault(value: never): never {
  throw new Error(`no such default: ${JSON.stringify(value)}`);
}

function numberText(value: bigint): string {
  return value === LONG_MAX ? 'Infinity' : String(value);
}

/** An expression that is true when `expression` holds the field's default. */
export function isDefault(field: Field, expression: string): string {
  const value = field.defaultValue;
  if (value.kind === 'boolean') return value.value ? expression : `!${expression}`;
  if (value.kind !== 'empty') return `${expression} === ${defaultText(field)}`;
  if (field.type.kind === 'struct') return `${isDefaultName(field.type.struct)}(${expression})`;
  const notNull = isEmpty(field.nullable) ? '' : `${expression} !== null && `;
  return `${notNull}${expression}.length === 0`;
}

/** An expression that is true when `expression` differs from the field's default. */
export function isNotDefault(field: Field, expression: string): string {
  const value = field.defaultValue;
  if (value.kind === 'boolean') return value.value ? `!${expression}` : expression;
  if (value.kind !== 'empty') return `${expression} !== ${defaultText(field)}`;
  if (field.type.kind === 'struct') return `!${isDefaultName(field.type.struct)}(${expression})`;
  if (isEmpty(field.nullable)) return `${expression}.length > 0`;
  return `(${expression} === null || ${expression}.length > 0)`;
}

export function defaultName(struct: Struct): string {
  return `default${struct.typeName}`;
}

export function isDefaultName(struct: Struct): string {
  return `isDefault${struct.typeName}`;
}

/**
 * The structs among `structs` for which code needs the default value: those some field holds
 * directly, not in a list.
 */
export function structsWithDefault(structs: readonly Struct[]): readonly Struct[] {
  const held = new Set<Struct>();
  for (const struct of structs) {
    for (const field of struct.fields) {
      if (field.type.kind !== 'struct' || field.defaultValue.kind !== 'empty') continue;
      const always = sameRange(field.versions, struct.versions) && field.tag === null;
      if (!always) addWithParts(held, field.type.struct);
    }
  }
  return structs.filter((struct) => held.has(struct));
}

function addWithParts(held: Set<Struct>, struct: Struct): void {
  held.add(struct);
  for (const field of struct.fields) {
    if (field.type.kind === 'struct' && field.defaultValue.kind === 'empty') {
      addWithParts(held, field.type.struct);
    }
  }
}

/** The structs of which some field that `selects` picks holds a list. */
export function listedStructs(
  structs: readonly Struct[],
  selects: (field: Field) => boolean,
): ReadonlySet<Struct> {
  const used = new Set<Struct>();
  for (const field of structs.flatMap((struct) => struct.fields)) {
    if (field.type.kind !== 'array' || field.type.element.kind !== 'struct') continue;
    if (selects(field)) used.add(field.type.element.struct);
  }
  return used;
}

export function sameRange(a: VersionRange, b: VersionRange): boolean {
  return a.low === b.low && a.high === b.high;
}

export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (found) => `\\${found}`)}'`;
}

/**
 * Whether the struct's fields go in front of a section of tagged fields, in some of its versions.
 */
export function hasTagSection(struct: Struct, flexible: VersionRange): boolean {
  return !isEmpty(flexible) && flexible.low <= struct.versions.high;
}
