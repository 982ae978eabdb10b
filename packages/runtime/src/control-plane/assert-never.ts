/** For the end of a switch: the compiler sees that no case is missing. */
export function assertNever(value: never): never {
  throw new Error(`There is no case for ${JSON.stringify(value)}.`);
}
