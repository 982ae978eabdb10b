/** A value in an error text: lists as `[a, b]`, everything else by its own text. */
export function configText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(configText).join(', ')}]` : String(value);
}
