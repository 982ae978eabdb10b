import { hasMembers } from '@sluice/api';
import type { PlainObject } from '../record/plain-object.ts';
import { compileStructMaker, type Slot, type StructMaker } from './struct-plan.ts';

/** Code is made for a shape when it was seen this often: making it costs as much as 500 records. */
const COMPILE_AFTER = 500;
/** Shapes that are watched at a time. */
const SHAPES_MAX = 16;
/** Code made at most; maps whose keys are data would have it made again and again. */
const COMPILED_MAX = 64;

/** A list of keys, and how maps with just these keys are made over. */
interface Shape {
  readonly keys: readonly string[];
  seen: number;
  make: StructMaker | null;
}

/**
 * Plans for schemaless maps: most maps of a topic have the same keys in the same order, and for
 * those the same code can be made as for structs of a schema. Everything else goes its slow way.
 */
export class ShapePlans {
  readonly #slotsOf: (keys: readonly string[]) => readonly Slot[] | null;
  /** Most recently used first. */
  readonly #shapes: Shape[] = [];
  #compiled = 0;

  /** @param slotsOf how a map with these keys is made over; `null`: only the slow way will do */
  constructor(slotsOf: (keys: readonly string[]) => readonly Slot[] | null) {
    this.#slotsOf = slotsOf;
  }

  /** The code for maps like this one, `null` when there is none (yet). */
  find(map: PlainObject): StructMaker | null {
    const first = this.#shapes[0];
    const shape = first !== undefined && hasMembers(map, first.keys) ? first : this.#bringUp(map);
    if (shape.make === null && ++shape.seen === COMPILE_AFTER) this.#compile(shape);
    return shape.make;
  }

  #bringUp(map: PlainObject): Shape {
    const at = this.#shapes.findIndex(({ keys }) => hasMembers(map, keys));
    const found = at < 0 ? undefined : this.#shapes.splice(at, 1)[0];
    const shape = found ?? { keys: Object.keys(map), seen: 0, make: null };
    if (this.#shapes.length >= SHAPES_MAX) this.#shapes.pop();
    this.#shapes.unshift(shape);
    return shape;
  }

  #compile(shape: Shape): void {
    if (this.#compiled >= COMPILED_MAX) return;
    const slots = this.#slotsOf(shape.keys);
    if (slots === null) return;
    this.#compiled += 1;
    shape.make = compileStructMaker(null, slots);
  }
}

/** A member of a schemaless map, taken over. */
export function memberSlot(key: string, name: string = key, map: Slot['map'] = null): Slot {
  return { name, from: [key], argument: 0, fallback: null, isRequired: false, map };
}
