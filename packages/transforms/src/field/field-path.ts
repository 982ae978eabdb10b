import { ConfigError, DataError, structGet, type Field, type Schema } from '@sluice/api';
import { memberOf, type PlainObject } from '../record/plain-object.ts';
import { requireMapOrNull, requireStructOrNull } from '../record/requirements.ts';
import { compileMemberReader, type MemberReader } from '../schema/struct-plan.ts';

/** How field names in a config are read (KIP-821). */
export type FieldSyntaxVersion = 'V1' | 'V2';

const BACKTICK = '`';
const DOT = '.';
const PURPOSE = 'nested field access';

/**
 * Where a field is: under V1 the text is one name, under V2 names joined by dots, a name with dots
 * in it between backticks. Mirrors `org.apache.kafka.connect.transforms.field.SingleFieldPath`.
 */
export class FieldPath {
  readonly text: string;
  /** At least one name. */
  readonly steps: readonly string[];
  readonly #parents: readonly string[];
  readonly #last: string;
  readonly #readLast: MemberReader;

  /** @throws ConfigError when a backtick is not closed */
  constructor(text: string, version: FieldSyntaxVersion) {
    this.text = text;
    this.steps = version === 'V1' || text === '' ? [text] : splitPath(text);
    this.#parents = this.steps.slice(0, -1);
    this.#last = this.steps.at(-1) ?? '';
    this.#readLast = compileMemberReader(this.#last);
  }

  /** The field at this place of a struct schema, or `null`. @throws DataError on a non-struct */
  fieldOf(schema: Schema): Field | null {
    let current = schema;
    for (const step of this.#parents) {
      const field = lookUp(current, step);
      if (field === null) return null;
      current = field.schema;
    }
    return lookUp(current, this.#last);
  }

  /**
   * The value at this place of a struct, or `null`. Structs on the way are read with defaults.
   *
   * @throws DataError when something on the way is no struct
   */
  valueInStruct(schema: Schema, struct: PlainObject, withDefault: boolean): unknown {
    if (this.#parents.length === 0) {
      const field = schema.field(this.#last);
      const value = field === null ? null : memberOf(struct, this.#last);
      return value ?? (withDefault ? (field?.schema.defaultValue ?? null) : null);
    }
    let current = struct;
    let currentSchema = schema;
    for (const step of this.#parents) {
      const field = currentSchema.field(step);
      if (field === null) return null;
      const value = structGet(currentSchema, current, step);
      const inner = requireStructOrNull(value, field.schema, PURPOSE);
      if (inner === null) return null;
      current = inner;
      currentSchema = field.schema;
    }
    if (currentSchema.field(this.#last) === null) return null;
    if (withDefault) return structGet(currentSchema, current, this.#last);
    return memberOf(current, this.#last);
  }

  /**
   * The value at this place of a schemaless map, or `null`.
   *
   * @throws DataError when something on the way is no map
   */
  valueInMap(map: PlainObject): unknown {
    let current = map;
    for (const step of this.#parents) {
      const inner = requireMapOrNull(memberOf(current, step), PURPOSE);
      if (inner === null) return null;
      current = inner;
    }
    return this.#readLast(current);
  }
}

function lookUp(schema: Schema, name: string): Field | null {
  if (schema.type === 'STRUCT') return schema.field(name);
  throw new DataError('Cannot look up fields on non-struct type');
}

function splitPath(text: string): readonly string[] {
  const steps: string[] = [];
  let at = 0;
  while (at < text.length) {
    const step = text[at] === BACKTICK ? quotedStep(text, at) : plainStep(text, at);
    steps.push(step.name);
    at = step.next;
  }
  if (text.endsWith(DOT)) steps.push('');
  return steps;
}

interface Step {
  readonly name: string;
  /** Where the next step begins. */
  readonly next: number;
}

function plainStep(text: string, start: number): Step {
  const dot = text.indexOf(DOT, start);
  const end = dot < 0 ? text.length : dot;
  return { name: text.slice(start, end), next: end + 1 };
}

/** A backtick closes only at the end or before a dot; a backslash takes its meaning there. */
function quotedStep(text: string, start: number): Step {
  let name = '';
  let from = start + 1;
  let at = from;
  for (;;) {
    at = text.indexOf(BACKTICK, at);
    if (at < 0) throw unclosed(text, start);
    const isEscaped = text[at - 1] === '\\';
    const isLast = at === text.length - 1;
    if (isLast && isEscaped) throw unclosed(text, start);
    if (!isLast && text[at + 1] !== DOT) {
      at += 1;
    } else if (isEscaped) {
      name += text.slice(from, at - 1) + BACKTICK;
      at += 1;
      from = at;
    } else {
      return { name: name + text.slice(from, at), next: at + 2 };
    }
  }
}

function unclosed(text: string, at: number): ConfigError {
  return new ConfigError(
    `Incomplete backtick pair in path: [${text}], ` +
      `consider adding a backslash before backtick at position ${at} to escape it`,
  );
}
