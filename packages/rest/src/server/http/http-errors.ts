import { RestError } from '../../contract/rest-error.ts';
import type { ErrorBody } from '../../contract/wire.ts';
import type { ResourceAnswer } from '../resource.ts';

const STATUS_TEXTS: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [413, 'Request Entity Too Large'],
  [415, 'Unsupported Media Type'],
  [431, 'Request Header Fields Too Large'],
]);

/** An error that has no more to say than its status, worded as JAX-RS words it. */
export function httpError(status: number): RestError {
  return new RestError(status, statusMessage(status));
}

/** `HTTP 404 Not Found` */
function statusMessage(status: number): string {
  return `HTTP ${status} ${STATUS_TEXTS.get(status) ?? 'Error'}`;
}

/** What answers a request that failed (R1.02, R1.03): all that is no {@link RestError} is 500. */
export function asRestError(error: unknown): RestError {
  if (error instanceof RestError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RestError(500, message, { cause: error });
}

/** The error as every client knows it. */
export function errorAnswer({ status, message }: RestError): ResourceAnswer {
  const body: ErrorBody = { error_code: status, message };
  return { status, body };
}
