/**
 * Whether the same call may succeed later: Connect's RetriableError and the retriable errors of the
 * Kafka client, told by `isRetriable` so that plug-ins with their own copy of the api count too.
 */
export function isRetriableError(error: unknown): boolean {
  return error instanceof Error && 'isRetriable' in error && error.isRetriable === true;
}

/** What was thrown, as an Error: plug-ins may throw anything. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`a value was thrown: ${String(thrown)}`);
}
