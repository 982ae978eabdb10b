/** A schemaless map, or a struct: a plain object. */
export type PlainObject = Readonly<Record<string, unknown>>;

/** A plain object in the making. */
export type MutableObject = Record<string, unknown>;

/** Sets an own member whatever its name is; much faster than `Reflect.set`. */
export function setMember(object: MutableObject, name: string, value: unknown): void {
  if (name !== '__proto__') {
    object[name] = value;
    return;
  }
  const property = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(object, name, property);
}

/** An own member, `null` when there is none; never something of the prototype. */
export function memberOf(object: PlainObject, name: string): unknown {
  const member = object[name];
  if (member === undefined) return null;
  return name in Object.prototype && !Object.hasOwn(object, name) ? null : member;
}
