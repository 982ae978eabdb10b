/**
 * Class identity that survives two copies of this package (a plug-in may bring its own): each
 * error class carries a registered symbol, and `instanceof` looks for it along the value's classes.
 */

/** Whether `value` was made by the class of that brand, or by a subclass, in any package copy. */
export function hasBrand(value: unknown, brand: symbol): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === 'object' && prototype !== null) {
    const made: unknown = Object.hasOwn(prototype, 'constructor')
      ? Reflect.get(prototype, 'constructor')
      : undefined;
    if (ownBrand(made) === brand) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}

/** The brand that a class itself declares; an inherited one is its parent's, not its own. */
export function ownBrand(constructor: unknown): symbol | undefined {
  if (typeof constructor !== 'function' || !Object.hasOwn(constructor, 'brand')) return undefined;
  const brand: unknown = Reflect.get(constructor, 'brand');
  return typeof brand === 'symbol' ? brand : undefined;
}
