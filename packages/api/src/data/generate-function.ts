/**
 * A function of generated code; the one place where this happens. Worth it where a function is made
 * once per schema and run once per record: the code for ten fields takes some 10 ns where a loop
 * takes 100.
 *
 * The caller sees to it that all that gets into the code from outside is quoted as JSON.
 *
 * @returns `null` where the process forbids it (`--disallow-code-generation-from-strings`): the
 *   caller then has a loop
 */
export function generateFunction(parameter: string, body: string): unknown {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    return new Function(parameter, body);
  } catch {
    return null;
  }
}
