/**
 * An answer other than success. Herders throw it, the server writes it as
 * `{error_code, message}` (R1.02); every other error becomes 500 (R1.03). Mirrors
 * `org.apache.kafka.connect.runtime.rest.errors.ConnectRestException`.
 */
export class RestError extends Error {
  /** The HTTP status, repeated as `error_code`. */
  readonly status: number;

  constructor(status: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RestError';
    this.status = status;
  }
}

/** 400: the request can't be carried out as it stands. */
export function badRequest(message: string): RestError {
  return new RestError(400, message);
}

/** 404: no such connector, task, plug-in or logger. */
export function notFound(message: string): RestError {
  return new RestError(404, message);
}

/** 409: it exists already, or the worker can't act now. */
export function conflict(message: string): RestError {
  return new RestError(409, message);
}
