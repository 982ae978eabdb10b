import { setOwn } from '@sluice/api';
import { requireMapOrNull, type PlainObject } from '../record/requirements.ts';
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

/** A member of a map, `null` when there is none; never something of the prototype. */
export function memberOf(map: PlainObject, name: string): unknown {
  const member = map[name];
  if (member === undefined) return null;
  return name in Object.prototype && !Object.hasOwn(map, name) ? null : member;
}

/**
 * A copy of a schemaless map in which each leaf of the tree is replaced by what `change` makes of
 * it; fields not there are added (`change` is given null). Maps on the way that are not there, or
 * null, stay so.
 *
 * @throws DataError when something on the way is no map
 */
export function changeMap<T>(
  map: PlainObject,
  tree: FieldTree<T>,
  change: (value: unknown, leaf: T) => unknown,
): PlainObject {
  const copy = { ...map };
  for (const [name, child] of tree.children) {
    const member = memberOf(map, name);
    if (child.leaf !== undefined) setOwn(copy, name, change(member, child.leaf));
    else {
      const inner = requireMapOrNull(member, 'nested field access');
      if (inner !== null) setOwn(copy, name, changeMap(inner, child, change));
    }
  }
  return copy;
}
