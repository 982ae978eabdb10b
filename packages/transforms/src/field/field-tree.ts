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

/** What becomes of a member; null stands for one that is not there. */
export type MemberChange = (member: unknown) => unknown;

/**
 * A copy of a schemaless map in which each leaf of the tree is replaced by what its change makes of
 * it; fields not there are added (the change is given null). Maps on the way that are not there, or
 * null, stay so.
 *
 * @throws DataError when something on the way is no map
 */
function changeMap(map: PlainObject, tree: FieldTree<MemberChange>): PlainObject {
  const copy: Record<string, unknown> = { ...map };
  for (const [name, child] of tree.children) {
    const member = memberOf(map, name);
    if (child.leaf !== undefined) setMember(copy, name, child.leaf(member));
    else {
      const inner = requireMapOrNull(member, 'nested field access');
      if (inner !== null) setMember(copy, name, changeMap(inner, child));
    }
  }
  return copy;
}

/** What is done with each leaf, worked out once for all records. */
function withLeaves<T>(
  tree: FieldTree<T>,
  changeOf: (leaf: T) => MemberChange,
): FieldTree<MemberChange> {
  const children = Array.from(tree.children, ([name, child]) => {
    return [name, withLeaves(child, changeOf)] as const;
  });
  const leaf = tree.leaf === undefined ? undefined : changeOf(tree.leaf);
  return { leaf, children: new Map(children) };
}

/**
 * As {@link changeMap}, made for a stream of maps that mostly have the same keys.
 */
export class MapChanger<T> {
  readonly #tree: FieldTree<MemberChange>;
  readonly #plans = new ShapePlans((keys) => this.#slotsOf(keys));

  /** @param changeOf what is done with the members of a leaf; asked once per leaf */
  constructor(tree: FieldTree<T>, changeOf: (leaf: T) => MemberChange) {
    this.#tree = withLeaves(tree, changeOf);
  }

  change(map: PlainObject): PlainObject {
    const make = this.#plans.find(map);
    return make === null ? changeMap(map, this.#tree) : make(map);
  }

  /** Fields that are not there are added behind those that are. */
  #slotsOf(keys: readonly string[]): readonly Slot[] {
    const present = new Set(keys);
    const added = [...this.#tree.children]
      .filter(([name, child]) => !present.has(name) && child.leaf !== undefined)
      .map(([name]) => name);
    return [...keys, ...added].map((key) => {
      const child = this.#tree.children.get(key);
      return child === undefined ? memberSlot(key) : memberSlot(key, key, memberMap(child));
    });
  }
}

function memberMap(child: FieldTree<MemberChange>): MemberChange {
  if (child.leaf !== undefined) return child.leaf;
  return (value) => {
    const inner = requireMapOrNull(value, 'nested field access');
    return inner === null ? null : changeMap(inner, child);
  };
}
