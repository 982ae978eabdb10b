/**
 * Whether the same call may succeed later: Connect's RetriableError and the retriable errors of the
 * Kafka client, told by `isRetriable` so that plug-ins with their own copy of the api count too.
 */
export function isRetriableError(error: unknown): boolean {
  return error instanceof Error && 'isRetriable' in error && error.isRetriable === true;
}
