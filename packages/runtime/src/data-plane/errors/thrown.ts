/** What was thrown, as an Error: plug-ins may throw anything. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`a value was thrown: ${text(thrown)}`);
}

/** The message of what was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : text(thrown);
}

function text(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null
    ? (JSON.stringify(thrown) ?? 'an object')
    : String(thrown);
}
