/**
 * An object as it is but for some of its members; methods that it does not have it does not get.
 * For objects that are watched: each call costs a little more than before.
 */
export function overriding<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (object, key) => {
      if (Object.hasOwn(members, key)) return Reflect.get(members, key);
      const member: unknown = Reflect.get(object, key, object);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => Reflect.apply(member, object, args);
    },
  });
}
