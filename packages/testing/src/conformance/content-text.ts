import { inspect } from 'node:util';

/** Everything in a value as text, so that two values can be compared and differences read. */
export function contentText(value: unknown): string {
  return inspect(value, {
    depth: null,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Number.POSITIVE_INFINITY,
    sorted: false,
  });
}
