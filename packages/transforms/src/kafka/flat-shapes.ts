import { hasMembers } from '@sluice/api';
import { memberOf, type PlainObject } from '../record/plain-object.ts';
import { isObjectValue } from '../record/requirements.ts';
import { compileStructMaker, type Slot, type StructMaker } from '../schema/struct-plan.ts';

/** Code is made for a shape when so many maps in a row had it: making it costs as much as 500. */
const COMPILE_AFTER = 500;
/** Code made at most; maps whose keys are data would have it made again and again. */
const COMPILED_MAX = 16;

/** The keys of a map and of the maps in it. */
interface NestedShape {
  readonly keys: readonly string[];
  readonly inner: readonly (readonly [string, NestedShape])[];
}

/** How the maps of one shape become flat. */
interface FlatPlan {
  readonly shape: NestedShape;
  readonly make: StructMaker;
}

/**
 * Code that flattens maps of the shape that most maps of a topic have: the long names are put
 * together once, and what is made has one shape too. Everything else goes its slow way.
 */
export class FlatShapes {
  readonly #join: (prefix: string, name: string) => string;
  readonly #check: (member: unknown) => void;
  #shape: NestedShape | null = null;
  #seen = 0;
  #compiled = 0;
  #plan: FlatPlan | null = null;
  /** A member that was no map when the code was made is one now. */
  #hasNewMap = false;

  /**
   * @param join makes a flat name
   * @param check throws for a member that must not stand there
   */
  constructor(join: (prefix: string, name: string) => string, check: (member: unknown) => void) {
    this.#join = join;
    this.#check = check;
  }

  /** The map made flat, or `null` when it is not of the usual shape (yet). */
  flatten(map: PlainObject): PlainObject | null {
    const plan = this.#plan;
    if (plan === null || !hasShape(map, plan.shape)) return this.#watch(map);
    const made = plan.make(map);
    if (!this.#hasNewMap) return made;
    this.#hasNewMap = false;
    return null;
  }

  #watch(map: PlainObject): null {
    if (this.#compiled >= COMPILED_MAX) return null;
    if (this.#shape === null || !hasShape(map, this.#shape)) {
      this.#shape = shapeOf(map);
      this.#seen = 0;
    }
    this.#seen += 1;
    if (this.#seen < COMPILE_AFTER) return null;
    this.#compiled += 1;
    const slots = this.#slotsOf(this.#shape, '', []);
    this.#plan = { shape: this.#shape, make: compileStructMaker(null, slots) };
    this.#shape = null;
    return null;
  }

  #slotsOf(shape: NestedShape, prefix: string, path: readonly string[]): readonly Slot[] {
    const inner = new Map(shape.inner);
    return shape.keys.flatMap((key) => {
      const nested = inner.get(key);
      const name = this.#join(prefix, key);
      const from = [...path, key];
      if (nested !== undefined) return this.#slotsOf(nested, name, from);
      const map = (member: unknown): unknown => this.#leaf(member);
      return [{ name, from, argument: 0, fallback: null, isRequired: false, map }];
    });
  }

  #leaf(member: unknown): unknown {
    if (typeof member !== 'object' || member === null) return member;
    if (isObjectValue(member)) this.#hasNewMap = true;
    else this.#check(member);
    return member;
  }
}

function shapeOf(map: PlainObject): NestedShape {
  const keys = Object.keys(map);
  const inner = keys.flatMap((key) => {
    const member = memberOf(map, key);
    return isObjectValue(member) ? [[key, shapeOf(member)] as const] : [];
  });
  return { keys, inner };
}

function hasShape(map: PlainObject, shape: NestedShape): boolean {
  if (!hasMembers(map, shape.keys)) return false;
  for (const [key, nested] of shape.inner) {
    const member = memberOf(map, key);
    if (!isObjectValue(member) || !hasShape(member, nested)) return false;
  }
  return true;
}
