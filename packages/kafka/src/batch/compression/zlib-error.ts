/** Whether Node's zlib gave up because `maxOutputLength` was reached. */
export function isOutputTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
