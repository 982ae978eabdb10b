import { memberOf, setMember, type PlainObject } from '../record/plain-object.ts';
import { requireMapOrNull } from '../record/requirements.ts';
import { ShapePlans, memberSlot } from '../schema/shape-plans.ts';
import type { Slot } from '../schema/struct-plan.ts';
import type { FieldPath } from './field-path.ts';

/** Fields to do something with, as a tree: one branch per name on the way to them. */
export interface FieldTree<T> {
  /** What to do with this field itself; `undefined` when it only leads to others. */
  readonly leaf: T | undefined;
  readonly children: ReadonlyMap<string, FieldTree<T>>;
}

interface MutableTree<T> {
  leaf: T | undefined;
  readonly children: Map<string, MutableTree<T>>;
}

/** A tree of these paths; what is said last about a path counts. */
export function fieldTree<T>(entries: Iterable<readonly [FieldPath, T]>): FieldTree<T> {
  const root: MutableTree<T> = { leaf: undefined, children: new Map() };
  for (const [path, leaf] of entries) {
    let node = root;
    for (const step of path.steps) node = childOf(node, step);
    node.leaf = leaf;
  }
  return root;
}

function childOf<T>(node: MutableTree<T>, name: string): MutableTree<T> {
  const present = node.children.get(name);
  if (present !== undefined) return present;
  const made: MutableTree<T> = { leaf: undefined, children: new Map() };
  node.children.set(name, made);
  return made;
}

/**
 * A copy of a schemaless map in which each leaf of the tree is replaced by what `change` makes of
 * it; fields not there are added (`change` is given null). Maps on the way that are not there, or
 * null, stay so.
 *
 * @throws DataError when something on the way is no map
 */
function changeMap<T>(
  map: PlainObject,
  tree: FieldTree<T>,
  change: (value: unknown, leaf: T) => unknown,
): PlainObject {
  const copy: Record<string, unknown> = { ...map };
  for (const [name, child] of tree.children) {
    const member = memberOf(map, name);
    if (child.leaf !== undefined) setMember(copy, name, change(member, child.leaf));
    else {
      const inner = requireMapOrNull(member, 'nested field access');
      if (inner !== null) setMember(copy, name, changeMap(inner, child, change));
    }
  }
  return copy;
}

/**
 * As {@link changeMap}, made for a stream of maps that mostly have the same keys.
 */
export class MapChanger<T> {
  readonly #tree: FieldTree<T>;
  readonly #change: (value: unknown, leaf: T) => unknown;
  readonly #plans = new ShapePlans((keys) => this.#slotsOf(keys));

  constructor(tree: FieldTree<T>, change: (value: unknown, leaf: T) => unknown) {
    this.#tree = tree;
    this.#change = change;
  }

  change(map: PlainObject): PlainObject {
    const make = this.#plans.find(map);
    return make === null ? changeMap(map, this.#tree, this.#change) : make(map);
  }

  /** Fields that are not there are added behind those that are. */
  #slotsOf(keys: readonly string[]): readonly Slot[] {
    const present = new Set(keys);
    const added = [...this.#tree.children]
      .filter(([name, child]) => !present.has(name) && child.leaf !== undefined)
      .map(([name]) => name);
    return [...keys, ...added].map((key) => {
      const child = this.#tree.children.get(key);
      return child === undefined ? memberSlot(key) : memberSlot(key, key, this.#memberMap(child));
    });
  }

  #memberMap(child: FieldTree<T>): (value: unknown) => unknown {
    const { leaf } = child;
    if (leaf !== undefined) return (value) => this.#change(value, leaf);
    return (value) => {
      const inner = requireMapOrNull(value, 'nested field access');
      return inner === null ? null : changeMap(inner, child, this.#change);
    };
  }
}
