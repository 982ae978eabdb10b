import { DataError, generateFunction, getOwn, setOwn, type Field, type Schema } from '@sluice/api';
import { isObjectValue, type PlainObject } from '../record/requirements.ts';

/** How many values a plan can be given beside the struct it reads. */
const ARGUMENTS_MAX = 5;
/** Objects with more members than this are slow as literals; a loop makes them. */
const LITERAL_MEMBERS_MAX = 500;

/** Changes a member on its way. Null is passed as null; the plan's arguments follow the value. */
export type MemberMap = (value: unknown, ...args: readonly unknown[]) => unknown;

/** Where one member of the struct to be made comes from. */
export interface Slot {
  /** Its name in the struct to be made. */
  readonly name: string;
  /** The names that lead to it in the struct read; `null` when it is an argument. */
  readonly from: readonly string[] | null;
  /** Which argument. */
  readonly argument: number;
  /** Stands in for null. */
  readonly fallback: unknown;
  /** Null, with no fallback, is an error. */
  readonly isRequired: boolean;
  readonly map: MemberMap | null;
}

/** Makes a struct from another one. */
export type StructMaker = (source: PlainObject, ...args: readonly unknown[]) => PlainObject;

/**
 * A member taken over from a struct.
 *
 * @param withDefault whether null is replaced by the field's default (`replace.null.with.default`)
 */
export function copySlot(
  field: Field,
  withDefault: boolean,
  name: string = field.name,
  map: MemberMap | null = null,
): Slot {
  const { defaultValue, isOptional } = field.schema;
  const fallback = withDefault ? (defaultValue ?? null) : null;
  const isRequired = !isOptional && fallback === null;
  return { name, from: [field.name], argument: 0, fallback, isRequired, map };
}

/** A member that is given to the plan as an argument, as it is. */
export function argumentSlot(name: string, argument: number): Slot {
  return { name, from: null, argument, fallback: null, isRequired: false, map: null };
}

/**
 * Code that makes a struct from another one, in the order of the slots: all of its structs share
 * one shape, and nothing is looked up while records flow. Where the process forbids code from
 * strings (`--disallow-code-generation-from-strings`), a loop does the same more slowly.
 *
 * @param schema of the structs to be made; `null` for maps
 */
export function compileStructMaker(schema: Schema | null, slots: readonly Slot[]): StructMaker {
  const missing = (index: number): never => {
    const name = slots[index]?.name ?? '';
    throw nullForRequired(schema?.field(name) ?? null, name);
  };
  if (slots.length > LITERAL_MEMBERS_MAX) return loopMaker(slots, missing);
  try {
    return literalMaker(slots, missing);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return loopMaker(slots, missing);
  }
}

/** Reads one member of a struct or map. */
export type MemberReader = (source: PlainObject) => unknown;

/**
 * Reads a member, `fallback` where it is null or not there; never something of the prototype. Code
 * of its own for each name: one place that reads all names is looked up anew each time (20 ns).
 */
export function compileMemberReader(name: string, fallback: unknown = null): MemberReader {
  const code = `return (s) => ${readCode('s', name, 0)} ?? fallback;`;
  const make = generateFunction('{own,fallback}', code) as ((given: object) => MemberReader) | null;
  if (make !== null) return make({ own: getOwn, fallback });
  return (source) => getOwn(source, name) ?? fallback;
}

type Missing = (index: number) => never;

const ARGUMENTS = Array.from({ length: ARGUMENTS_MAX }, (_, index) => `a${index}`).join(',');

/** One object literal. Names get into the code only as JSON strings, values never do. */
function literalMaker(slots: readonly Slot[], missing: Missing): StructMaker {
  const members = slots.map((slot, index) => `${memberKey(slot.name)}:${memberCode(slot, index)}`);
  const body = `return (s,${ARGUMENTS}) => ({${members.join(',')}});`;
  const outer = slots.flatMap((_, index) => [`d${index}`, `m${index}`]);
  const values = slots.flatMap((slot) => [slot.fallback, slot.map]);
  // The code holds names only, each as a JSON string; it is why a struct costs 10 ns, not 200.
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function('own', 'missing', ...outer, body);
  return make(getOwn, missing, ...values) as StructMaker;
}

/** In a literal `"__proto__": x` would set the prototype; in brackets it is a name like any. */
function memberKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

function memberCode(slot: Slot, index: number): string {
  if (slot.from === null) return `a${slot.argument}`;
  const orElse = slot.isRequired ? `missing(${index})` : fallbackCode(slot, index);
  const value = `${slot.from.reduce(readCode, 's')} ?? ${orElse}`;
  return slot.map === null ? value : `m${index}(${value},${ARGUMENTS})`;
}

function readCode(object: string, name: string, depth: number): string {
  const key = JSON.stringify(name);
  // `s["constructor"]` may find what every object inherits.
  if (name in Object.prototype) return `own(${object}??{},${key})`;
  return depth === 0 ? `${object}[${key}]` : `${object}?.[${key}]`;
}

function fallbackCode(slot: Slot, index: number): string {
  return slot.fallback === null ? 'null' : `d${index}`;
}

function loopMaker(slots: readonly Slot[], missing: Missing): StructMaker {
  return (source, ...args) => {
    const made = {};
    for (const [index, slot] of slots.entries()) {
      setOwn(made, slot.name, memberOf(slot, index, source, args, missing));
    }
    return made;
  };
}

function memberOf(
  slot: Slot,
  index: number,
  source: PlainObject,
  args: readonly unknown[],
  missing: Missing,
): unknown {
  if (slot.from === null) return args[slot.argument];
  let found: unknown = source;
  for (const name of slot.from) found = isObjectValue(found) ? getOwn(found, name) : null;
  const value = found ?? (slot.isRequired ? missing(index) : slot.fallback);
  return slot.map === null ? value : slot.map(value, ...args);
}

/** What Java says when a struct's required field is set to null. */
function nullForRequired(field: Field | null, name: string): DataError {
  return new DataError(
    `Invalid value: null used for required field: "${name}", ` +
      `schema type: ${field?.schema.type ?? 'unknown'}`,
  );
}
