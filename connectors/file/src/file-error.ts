import { ConnectError, RetriableError } from '@sluice/api';

/** Whether an error is one of the system's with this code (`ENOENT` ...). */
export function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

/** What passes by itself, or when somebody makes room: the same call may succeed later. */
const RETRIABLE_CODES: ReadonlySet<string> = new Set([
  'EAGAIN',
  'EBUSY',
  'EDQUOT',
  'EINTR',
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'ESTALE',
  'ETIMEDOUT',
]);

/** What a person can do about each of the usual errors. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'give the user that runs the worker the permission',
  EDQUOT: 'the quota is used up: make room; it is tried again until then',
  EISDIR: 'it is a folder: name a file',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENOENT: 'its folder does not exist: create it, or correct the path',
  ENOSPC: 'the disk is full: make room; it is tried again until then',
  ENOTDIR: 'a part of the path is no folder: correct the path',
  EPERM: 'give the user that runs the worker the permission',
  EROFS: 'the file system is mounted read-only',
};

/**
 * Turns an error of the file system into one of Connect's: retriable or not, with what to do.
 *
 * @param attempt - what was tried, as in `open the file /tmp/x`
 */
export function fileError(attempt: string, cause: unknown): ConnectError {
  const code = codeOf(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = code === null ? undefined : ADVICE[code];
  const message = `Could not ${attempt}: ${reason}${advice === undefined ? '' : `. ${capital(advice)}`}`;
  return code !== null && RETRIABLE_CODES.has(code)
    ? new RetriableError(message, { cause })
    : new ConnectError(message, { cause });
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
