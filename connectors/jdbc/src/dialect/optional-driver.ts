import { ConnectError } from '@sluice/api';

/**
 * Loads a driver that is an optional dependency.
 *
 * @throws ConnectError that says how to install it
 */
export async function optionalDriver(name: string, database: string): Promise<object> {
  try {
    const module: unknown = await import(name);
    const main: unknown = Reflect.get(Object(module), 'default');
    return Object(main ?? module);
  } catch (cause) {
    throw new ConnectError(
      `The driver for ${database} is not installed. Install it beside the connector: npm install ${name}.`,
      { cause },
    );
  }
}

/** Calls a method of a driver's object, which has no types here. */
export function callMethod(object: object, name: string, ...args: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(object, name);
  if (typeof method !== 'function') throw new TypeError(`the driver has no method ${name}`);
  return Reflect.apply(method, object, args);
}
