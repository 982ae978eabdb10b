/** The parts of `a:b`, as Java's `String.split` gives them: empty ones at the end don't count. */
export function parsePairs(text: string): readonly string[] {
  const parts = text.split(':');
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
