import { ERROR_CODES, ERROR_INFOS, type ErrorInfo, type ErrorName } from './gen/error-table.ts';
import { WHAT_TO_DO } from './what-to-do.ts';

const UNKNOWN_SERVER_ERROR = -1;

/**
 * The error with this code. Codes that this release does not know (a newer broker) are
 * `UNKNOWN_SERVER_ERROR`, as in Java's `Errors.forCode`; check `info.code` to tell.
 */
export function errorInfo(code: number): ErrorInfo {
  const info = ERROR_INFOS[code] ?? ERROR_INFOS[UNKNOWN_SERVER_ERROR];
  if (info === undefined) throw new Error('the error table has no UNKNOWN_SERVER_ERROR');
  return info;
}

/** Code of an error, e.g. for a broker's answer. */
export function errorCode(name: ErrorName): number {
  return ERROR_CODES[name];
}

/** Whether the same request may succeed later without a change (Java's `RetriableException`). */
export function isRetriable(code: number): boolean {
  const { kind } = errorInfo(code);
  return kind === 'RETRIABLE' || kind === 'REFRESH_RETRIABLE';
}

/** Whether metadata (or the coordinator) must be looked up again before the next attempt. */
export function needsRefresh(code: number): boolean {
  return errorInfo(code).kind === 'REFRESH_RETRIABLE';
}

/** One sentence for people: what to do about the error. Null for codes that users do not meet. */
export function whatToDo(name: ErrorName): string | null {
  return WHAT_TO_DO[name] ?? null;
}
